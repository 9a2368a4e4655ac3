"""A source: one log group, one filter, any number of regions."""
from __future__ import annotations

import copy
import enum
import json
import os
import weakref
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from ctypes import byref, c_size_t, c_void_p, string_at
from typing import Any, NamedTuple, Optional, Union

from . import _declarations as declared
from ._batch import Batch, Event
from ._options import Options, OptionValue
from ._library import Unique, c_path, c_text, call, check, copy_error, create, lib
from ._clerk import Clerk
from ._declarations import State
from .check import Step, read_report
from .context import Context, log
from .credentials import Credentials, CredentialsClerk
from .cursor import Cursor
from .errors import Error, StateError
from .store import AnyStore, Store, StoreClerk


class Hold(enum.Enum):
    """No number: a callback may well return one of its own."""

    HOLD = "HOLD"


#: What a callback for batches returns to answer later, with Batch.ack() or Batch.nack().
HOLD = Hold.HOLD


class Status(NamedTuple):
    """How one region is doing."""

    region: str
    state: State
    error: Optional[Error]
    retry_at_ms: int  #: wall time of the next attempt, 0 where none is planned


class Source(Unique):
    """Reads a log group. Options are keywords, named as in the option table (awslogsrc.options()).

    Take the events in one of three ways: iterate (for, async for), iterate over batches(), or give
    on_event or on_batch and call run(). An event counts as done when the next one is asked for, a
    batch when its last event is, or when the callback has returned. Leave a loop and come back: it
    goes on behind the event that was handed out last. One loop at a time: a new one takes the source
    over, and an older one that asks for more gets a StateError."""

    def __init__(self, *, context: Optional[Context] = None,
                 file: Union[None, str, os.PathLike[str]] = None, section: Optional[str] = None,
                 store: Optional[AnyStore] = None, credentials: Optional[Credentials] = None,
                 cursors: Sequence[Cursor] = (),
                 on_event: Optional[Callable[[Event], object]] = None,
                 on_batch: Optional[Callable[[Batch], object]] = None,
                 on_status: Optional[Callable[[Status], object]] = None,
                 **options: OptionValue) -> None:
        """context: shared with other sources. file, section: an INI file that options come from too.
        store: where positions are kept. credentials: gives keys when asked. cursors: where regions go on. on_batch may return HOLD."""
        if on_event is not None and on_batch is not None:
            raise TypeError("on_event and on_batch exclude one another")
        self.context = Context() if context is None else context
        self.regions: dict[str, Status] = {}  #: what was heard of each region last
        self._on_event, self._on_batch, self._on_status = on_event, on_batch, on_status
        self._inbox: dict[int, Batch] = {}  # by their notices; the first one is in the host's hands
        self._alive: weakref.WeakValueDictionary[int, Batch] = weakref.WeakValueDictionary()
        self._news: deque[Status] = deque()
        self._report: Optional[list[Step]] = None
        self._clerks: list[Clerk] = []
        self._store = store
        self._started = self._starting = False
        self._loop: object = None  # the token of the loop that has the source
        self._tag = self.context._add(self)
        wanted = Options()
        if file is not None:
            call(lib.options_load, wanted.handle, c_path(file, "file"),
                 None if section is None else c_text(section, "section"))
        for name, value in options.items():
            wanted.set(name, value)
        with self.context._calls():
            self._handle: Optional[int] = create(lib.source_new, self.context._handle, wanted.handle)
            check(lib.queue_source(self.context._queue, self._handle, self._tag))
            self._use_store(store)
            if credentials is not None:
                keys = CredentialsClerk(self.context, credentials)
                self._clerks.append(keys)
                check(lib.source_set_credentials(self._handle, keys.handle))
        for cursor in cursors:
            self.set_cursor(cursor)

    def _use_store(self, store: Optional[AnyStore]) -> None:
        if isinstance(store, Store):
            clerk = StoreClerk(self.context, store)
            self._clerks.append(clerk)
            check(lib.source_set_store(self._handle, clerk.handle))
        elif store is not None:
            check(lib.source_set_store(self._handle, store._handle))

    # ---- life ----

    def start(self) -> None:
        """Begins to read. Iterating and run() do it by themselves."""
        with self.context._calls():
            again, self._starting = self._starting, True  # an interrupt may have come in between
            try:
                call(lib.source_start, self._open())
            except Error as error:
                self._starting = False
                if not (again and isinstance(error, StateError)):
                    raise
            self._started, self._starting = True, False

    def stop(self) -> None:
        """Stops at once. What was not acknowledged is read again after the next start."""
        with self.context._calls():
            check(lib.source_stop(self._open()))
            self._started = False
            self._inbox.clear()

    def close(self) -> None:
        """Stops for good; the position is saved where there is a store."""
        if self._handle is None:
            return
        self.context._check()
        with self.context._lock:
            lib.source_stop(self._handle)
            self._inbox.clear()  # nothing of it is told any more
        try:
            self._save()
        finally:
            with self.context._lock:
                handle, self._handle = self._handle, None
                lib.source_free(handle)
            self.context._tell_all()
            self._save()

    def _save(self) -> None:
        """What a store of the host's is asked for by stopping."""
        if self._clerks:
            self.context._flush(self._clerks)

    def __del__(self, free: Any = lib.source_free) -> None:
        handle = getattr(self, "_handle", None)
        if handle is not None:
            self.context._let_go(free, handle)

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        if os.getpid() == self.context._owner:  # a child that leaves has nothing to close
            self.close()

    def _open(self) -> int:
        if self._handle is None:
            raise StateError(-5, "STATE", "the source is closed")
        return self._handle

    def pause(self) -> None:
        """Neither delivers nor asks AWS, until resume()."""
        with self.context._calls():
            check(lib.source_pause(self._open()))

    def resume(self) -> None:
        with self.context._calls():
            check(lib.source_resume(self._open()))

    @property
    def running(self) -> bool:
        """Whether it was started, and some region of it has work left."""
        with self.context._calls():
            return self._handle is not None and bool(lib.source_is_running(self._handle))

    def run(self) -> None:
        """For callbacks: works until the source ends, or Context.stop(). Raises where a region has
        failed for good."""
        if self._on_batch is None and self._on_event is None:
            raise StateError(-5, "STATE", "run() is for on_event and on_batch: iterate where there is neither")
        self._begin()
        while self.running and not self.context._stopped:
            self.context.poll(0.5)
        self.context._stopped = False
        self._raise_failure()

    def _begin(self) -> None:
        with self.context._calls():
            self._open()
            if not self._started:
                self.start()

    def _raise_failure(self) -> None:
        for status in self.regions.values():
            if status.state == State.FAILED and status.error is not None:
                raise copy.copy(status.error)  # its traceback would keep the frames, and they the source

    # ---- what the context brings ----

    def _take(self, kind: int, notice: int) -> bool:
        if kind == declared.NOTICE_BATCH:
            if notice not in self._alive:  # in the host's hands already, before an interrupt
                self._alive[notice] = self._inbox[notice] = Batch(self.context, notice)
            return True
        if kind == declared.NOTICE_CHECK:
            self._report = read_report(lib.notice_check(notice))
            return False
        region = lib.notice_text(notice).decode()
        error = lib.notice_error(notice)
        status = Status(region, State(lib.notice_number(notice)),
                        copy_error(error, region) if error else None, lib.notice_retry_at_ms(notice))
        self.regions[region] = status
        self._news.append(status)
        return False

    def _work(self) -> None:
        while self._news:
            status = self._news.popleft()
            if self._on_status is not None:
                self._on_status(status)
            elif status.error is not None:
                text = str(status.error)
                log.warning("%s", text if status.region in text else status.region + ": " + text)
        while self._on_batch is not None or self._on_event is not None:
            batch = self._first()
            if batch is None:
                return
            if self._on_batch is not None:
                self._settle(batch, hold=self._on_batch(batch) is HOLD)
            else:
                self._tell_events(batch)
                self._settle(batch)

    def _tell_events(self, batch: Batch) -> None:
        assert self._on_event is not None
        while batch._next < len(batch):
            self._on_event(batch[batch._next])
            batch._next += 1

    def _settle(self, batch: Batch, hold: bool = False) -> None:
        """The host is done with the first batch; it may have stopped the source meanwhile."""
        if not hold and not batch.answered and self._handle is not None:
            batch.ack()
        self._inbox.pop(batch._notice, None)

    # ---- iteration ----

    def batches(self) -> Batches:
        """To iterate over. A batch is acknowledged when the next one is asked for, unless ack() or
        nack() was called before."""
        return Batches(self)

    def _first(self) -> Optional[Batch]:
        for notice, batch in list(self._inbox.items()):
            if not batch.answered:
                return batch
            self._inbox.pop(notice, None)
        return None

    def _begin_loop(self) -> object:
        """Its token."""
        if self._on_batch is not None or self._on_event is not None:
            raise StateError(-5, "STATE", "the source has a callback: call run()")
        self._begin()
        self._loop = token = object()
        return token

    def __iter__(self) -> Iterator[Event]:
        for batch in self.batches():
            for index in range(batch._next, len(batch)):
                batch._next = index + 1
                yield Event(batch, index)

    def __aiter__(self) -> AsyncIterator[Event]:
        return _Events(self)

    # ---- what it knows ----

    @property
    def stats(self) -> dict[str, Any]:
        """What the source has done and knows: see awslogsrc_source_stats_json()."""
        out, size = c_void_p(), c_size_t()
        with self.context._calls():
            call(lib.source_stats_json, self._open(), byref(out), byref(size))
        try:
            return json.loads(string_at(out.value or 0, size.value))  # type: ignore[no-any-return]
        finally:
            lib.source_stats_free(out)

    def check(self) -> list[Step]:
        """Tries, once and in all regions, what reading will need, and says what to do where it fails.
        Nothing is delivered and no position moves. It takes as long as the slowest answer, two
        minutes at most."""
        self._report = None
        with self.context._calls():
            call(lib.queue_check, self.context._queue, self._open(), self._tag)
        while self._report is None:
            self.context.poll(0.5)
        return self._report

    def cursor(self, region: str) -> Cursor:
        """The position of a region as of now: what is acknowledged, and nothing else."""
        with self.context._calls():
            return Cursor(create(lib.source_cursor, self._open(), c_text(region, "region")))

    def set_cursor(self, cursor: Cursor) -> None:
        """Where its region goes on, in place of start_time. Before the start."""
        with self.context._calls():
            call(lib.source_set_cursor, self._open(), cursor._handle)


