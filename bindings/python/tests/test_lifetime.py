"""What garbage collection, exceptions, re-entrance and interrupts do: nothing."""
import asyncio
import copy
import gc
import os
import pickle
import signal
import sys
import threading
import time
import tracemalloc
import unittest
import unittest.mock
import weakref

import support
import awslogsrc
from awslogsrc import errors
from awslogsrc.source import _Loop

EVENTS = 500
SOURCES = 10000 if support.LONG else 1000
ROUNDS = 300 if support.LONG else 20
MANY_EVENTS = 2000000 if support.LONG else 100000

FOLLOW = """
import sys, awslogsrc
source = awslogsrc.Source(regions=sys.argv[1], log_group=sys.argv[2], endpoint_url=sys.argv[3],
                          access_key=sys.argv[4], secret_key=sys.argv[5], start_time="-24h")
"""


class Lifetime(support.SimulatedCase):
    EVENTS = EVENTS

    def follow(self, script, interrupt_after=None):
        return self.run_script(FOLLOW + script, support.REGION, support.GROUP, self.simulator.url,
                               support.ACCESS_KEY, support.SECRET_KEY, interrupt_after=interrupt_after)

    # ---- garbage ----

    def test_event__outlives_batch_source_and_context(self):
        with self.source() as source:
            event = next(iter(source))
        message = event.message
        del source
        gc.collect()
        self.assertEqual(event.message, message)
        self.assertEqual(event.batch.region, support.REGION)

    def test_batch__dropped_while_held__comes_again(self):
        held, seen = [], []

        def keep_first(batch):
            seen.append(len(batch))
            if len(seen) == 1:
                held.append(batch)
                return awslogsrc.HOLD
            return None
        with self.source(on_batch=keep_first) as source:
            source.start()
            while not held:
                source.context.poll(1)
            held.clear()
            source.run()
        self.assertEqual(sum(seen), EVENTS + seen[0])

    def test_source__dropped__frees_all_of_it(self):
        source = self.source()
        iterator = iter(source)
        next(iterator)
        watched = weakref.ref(source), weakref.ref(source.context)
        del source, iterator
        gc.collect()
        self.assertEqual([watch() for watch in watched], [None, None])

    def test_source__in_a_cycle__is_collected(self):
        class Host:
            def __init__(self, make):
                self.source = make(on_event=self.hear)

            def hear(self, event):
                pass
        host = Host(self.source)
        watched = weakref.ref(host), weakref.ref(host.source)
        host.source.start()
        host.source.context.poll(1)
        del host
        gc.collect()
        self.assertEqual([watch() for watch in watched], [None, None])

    def test_source__dropped_inside_its_callback__is_fine(self):
        box = []

        def drop(batch):
            box.clear()
            gc.collect()
        box.append(self.source(on_batch=drop))
        context = box[0].context
        box[0].start()
        deadline = time.monotonic() + 30
        while box and time.monotonic() < deadline:
            context.poll(1)
        context.poll(0.1)
        self.assertEqual(box, [])

    def test_collection_at_every_allocation__nothing_breaks(self):
        before = gc.get_threshold()
        gc.set_threshold(1)
        try:
            with self.source() as source:
                self.assertEqual(sum(len(event.payload) > 0 for event in source), EVENTS)
        finally:
            gc.set_threshold(*before)

    def test_sources__made_and_dropped__leave_nothing(self):
        def make(count):
            for _ in range(count):
                source = self.source()
                source.start()
                source.context.process()
        make(SOURCES // 10)
        gc.collect()
        tracemalloc.start()
        try:
            traced, resident = tracemalloc.get_traced_memory()[0], support.resident_kib()
            descriptors = len(os.listdir("/proc/self/fd"))
            make(SOURCES)
            gc.collect()
            traced = tracemalloc.get_traced_memory()[0] - traced
            resident = support.resident_kib() - resident
            descriptors = len(os.listdir("/proc/self/fd")) - descriptors
        finally:
            tracemalloc.stop()
        support.FIGURES.append("%d sources: %d bytes traced, %d KiB resident, %d descriptors left" % (
            SOURCES, traced, resident, descriptors))
        self.assertLess(traced, 64 * 1024)
        self.assertLess(resident, 4 * 1024)
        self.assertEqual(descriptors, 0)

    def test_copies__of_what_owns_a_handle__are_refused(self):
        source = self.source()
        batches = iter(source.batches())
        batch = next(batches)
        for owner in source, source.context, batch, awslogsrc.MemoryStore(), awslogsrc.Encoder():
            for make in copy.copy, copy.deepcopy, pickle.dumps:
                with self.subTest(owner=type(owner).__name__, make=make.__name__):
                    with self.assertRaisesRegex(TypeError, type(owner).__name__):
                        make(owner)
        self.assertEqual(len(batch) + sum(map(len, batches)), EVENTS)

    # ---- exceptions ----

    def test_exception_in_on_event__travels_and_the_event_comes_again(self):
        seen = []

        def hear(event):
            seen.append(event.event_id)
            if len(seen) == 5:
                raise KeyError("a bug")
        with self.source(on_event=hear) as source:
            with self.assertRaisesRegex(KeyError, "a bug"):
                source.run()
            source.run()
        self.assertEqual(seen[4], seen[5])
        self.assertEqual((len(seen), len(set(seen))), (EVENTS + 1, EVENTS))

    def test_exception_in_on_batch__travels_and_the_batch_comes_again(self):
        seen = []

        def hear(batch):
            seen.append(batch)
            if len(seen) == 1:
                raise SystemExit(3)
        with self.source(on_batch=hear) as source:
            with self.assertRaises(SystemExit):
                source.run()
            source.run()
        self.assertIs(seen[0], seen[1])

    def test_exception_in_on_status__travels(self):
        def hear(status):
            raise ValueError(status.region)
        with self.source(on_status=hear) as source:
            with self.assertRaisesRegex(ValueError, support.REGION):
                list(source)

    def test_exception_in_a_callback__reaches_the_task_that_waits(self):
        def hear(status):
            raise ValueError(status.region)

        async def collect():
            with self.source(on_status=hear) as source:
                return [event async for event in source]
        with self.assertRaisesRegex(ValueError, support.REGION):
            asyncio.run(collect())

    def test_exception_in_a_callback_for_ever__leaves_the_other_sources_their_turn(self):
        context, seen = awslogsrc.Context(), []

        def fail(batch):
            raise ValueError("a bug")
        with self.source(context=context, on_batch=fail) as failing:
            with self.source(context=context, on_event=lambda event: seen.append(event.event_id)) as source:
                failing.start()
                with self.assertRaises(ValueError):
                    context.run()
                source.start()
                deadline = time.monotonic() + 30
                while source.running and time.monotonic() < deadline:
                    try:
                        context.poll(1)
                    except ValueError:
                        pass
        self.assertEqual(len(set(seen)), EVENTS)

    # ---- re-entrance ----

    def test_callback__must_not_process(self):
        caught = []

        def hear(event):
            for function in (source.context.process, source.context.poll, source.run):
                try:
                    function()
                except errors.ReentrantError as error:
                    caught.append(error)
        with self.source(on_event=hear) as source:
            source.run()
        self.assertEqual(len(caught), 3 * EVENTS)

    def test_callback__may_ask_stop_and_close(self):
        seen = []

        def hear(event):
            seen.append(source.stats["source"])
            if len(seen) == 3:
                source.close()
        source = self.source(on_event=hear)
        with self.assertRaises(errors.StateError):
            source.run()
            source.run()
        self.assertGreaterEqual(len(seen), 3)

    # ---- interrupts ----

    def test_interrupt__while_waiting__stops_promptly(self):
        began = time.monotonic()
        code, _, said = self.follow("""
events = 0
try:
    for event in source:
        events += 1
        if events == 500:
            print("ready", flush=True)
except KeyboardInterrupt:
    sys.exit(5)
""", interrupt_after="ready")
        self.assertEqual((code, said), (5, ""))
        self.assertLess(time.monotonic() - began, 30)

    def test_interrupt__in_callbacks__is_not_lost(self):
        code, _, said = self.follow("""
import os, signal
seen = []
def hear(batch):
    seen.append(batch)
    os.kill(os.getpid(), signal.SIGINT)
source._on_batch = hear
try:
    source.run()
except KeyboardInterrupt:
    source._on_batch = seen.append
    source._started or source.start()
    source.context.poll(1)
    sys.exit(0 if seen[0] is seen[1] else 6)
""")
        self.assertEqual((code, said), (0, ""))

    def read_under_fire(self, source):
        """Reads it to its end while a signal handler raises every half millisecond, wherever that is."""
        seen, interrupts, armed = [], 0, True

        def interrupt(*_):
            if armed:
                raise InterruptedError
        signal.signal(signal.SIGALRM, interrupt)
        sys.unraisablehook = lambda _: None  # Python drops what is raised inside of a finalizer
        try:
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
                while True:
                    try:
                        for batch in source.batches():
                            seen.append(batch)
                        break
                    except InterruptedError:
                        interrupts += 1
            except InterruptedError:
                interrupts += 1
            armed = False
        finally:
            armed = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            sys.unraisablehook = sys.__unraisablehook__
        return seen, interrupts

    def test_interrupts__everywhere__lose_no_event(self):
        total = 0
        for _ in range(ROUNDS):
            with self.source() as source:
                seen, interrupts = self.read_under_fire(source)
                seen += source.batches()
                self.assertEqual(len({event.event_id for batch in seen for event in batch}), EVENTS)
                total += interrupts
        support.FIGURES.append("%d exceptions of a signal handler in %d sources read" % (total, ROUNDS))
        self.assertGreater(total, ROUNDS)

    def interrupted_at(self, step, function, code):
        """Calls the function and raises before that step of the code; whether it has so many. CPython 3.9
        lets signals in there, newer ones in fewer places."""
        left, kind = [step], "line" if sys.version_info[:2] == (3, 12) else "opcode"  # early 3.12 has no others

        def trace(frame, event, _):
            if frame.f_code is not code:
                return None
            frame.f_trace_opcodes = True
            if event == kind:
                left[0] -= 1
                if left[0] == 0:
                    raise InterruptedError
            return trace
        sys.settrace(trace)
        try:
            function()
        except InterruptedError:
            return True
        finally:
            sys.settrace(None)
        return False

    def lose_nothing_at_each_step(self, code, steps):
        """Of code that reading goes through."""
        for step in range(1, steps):
            seen = []
            with self.source() as source:
                reached = self.interrupted_at(step, lambda: seen.extend(source.batches()), code)
                seen += source.batches()
            self.assertEqual(len({event.event_id for batch in seen for event in batch}), EVENTS)
            if not reached:  # each version has other steps
                break
        self.assertGreater(step, 4)

    def test_interrupt__at_each_step_of_an_answer__loses_no_event(self):
        self.lose_nothing_at_each_step(awslogsrc.Batch._answer.__code__, 40)

    @unittest.skipUnless(support.LONG, "in the long run only")
    def test_interrupt__at_each_step_of_reading__loses_no_event(self):
        for function in (awslogsrc.Source.start, awslogsrc.Source._take, awslogsrc.Source._settle, _Loop._advance,
                         awslogsrc.Context._take_turn, awslogsrc.Context._drain, awslogsrc.Context._note_down):
            with self.subTest(function=function.__qualname__):
                self.lose_nothing_at_each_step(function.__code__, 150)

    def test_interrupt__when_a_batch_is_noted_down__then_all_is_collected(self):
        # The context before the batch, whose notice is in the queue still.
        note_down = awslogsrc.Context._note_down

        def interrupted(context, notice, lines):
            if note_down(context, notice, lines) and source._inbox:
                raise InterruptedError
        source = awslogsrc.Source(**self.simulator.options(once=True))
        source.cycle = source
        with unittest.mock.patch.object(awslogsrc.Context, "_note_down", interrupted):
            with self.assertRaises(InterruptedError):
                next(iter(source.batches()))
        batch = weakref.ref(next(iter(source._inbox.values())))
        del source
        gc.collect()
        self.assertIsNone(batch())

    def test_end_of_the_interpreter__while_a_dead_thread_has_the_lock__comes(self):
        code, _, said = self.follow("""
import signal, threading
class Nothing(awslogsrc.Store):
    def load(self, key):
        return None
    def write(self, key, data, snapshot):
        pass
other = awslogsrc.Source(context=source.context, store=Nothing(), regions=sys.argv[1], log_group=sys.argv[2],
                         credentials=lambda: awslogsrc.Keys("a", "b"))
thread = threading.Thread(target=source.context._lock.acquire)  # as a daemon thread that is frozen
thread.start()
thread.join()
signal.alarm(30)
""")
        self.assertEqual((code, said), (0, ""))

    def test_end_of_the_interpreter__with_everything_alive__is_silent(self):
        code, said, errors_said = self.follow("""
import threading
events = iter(source)
event = next(events)
capsules = event.batch.to_arrow().__arrow_c_array__()
event.cycle = None if False else None
""".replace("event.cycle = None if False else None\n", "print(len(event.message) > 0)\n"))
        self.assertEqual((code, said.strip(), errors_said), (0, "True", ""))


class Memory(support.SimulatedCase):
    EVENTS = MANY_EVENTS

    def setUp(self):
        self.simulator = support.Simulator(events=MANY_EVENTS, kind="vpc")
        self.addCleanup(self.simulator.stop)

    @classmethod
    def setUpClass(cls):
        pass

    def test_memory__over_many_events__is_flat(self):
        # After the first tenth, where pages and tables grow to their size.
        count, early, most = 0, 0, 0
        with self.source() as source:
            for event in source:
                count += len(event.message) > 0
                if count % 1000 == 0:
                    resident = support.resident_kib()
                    most = max(most, resident)
                    if count <= MANY_EVENTS // 10:
                        early = most
        support.FIGURES.append("%d events: %d KiB after a tenth, %d KiB at most" % (count, early, most))
        self.assertEqual(count, MANY_EVENTS)
        self.assertLess(most - early, 24 * 1024)


if __name__ == "__main__":
    support.main()
