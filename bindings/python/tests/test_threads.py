"""Threads, event loops in them, and forks."""
import asyncio
import os
import queue
import signal
import threading
import time
import unittest.mock

import support
import awslogsrc
from awslogsrc import errors
from awslogsrc.normalize import _encoder

EVENTS = 500


class Threads(support.SimulatedCase):
    EVENTS = EVENTS

    def test_threads__a_source_each__do_not_disturb_one_another(self):
        counts = []

        def read():
            with self.source() as source:
                counts.append(len([event.message for event in source]))
        joins = [self.in_thread(read) for _ in range(4)]
        for join in joins:
            join()
        self.assertEqual(counts, [EVENTS] * 4)

    def test_threads__sources_of_one_context__share_it(self):
        context, counts = awslogsrc.Context(), []

        def read():
            with self.source(context=context) as source:
                counts.append(len([event.message for event in source]))
        joins = [self.in_thread(read) for _ in range(4)]
        for join in joins:
            join()
        self.assertEqual(counts, [EVENTS] * 4)

    def test_threads__events_and_answers_in_workers(self):
        work, seen = queue.Queue(), []

        def work_off():
            while True:
                batch = work.get()
                if batch is None:
                    return
                seen.extend((event.event_id, event.payload) for event in batch)
                batch.ack()

        def give(batch):
            work.put(batch)
            return awslogsrc.HOLD
        joins = [self.in_thread(work_off) for _ in range(3)]
        with self.source(on_batch=give) as source:
            source.run()
            for _ in joins:
                work.put(None)
            for join in joins:
                join()
        self.assertEqual(len(set(seen)), EVENTS)

    def test_threads__payloads_of_one_batch(self):
        with self.source() as source:
            batch = next(iter(source.batches()))
            expected = [event.payload for event in batch]

            def read():
                for _ in range(20):
                    self.assertEqual([event.payload for event in batch], expected)
            joins = [self.in_thread(read) for _ in range(4)]
            for join in joins:
                join()

    def test_threads__run_one_source__start_it_once(self):
        start = awslogsrc.Source.start

        def slow_start(source):
            time.sleep(0.2)
            start(source)
        seen = []
        with self.source(on_event=lambda event: seen.append(event.event_id)) as source:
            with unittest.mock.patch.object(awslogsrc.Source, "start", slow_start):
                joins = [self.in_thread(source.run) for _ in range(2)]
                for join in joins:
                    join()
        self.assertEqual((len(seen), len(set(seen))), (EVENTS, EVENTS))

    def test_threads__loops_of_two__share_a_context(self):
        context, counts = awslogsrc.Context(), []

        async def read():
            with self.source(context=context) as source:
                counts.append(len([event async for event in source]))
        joins = [self.in_thread(lambda: asyncio.run(asyncio.wait_for(read(), 50))) for _ in range(2)]
        for join in joins:
            join()
        self.assertEqual(counts, [EVENTS] * 2)

    def test_threads__one_takes_what_a_task_waits_for__the_task_is_told(self):
        async def read():
            return [event.event_id async for event in source]

        def work():
            while not done.is_set():
                source.context.poll(0.1)
        done = threading.Event()
        with self.source() as source:
            with unittest.mock.patch.object(awslogsrc.Context, "_process_for_watchers", lambda *_: None):
                join = self.in_thread(work)
                try:
                    ids = asyncio.run(asyncio.wait_for(read(), 30))
                finally:
                    done.set()
                    join()
        self.assertEqual(len(set(ids)), EVENTS)

    def test_change__before_the_wait__is_seen(self):
        async def wait():
            changes = context._changes
            context._tell_all()
            await asyncio.wait_for(context._change(changes), 30)
        context = awslogsrc.Context()
        asyncio.run(wait())
        self.assertEqual(context._watchers, {})

    def test_threads__statistics_while_another_reads(self):
        with self.source() as source:
            asked, done = [], threading.Event()

            def ask():
                while not done.is_set():
                    asked.append(source.stats["version"])
            join = self.in_thread(ask)
            try:
                list(source)
            finally:
                done.set()
                join()
        self.assertTrue(asked)

    def test_stop__from_another_thread__ends_run_at_once(self):
        with self.source(once=False, on_batch=lambda batch: None) as source:
            began = time.monotonic()
            timer = threading.Timer(0.3, source.context.stop)
            timer.start()
            source.run()
            timer.join()
            self.assertLess(time.monotonic() - began, 30)
            self.assertTrue(source.running)

    # ---- fork ----

    def test_fork__the_child_is_refused_and_the_parent_goes_on(self):
        with self.source() as source:
            events = iter(source)
            first = next(events)
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    first.message
                    try:
                        source.context.poll(0)
                    except errors.ForkedError:
                        code = 0
                    del events
                    source.__del__()
                finally:
                    os._exit(code)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
            self.assertEqual(len(list(events)), EVENTS - 1)

    def test_fork__the_child_leaves_a_with_block__by_what_it_raised(self):
        child = -1
        try:
            with self.source() as source:
                next(iter(source))
                child = os.fork()
                if child == 0:
                    raise SystemExit(3)
        except BaseException as error:
            if child == 0:
                os._exit(3 if type(error) is SystemExit else 1)
            raise
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 3)

    def test_fork__while_another_thread_works__the_child_makes_its_own(self):
        with self.source(once=False, on_batch=lambda batch: None) as source:
            join = self.in_thread(source.run)
            for _ in range(5):
                child = os.fork()
                if child == 0:
                    code = 1
                    try:
                        source.__del__()
                        with self.source() as own:
                            code = 0 if len(list(own)) == EVENTS else 2
                    finally:
                        os._exit(code)
                self.assertEqual(os.waitpid(child, 0)[1], 0)
            source.context.stop()
            join()

    def test_fork__while_another_thread_normalizes__the_child_does_too(self):
        awslogsrc.normalize("text")
        with _encoder(None, None, os.getpid())._lock:
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    signal.alarm(10)
                    code = 0 if awslogsrc.normalize("text")[0]["kind"] == "text" else 2
                finally:
                    os._exit(code)
            self.assertEqual(os.waitpid(child, 0)[1], 0)


if __name__ == "__main__":
    support.main()