class Batches:
    """The batches of a source, for both kinds of loop."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def __iter__(self) -> Iterator[Batch]:
        return _Loop(self._source)

    def __aiter__(self) -> AsyncIterator[Batch]:
        return _Loop(self._source)


class _Loop:
    """One loop over the batches. No generator: that one would end when a wait is cancelled."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._token = source._begin_loop()
        self._batch: Optional[Batch] = None  # in the host's hands

    def __iter__(self) -> Iterator[Batch]:
        return self

    def __aiter__(self) -> AsyncIterator[Batch]:
        return self

    def __next__(self) -> Batch:
        while not self._advance():
            self._source.context.poll(0.5)
        if self._batch is None:
            raise StopIteration
        return self._batch

    async def __anext__(self) -> Batch:
        context = self._source.context
        changes = context._changes
        while not self._advance():
            await context._change(changes)
            changes = context._changes
        if self._batch is None:
            raise StopAsyncIteration
        return self._batch

    def _advance(self) -> bool:
        """To the next batch, or to None at the end; whether that is known."""
        source = self._source
        if source._loop is not self._token:
            raise StateError(-5, "STATE", "another loop has begun over the source")
        if self._batch is not None:
            source._settle(self._batch)
        self._batch = source._first()
        if self._batch is not None:
            return True
        if source.running:
            return False
        source._raise_failure()
        return True


class _Events:
    """One loop of a task over the events."""

    def __init__(self, source: Source) -> None:
        self._batches = _Loop(source)
        self._batch: Optional[Batch] = None

    def __aiter__(self) -> AsyncIterator[Event]:
        return self

    async def __anext__(self) -> Event:
        batch = self._batch
        while batch is None or batch._next >= len(batch):
            batch = self._batch = await self._batches.__anext__()
        index = batch._next
        batch._next = index + 1
        return Event(batch, index)
