"""Events by iteration, batches, callbacks and asyncio; options, errors, cursors, stores."""
import asyncio
import datetime
import itertools
import json
import os
import pathlib
import pickle
import tempfile
import unittest
import unittest.mock

import support
import awslogsrc
from awslogsrc import errors

EVENTS = 500
END = datetime.datetime.now(datetime.timezone.utc)


class MemoryOfTheHost(awslogsrc.Store):
    def __init__(self):
        self.kept, self.writes, self.failures = {}, 0, []

    def load(self, key):
        if self.failures:
            raise self.failures.pop()
        return self.kept.get(key)

    def write(self, key, data, snapshot):
        self.writes += 1
        self.kept[key] = data if snapshot else self.kept[key] + data


class Reading(support.SimulatedCase):
    EVENTS = EVENTS

    def ids(self, **options):
        with self.source(**options) as source:
            return [event.event_id for event in source]

    # ---- ways to take events ----

    def test_iteration__every_event_once(self):
        ids = self.ids()
        self.assertEqual((len(ids), len(set(ids))), (EVENTS, EVENTS))

    def test_event__says_all_it_has(self):
        with self.source() as source:
            event = next(iter(source))
            self.assertEqual((event.region, event.log_group, event.identifier),
                             (support.REGION, support.GROUP, support.GROUP))
            self.assertEqual(event.message.encode(), event.message_bytes)
            self.assertEqual(event.payload, "{LogStreamName: %s,Timestamp: %d,Message: %s,IngestionTime: %d,"
                             "EventId: %s}" % (event.log_stream, event.timestamp_ms, event.message,
                                               event.ingestion_time_ms, event.event_id))
            self.assertEqual(event.timestamp.timestamp(), event.timestamp_ms / 1000)
            self.assertEqual(event.timestamp.utcoffset(), datetime.timedelta(0))
            self.assertGreaterEqual(event.ingestion_time, event.timestamp)
            self.assertFalse(event.replaced_text)
            self.assertEqual(json.loads(json.dumps(event.as_dict()))["event_id"], event.event_id)
            self.assertIn(event.event_id, repr(event))

    def test_batches__are_sequences(self):
        with self.source() as source:
            batch = next(iter(source.batches()))
            self.assertEqual(batch[-1].event_id, batch[len(batch) - 1].event_id)
            self.assertEqual([event.event_id for event in batch[:2]],
                             [event.event_id for event in list(batch)[:2]])
            with self.assertRaises(IndexError):
                batch[len(batch)]

    def test_batches__find_count_and_reverse_their_events(self):
        with self.source() as source:
            batches = iter(source.batches())
            batch, other = next(batches), next(batches)
            last = len(batch) - 1
            self.assertEqual((batch.index(batch[last]), batch.count(batch[0])), (last, 1))
            self.assertEqual(list(reversed(batch)), [batch[i] for i in range(last, -1, -1)])
            self.assertNotIn(other[0], batch)
            self.assertNotIn("text", batch)
            self.assertEqual(batch.count(other[0]), 0)
            with self.assertRaises(ValueError):
                batch.index(other[0])

    def test_events__are_equal_where_they_are_the_same(self):
        with self.source() as source:
            batch = max(source.batches(), key=len)
            self.assertEqual(batch[0], batch[0])
            self.assertNotEqual(batch[0], batch[1])
            self.assertNotEqual(batch[0], "text")
            self.assertEqual(len({*batch, *batch}), len(batch))

    def test_batches__are_acknowledged_when_the_next_is_asked_for(self):
        with self.source() as source:
            kept = list(source.batches())
            self.assertTrue(all(batch.answered for batch in kept))
            self.assertEqual(sum(map(len, kept)), EVENTS)

    def test_break__goes_on_behind_the_last_event(self):
        with self.source() as source:
            seen = []
            for event in source:
                seen.append(event.event_id)
                if len(seen) == 7:
                    break
            seen += [event.event_id for event in source]
        self.assertEqual((len(seen), len(set(seen))), (EVENTS, EVENTS))

    def test_nack__comes_again(self):
        with self.source() as source:
            batches = iter(source.batches())
            first = next(batches)
            ids = {event.event_id for event in first}
            first.nack()
            again = [event.event_id for batch in batches for event in batch]
        self.assertLessEqual(ids, set(again))
        self.assertEqual(len(again), EVENTS)

    def test_answered_twice__is_an_error(self):
        with self.source() as source:
            batch = next(iter(source.batches()))
            batch.ack()
            with self.assertRaises(errors.StateError):
                batch.ack()

    def test_on_event__every_event_once(self):
        seen = []
        with self.source(on_event=lambda event: seen.append(event.event_id)) as source:
            source.run()
        self.assertEqual((len(seen), len(set(seen))), (EVENTS, EVENTS))

    def test_on_batch__hold__is_answered_later(self):
        held = []

        def keep(batch):
            held.append(batch)
            return awslogsrc.HOLD
        with self.source(on_batch=keep) as source:
            source.start()
            while not held:
                source.context.poll(1)
            self.assertFalse(held[0].answered)
            self.assertTrue(source.running)
            while source.running:
                while held:
                    held.pop().ack()
                source.context.poll(1)

    def test_on_batch__returns_a_number__is_done_all_the_same(self):
        seen = []

        def write(batch):
            seen.extend(event.event_id for event in batch)
            return 1  # as the row count of a cursor, or the size that was written
        with self.source(on_batch=write) as source:
            source.run()
        self.assertEqual((len(seen), len(set(seen))), (EVENTS, EVENTS))

    def test_on_batch__iteration_is_refused(self):
        with self.source(on_batch=print) as source:
            with self.assertRaisesRegex(errors.StateError, "callback"):
                next(iter(source))

    def test_loop__begun_while_another_has_the_source__takes_it_over(self):
        with self.source() as source:
            older, newer = iter(source.batches()), iter(source.batches())
            with self.assertRaisesRegex(errors.StateError, "another loop"):
                next(older)
            first = next(newer)
            newest = iter(source.batches())
            self.assertIs(next(newest), first)
            with self.assertRaisesRegex(errors.StateError, "another loop"):
                next(newer)
            self.assertFalse(first.answered)
            self.assertEqual(len(first) + sum(map(len, newest)), EVENTS)

    def test_on_status__hears_every_state(self):
        heard = []
        with self.source(on_status=heard.append) as source:
            list(source)
        self.assertEqual(heard[-1].state, awslogsrc.State.DONE)
        self.assertEqual(source.regions[support.REGION].state, awslogsrc.State.DONE)

    def test_async_for__every_event_once(self):
        async def collect():
            with self.source() as source:
                return [event.event_id async for event in source]
        ids = asyncio.run(collect())
        self.assertEqual((len(ids), len(set(ids))), (EVENTS, EVENTS))

    def test_async_for__two_sources_of_a_context_beside_other_tasks(self):
        async def collect():
            context, ticks, stop = awslogsrc.Context(), 0, False

            async def tick():
                nonlocal ticks
                while not stop:
                    ticks += 1
                    await asyncio.sleep(0)

            async def read():
                with self.source(context=context) as source:
                    return len([event async for event in source])
            ticker = asyncio.ensure_future(tick())
            counts = await asyncio.gather(read(), read())
            stop = True
            await ticker
            return counts, ticks
        counts, ticks = asyncio.run(collect())
        self.assertEqual(counts, [EVENTS, EVENTS])
        self.assertGreater(ticks, 5)

    def test_async_for__cancelled__goes_on_later(self):
        async def collect():
            with self.source(once=False) as source:
                seen = []

                async def read():
                    async for event in source:
                        seen.append(event.event_id)
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(read(), 2)
                return seen
        seen = asyncio.run(collect())
        self.assertEqual((len(seen), len(set(seen))), (EVENTS, EVENTS))

    def test_async_for__a_wait_that_times_out__does_not_end_it(self):
        async def collect():
            with self.source() as source:
                events = source.__aiter__()
                source.pause()
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(events.__anext__(), 0.05)
                source.resume()
                return [event.event_id async for event in events]
        self.assertEqual(len(set(asyncio.run(collect()))), EVENTS)

    # ---- options ----

    def test_options__take_values_of_python(self):
        ids = self.ids(regions=(support.REGION,), start_time=END - datetime.timedelta(hours=24),
                       poll_interval=datetime.timedelta(seconds=5), once=True, eps_throttle=None)
        self.assertEqual(len(ids), EVENTS)

    def test_options__unknown__suggests_the_nearest(self):
        with self.assertRaisesRegex(errors.OptionUnknownError, "log_group"):
            self.source(log_grup="x")

    def test_options__naive_datetime__is_refused(self):
        with self.assertRaisesRegex(ValueError, "time zone"):
            self.source(start_time=datetime.datetime(2026, 1, 1))

    def test_options__of_a_wrong_type__are_refused(self):
        for value in b"key", bytearray(b"key"), {"a"}, {"a": "b"}, object():
            with self.subTest(value=value):
                with self.assertRaisesRegex(TypeError, "secret_key takes no " + type(value).__name__):
                    self.source(secret_key=value)
        with self.assertRaisesRegex(TypeError, "log_source_identifier_pattern"):
            self.source(log_source_identifier_pattern=b"a=b")

    def test_options__path_that_is_no_utf_8__is_taken(self):
        with tempfile.TemporaryDirectory(suffix=os.fsdecode(b"\xff")) as folder:
            self.assertEqual(len(self.ids(state_dir=pathlib.Path(folder))), EVENTS)
            self.assertEqual(self.ids(state_dir=folder), [])

    def test_text__with_a_nul__is_refused(self):
        source = self.source()
        for name, make in {
                "log_stream_prefix": lambda: self.source(log_stream_prefix="a\0b"),
                "state_dir": lambda: self.source(state_dir=pathlib.Path("a\0b")),
                "name of an option": lambda: self.source(**{"once\0": "false"}),
                "file": lambda: self.source(file="a\0b"),
                "section": lambda: self.source(file="a", section="a\0b"),
                "path": lambda: awslogsrc.FileStore("a\0b"),
                "region": lambda: source.cursor(support.REGION + "\0"),
                "format": lambda: awslogsrc.Encoder("json\0"),
                "name of a setting": lambda: awslogsrc.Encoder(**{"format\0": "json"})}.items():
            with self.subTest(name=name):
                with self.assertRaisesRegex(ValueError, name + " has a NUL in it"):
                    make()

    def test_options__missing__names_each(self):
        with self.assertRaises(errors.OptionMissingError) as caught:
            awslogsrc.Source(access_key="a", secret_key="b")
        self.assertIn("log_group", str(caught.exception))
        self.assertIn("regions", str(caught.exception))

    def test_options__of_a_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".ini") as file:
            file.write("[source trail]\nlog_group = %s\nregions = %s\n" % (support.GROUP, support.REGION))
            file.flush()
            options = self.simulator.options(once=True)
            del options["log_group"], options["regions"]
            with awslogsrc.Source(file=file.name, section="trail", **options) as source:
                self.assertEqual(len(list(source)), EVENTS)

    def test_options__table__has_types_and_help(self):
        table = {option.name: option for option in awslogsrc.options()}
        self.assertTrue(table["log_group"].required)
        self.assertTrue(table["secret_key"].secret)
        self.assertEqual(table["poll_interval"].default, "10s")
        self.assertTrue(all(option.help for option in table.values()))

    # ---- errors ----

    def test_error__final__is_raised_with_all_details(self):
        with self.source(secret_key="wrong") as source:
            with self.assertRaises(errors.CredentialsRejectedError) as caught:
                list(source)
        error = caught.exception
        self.assertIsInstance(error, awslogsrc.Error)
        self.assertIsInstance(error, errors.CredentialsError)
        self.assertEqual((error.name, error.code, error.region), ("CREDENTIALS_REJECTED", -31, support.REGION))
        self.assertEqual(error.http_status, 400)
        self.assertTrue(error.request_id)
        self.assertTrue(error.aws_code)
        self.assertFalse(error.retryable)
        again = pickle.loads(pickle.dumps(error))
        self.assertEqual((type(again), again.__dict__), (type(error), error.__dict__))

    def test_error__final__keeps_no_frames_alive(self):
        with self.source(secret_key="wrong") as source:
            try:
                list(source)
            except errors.CredentialsRejectedError:
                pass
            self.assertIsNone(source.regions[support.REGION].error.__traceback__)

    def test_error__while_following__is_logged_and_told(self):
        with self.source(secret_key="wrong", once=False) as source:
            source.start()
            with self.assertLogs("awslogsrc", "WARNING") as logged:
                while source.regions.get(support.REGION, (0, 0, None))[2] is None:
                    source.context.poll(1)
        self.assertIn(support.REGION, logged.output[0])

    def test_errors__table_and_exceptions_agree(self):
        self.assertIs(errors.BY_CODE[-33], errors.AccessDeniedError)
        self.assertTrue(issubclass(errors.TlsError, errors.NetworkError))
        self.assertIs(errors.BY_CODE[-25], errors.NetworkError)

    # ---- positions ----

    def test_cursor__another_source_goes_on(self):
        with self.source() as source:
            list(source)
            cursor = source.cursor(support.REGION)
            self.assertEqual(source.stats["regions"][0]["position_ms"], cursor.position_ms)
        copy = awslogsrc.Cursor.from_text(str(cursor))
        self.assertEqual(copy, cursor)
        self.assertEqual(pickle.loads(pickle.dumps(cursor)), cursor)
        self.assertEqual(self.ids(cursors=(copy,)), [])

    def test_cursor__of_a_batch__is_behind_it(self):
        with self.source() as source:
            batches = iter(source.batches())
            batch = next(batches)
            seen, cursor = [event.event_id for event in batch], batch.cursor()
        rest = self.ids(cursors=(cursor,))
        self.assertEqual(len(set(seen + rest)), EVENTS)
        self.assertEqual(len(seen + rest), EVENTS)

    def test_cursor__damaged__is_refused(self):
        with self.assertRaises(errors.CursorDamagedError):
            awslogsrc.Cursor.from_text("awslogsrc-cursor 1.0\nnothing")

    def test_store__memory__goes_on(self):
        store = awslogsrc.MemoryStore()
        self.assertEqual(len(self.ids(store=store)), EVENTS)
        self.assertEqual(self.ids(store=store), [])

    def test_store__files__go_on(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(len(self.ids(store=awslogsrc.FileStore(folder))), EVENTS)
            self.assertEqual(self.ids(state_dir=folder), [])

    def test_store__of_the_host__goes_on(self):
        store = MemoryOfTheHost()
        self.assertEqual(len(self.ids(store=store)), EVENTS)
        self.assertEqual(list(store.kept), ["default/" + support.REGION])
        self.assertEqual(self.ids(store=store), [])

    def test_store__error_of_the_host__is_tried_again(self):
        store = MemoryOfTheHost()
        store.failures = [errors.StoreError(-44, "STORE", "the database is away")]
        heard = []
        self.assertEqual(len(self.ids(store=store, on_status=heard.append)), EVENTS)
        self.assertIn("StoreError", [type(status.error).__name__ for status in heard])

    def test_store__exception__travels_and_nothing_is_lost(self):
        store = MemoryOfTheHost()
        store.failures = [ZeroDivisionError("a bug")]
        with self.source(store=store) as source:
            with self.assertRaisesRegex(ZeroDivisionError, "a bug"):
                list(source)
            self.assertEqual(len(list(source)), EVENTS)

    def test_store__text_for_bytes__is_told_and_nothing_is_lost(self):
        store = MemoryOfTheHost()
        store.kept["default/" + support.REGION] = "text"
        with self.source(store=store) as source:
            with self.assertRaises(TypeError):
                list(source)
            del store.kept["default/" + support.REGION]
            self.assertEqual(len(list(source)), EVENTS)

    def close_after_an_exception(self, store, **options):
        """In a callback, in the second of the batches; returns what was not done."""
        seen, calls = {}, []

        def hear(event):
            calls.append(event.event_id)
            seen.setdefault(id(event.batch), []).append(event)
            if len(seen) > 1:
                raise KeyError("call %d" % len(calls))
        source = self.source(store=store, on_event=hear, **options)
        with self.assertRaises(KeyError) as caught:
            with source:
                source.run()
        self.assertEqual(caught.exception.args, ("call %d" % len(calls),))
        self.assertIsNone(caught.exception.__context__)
        self.assertIsNone(source._handle)
        return EVENTS - len(calls) + 1

    def test_close__after_an_exception__tells_nothing_and_keeps_the_position(self):
        for store in awslogsrc.MemoryStore(), MemoryOfTheHost():
            with self.subTest(store=type(store).__name__):
                left = self.close_after_an_exception(store)
                self.assertLess(left, EVENTS)
                self.assertEqual(len(self.ids(store=store)), left)

    def test_close__the_store_raises__closes_all_the_same(self):
        store = MemoryOfTheHost()
        store.write = unittest.mock.Mock(side_effect=ZeroDivisionError("a bug"))
        source = self.source(store=store)
        next(iter(source.batches())).ack()
        with self.assertRaisesRegex(ZeroDivisionError, "a bug"):
            source.close()
        self.assertIsNone(source._handle)

    def test_close__leaves_the_callbacks_of_other_sources_alone(self):
        def fail(batch):
            raise ValueError("a bug")
        with self.source(on_batch=fail) as other:
            other.start()
            source = self.source(context=other.context, store=MemoryOfTheHost())
            with self.assertRaises(ValueError):
                list(source)
            source.close()

    # ---- keys ----

    def without_keys(self, **options):
        everything = self.simulator.options(**options)
        del everything["access_key"], everything["secret_key"]
        return awslogsrc.Source(**everything)

    def read_all(self, source):
        """Of one that follows."""
        return len(list(itertools.islice(source, EVENTS)))

    def test_credentials__of_the_host__sign(self):
        asked = []

        def fetch():
            asked.append(1)
            return awslogsrc.Keys(support.ACCESS_KEY, support.SECRET_KEY,
                                  expires_at=END + datetime.timedelta(hours=1))
        with self.without_keys(credentials=fetch) as source:
            self.assertEqual(self.read_all(source), EVENTS)
        self.assertEqual(len(asked), 1)

    def test_credentials__error__is_asked_again(self):
        failures = [errors.NoCredentialsError(-30, "NO_CREDENTIALS", "the vault is sealed")]

        def fetch():
            if failures:
                raise failures.pop()
            return awslogsrc.Keys(support.ACCESS_KEY, support.SECRET_KEY)
        heard = []
        with self.without_keys(credentials=fetch, on_status=heard.append) as source:
            self.assertEqual(self.read_all(source), EVENTS)
        self.assertIn("the vault is sealed", " ".join(str(status.error) for status in heard))

    def test_credentials__exception__travels_and_the_source_goes_on(self):
        failures = [ZeroDivisionError("a bug")]

        def fetch():
            if failures:
                raise failures.pop()
            return awslogsrc.Keys(support.ACCESS_KEY, support.SECRET_KEY)
        with self.without_keys(credentials=fetch) as source:
            with self.assertRaisesRegex(ZeroDivisionError, "a bug"):
                self.read_all(source)
            self.assertEqual(self.read_all(source), EVENTS)

    def test_credentials__keys_that_are_none__are_told_and_asked_for_again(self):
        given = [awslogsrc.Keys(support.ACCESS_KEY, support.SECRET_KEY), awslogsrc.Keys(None, None)]
        with self.without_keys(credentials=given.pop) as source:
            with self.assertRaisesRegex(TypeError, "access_key is a str, not NoneType"):
                self.read_all(source)
            self.assertEqual(self.read_all(source), EVENTS)

    def test_credentials__none_with_once__is_final(self):
        def fetch():
            raise errors.NoCredentialsError(-30, "NO_CREDENTIALS", "the vault is sealed")
        with self.without_keys(credentials=fetch, once=True) as source:
            with self.assertRaisesRegex(errors.NoCredentialsError, "the vault is sealed"):
                list(source)

    def test_keys__never_show_their_secret(self):
        self.assertNotIn(support.SECRET_KEY, repr(awslogsrc.Keys(support.ACCESS_KEY, support.SECRET_KEY)))

    # ---- life ----

    def test_run__without_a_callback__is_refused(self):
        with self.source() as source:
            with self.assertRaisesRegex(errors.StateError, "iterate"):
                source.run()

    def test_closed__answers_with_an_error(self):
        source = self.source()
        source.close()
        source.close()
        with self.assertRaises(errors.StateError):
            list(source)
        self.assertFalse(source.running)

    def test_pause__delivers_nothing(self):
        with self.source() as source:
            source.start()
            source.pause()
            source.context.poll(0.2)
            self.assertIsNone(source._first())
            source.resume()
            self.assertEqual(len(list(source)), EVENTS)

    def test_stopped_and_started__goes_on(self):
        with self.source() as source:
            first = next(iter(source.batches()))
            ids = {event.event_id for event in first}
            source.stop()
            ids |= {event.event_id for event in source}
        self.assertEqual(len(ids), EVENTS)

    def test_version__names_libcurl(self):
        self.assertRegex(awslogsrc.version(), r"^\d+\.\d+\.\d+ \(libcurl ")


if __name__ == "__main__":
    support.main()
