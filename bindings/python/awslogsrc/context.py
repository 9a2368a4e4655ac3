"""The context: the loop that carries sources, behind one descriptor.

The library never calls into Python. What it has to say waits in a queue (awslogsrc/queue.h) and is
taken from there between its calls: so callbacks may raise, an interrupt is never lost, and nothing
depends on what the garbage collector does when.
"""
from __future__ import annotations

import asyncio
import itertools
import logging
import os
import select
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Iterator, Optional, Protocol

from contextlib import contextmanager

from . import _declarations as declared
from ._arrow import sweep
from ._library import Unique, check, create, lib
from .errors import ForkedError, ReentrantError

log = logging.getLogger("awslogsrc")

# An interrupt that comes just before the wait begins is seen after so many seconds.
_LONGEST_WAIT = 0.5

_LEVELS = {declared.LOG_ERROR: logging.ERROR, declared.LOG_WARNING: logging.WARNING,
           declared.LOG_INFO: logging.INFO, declared.LOG_DEBUG: logging.DEBUG}


class _Target(Protocol):
    """Whoever notices are for, by their tag."""

    def _take(self, kind: int, notice: int) -> bool:
        """Notes it down; True where the notice is its own to free from now on. The same notice may come
        twice, after an interrupt. Quick; under the context's lock."""

    def _work(self) -> None:
        """Does what the notices ask for, the host's callbacks included. May raise."""


class _Turn:
    """While it lives, its thread is inside of process()."""

    __slots__ = ("thread", "__weakref__")

    def __init__(self, thread: int) -> None:
        self.thread = thread


def _nobodys() -> Optional[_Turn]:
    return None


class Context(Unique):
    """Carries any number of sources. Each source makes one of its own where none is given.

    Any thread may use it; the work itself is done by one at a time."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._lock = threading.RLock()  # around calls of the library, which are short
        self._turns = threading.RLock()  # of the threads that process
        self._turn: Callable[[], Optional[_Turn]] = _nobodys
        self._waiting = 0               # threads that wait for the descriptor
        self._stopped = False
        self._tags = itertools.count(1)
        self._targets: weakref.WeakValueDictionary[int, _Target] = weakref.WeakValueDictionary()
        self._busy: deque[_Target] = deque()  # have something to work on
        self._watchers: dict[asyncio.AbstractEventLoop, set[asyncio.Future[None]]] = {}
        self._changes = 0               # of anything that a loop may wait for
        self._noting: Optional[int] = None  # the notice that is noted down, and in the queue still
        self._handle = create(lib.context_new)
        self._queue = create(lib.queue_new)
        self._fd: int = check(lib.context_fd(self._handle))
        self._log_level = 0
        self._follow_log_level()

    def __del__(self, getpid: Any = os.getpid, free: Any = lib.context_free,
                free_queue: Any = lib.queue_free, first: Any = lib.queue_first,
                take_out: Any = lib.queue_next) -> None:
        if hasattr(self, "_queue") and getpid() == self._owner:
            free(self._handle)
            # After an interrupt a batch may have it already, and be collected behind the context.
            if self._noting is not None and first(self._queue) == self._noting:
                take_out(self._queue)
            free_queue(self._queue)

    @contextmanager
    def _calls(self) -> Iterator[None]:
        """Around every call on the context or what belongs to it."""
        self._check()
        with self._lock:
            yield

    def _let_go(self, free: Any, handle: Any, getpid: Any = os.getpid, ending: Any = sys.is_finalizing) -> None:
        """For finalizers: frees what belongs to the context. When the interpreter ends, a daemon thread
        may be frozen with the lock in its hands: what it has stays for the end of the process."""
        if getpid() == self._owner and self._lock.acquire(not ending()):
            try:
                free(handle)
            finally:
                self._lock.release()

    def _check(self) -> None:
        if os.getpid() != self._owner:
            raise ForkedError(-4, "FORKED", "the context belongs to the parent process")

    def _add(self, target: _Target) -> int:
        """Makes it the receiver of notices; returns their tag."""
        tag = next(self._tags)
        self._targets[tag] = target
        return tag

    def _follow_log_level(self) -> None:
        level = max((ours for ours, theirs in _LEVELS.items() if log.isEnabledFor(theirs)), default=1)
        if level != self._log_level:
            check(lib.queue_log(self._queue, self._handle, level, 0))
            self._log_level = level

    # ---- the loop ----

    def fileno(self) -> int:
        """The one descriptor to watch: readable exactly when process() has work."""
        self._check()
        return self._fd

    def process(self) -> bool:
        """Does what is due, callbacks included, and never waits. Returns whether more is due at once.
        What a callback raises is raised here; the rest is done by the next call."""
        self._check()
        if self._at_work():
            raise ReentrantError(-3, "REENTRANT", "process() inside of a callback")
        return self._take_turn(self._process)

    def _process(self) -> bool:
        self._follow_log_level()
        sweep()
        with self._lock:
            more = check(lib.context_process(self._handle))
        self._dispatch()
        return more > 0

    def _at_work(self) -> bool:
        """Whether this is inside of a callback."""
        turn = self._turn()
        return turn is not None and turn.thread == threading.get_ident()

    def _take_turn(self, work: Callable[[], bool]) -> bool:
        """Not inside of a callback. CPython before 3.11 may raise in a signal's handler just before a
        lock is released or what stands behind finally begins: a turn ends with this frame in any case,
        and what is left of the lock is released here."""
        try:
            while True:
                self._turns.release()
        except RuntimeError:  # it is not this thread's: as it should be
            pass
        with self._turns:
            turn = _Turn(threading.get_ident())
            self._turn = weakref.ref(turn)
            try:
                return work()
            finally:
                self._turn = _nobodys

    def _dispatch(self) -> bool:
        """Until nothing is left: what a callback does may bring more."""
        while self._drain() or self._busy:
            while self._busy:
                try:
                    self._busy[0]._work()
                except BaseException:
                    self._busy.rotate(-1)  # the others come first in the next call
                    raise
                self._busy.popleft()
        return False

    def _drain(self) -> bool:
        """Empties the queue. A signal's handler may raise anywhere: a notice leaves the queue once it is
        noted down, and noting it down twice does not matter."""
        lines: list[tuple[int, str]] = []
        any_notice = False
        with self._lock:
            while True:
                notice = lib.queue_first(self._queue)
                if notice is None:
                    break
                any_notice = True
                self._noting = notice
                if self._note_down(notice, lines):
                    lib.queue_next(self._queue)
                else:
                    lib.notice_free(notice)
                self._noting = None
        if any_notice:
            self._tell_all()
        for level, line in lines:
            log.log(_LEVELS.get(level, logging.WARNING), "%s", line)
        return any_notice

    def _tell_all(self) -> None:
        """What a thread or a task waits for may be here."""
        self._changes += 1
        if self._waiting:
            self.wakeup()
        for loop in list(self._watchers):
            try:
                loop.call_soon_threadsafe(self._answer_watchers, loop)
            except RuntimeError:  # it is closed
                self._watchers.pop(loop, None)

    def _flush(self, targets: Sequence[_Target]) -> None:
        """Does what is asked of these, and nothing else; inside a callback that happens when it has
        returned."""
        def work() -> bool:
            more = True
            while more:
                more = self._drain()
                for target in targets:
                    target._work()
            return False
        if not self._at_work():
            self._take_turn(work)

    def _note_down(self, notice: int, lines: list[tuple[int, str]]) -> bool:
        """Whether somebody keeps it."""
        kind = lib.notice_kind(notice)
        if kind == declared.NOTICE_LOG:
            lines.append((lib.notice_number(notice), lib.notice_text(notice).decode("utf-8", "replace")))
        target = self._targets.get(lib.notice_tag(notice))
        if target is None:
            return False
        kept = target._take(kind, notice)
        if target not in self._busy:
            self._busy.append(target)
        return kept

    def poll(self, timeout: Optional[float] = None) -> None:
        """Waits up to timeout seconds (None: for ever) for work, and does it."""
        self._check()
        if self._at_work():
            raise ReentrantError(-3, "REENTRANT", "poll() inside of a callback")
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._wait(deadline):
            if deadline is not None and time.monotonic() >= deadline:
                return
        self.process()

    def _wait(self, deadline: Optional[float]) -> bool:
        """Not longer than _LONGEST_WAIT; whether there is work."""
        left = _LONGEST_WAIT if deadline is None else min(_LONGEST_WAIT, deadline - time.monotonic())
        if self._busy:
            return True  # a callback has raised before
        poller = select.poll()
        poller.register(self._fd, select.POLLIN)
        with self._lock:
            self._waiting += 1
        try:
            return bool(poller.poll(max(0.0, left) * 1000))
        finally:
            with self._lock:
                self._waiting -= 1

    def run(self) -> None:
        """Works until stop() is called or no source is running any more."""
        while not self._stopped and self._any_running():
            self.poll(_LONGEST_WAIT)
        self._stopped = False

    def _any_running(self) -> bool:
        return any(getattr(target, "running", False) for target in list(self._targets.values()))

    def wakeup(self) -> None:
        """Makes the descriptor readable. Any thread, and signal handlers."""
        lib.context_wakeup(self._handle)

    def stop(self) -> None:
        """Ends the current, or else the next, run(). Any thread, and signal handlers."""
        self._stopped = True
        self.wakeup()

    # ---- asyncio ----

    async def _change(self, changes: int) -> None:
        """Until there are more changes than so many. Every task that waits has a future; each loop has
        one watcher."""
        self._check()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        futures = self._watchers.setdefault(loop, set())
        if not futures:
            loop.add_reader(self._fd, self._process_for_watchers, loop)
        futures.add(future)
        try:
            if self._busy:
                self._process_for_watchers(loop)
            if future.done() or self._changes == changes:
                await future
        finally:
            futures.discard(future)
            if not futures:
                loop.remove_reader(self._fd)
                self._watchers.pop(loop, None)

    def _process_for_watchers(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            self.process()
        except Exception as error:
            self._answer_watchers(loop, error)

    def _answer_watchers(self, loop: asyncio.AbstractEventLoop, failure: Optional[Exception] = None) -> None:
        for future in self._watchers.get(loop, ()):
            if future.done():
                continue
            if failure is None:
                future.set_result(None)
            else:
                future.set_exception(failure)
