"""Batches and events: views over what one answer of AWS brought, in the memory where it arrived."""
from __future__ import annotations

import functools
import operator
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Optional, Union, overload

from . import _declarations as declared
from ._arrow import ArrowBatch
from ._columns import Columns
from ._library import Unique, check, create, lib
from .cursor import Cursor

if TYPE_CHECKING:
    from .context import Context

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_STATE = -5  # AWSLOGSRC_E_STATE


def _time(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


class Event:
    """One event. Nothing is copied before it is asked for, but then for the batch at once: that is what
    makes it fast. It keeps its batch alive."""

    __slots__ = ("batch", "_index")

    def __init__(self, batch: Batch, index: int) -> None:
        self.batch = batch
        self._index = index

    @property
    def message(self) -> str:
        """As AWS sent it; may hold NULs."""
        return self.batch._columns["message"][self._index]  # type: ignore[no-any-return]

    @property
    def message_bytes(self) -> bytes:
        """The message in UTF-8."""
        return self.message.encode()

    @property
    def payload(self) -> str:
        """With extract_original_event the message, otherwise the wrapper around it."""
        return self.batch._columns["payload"][self._index]  # type: ignore[no-any-return]

    @property
    def identifier(self) -> str:
        """The log source identifier."""
        return self.batch._columns["identifier"][self._index]  # type: ignore[no-any-return]

    @property
    def log_stream(self) -> str:
        return self.batch._columns["log_stream"][self._index]  # type: ignore[no-any-return]

    @property
    def event_id(self) -> str:
        return self.batch._columns["event_id"][self._index]  # type: ignore[no-any-return]

    @property
    def region(self) -> str:
        return self.batch.region

    @property
    def log_group(self) -> str:
        return self.batch.log_group

    @property
    def timestamp_ms(self) -> int:
        """When it happened, in ms since 1970 UTC."""
        return self.batch._columns["timestamp"][self._index]  # type: ignore[no-any-return]

    @property
    def timestamp(self) -> datetime:
        return _time(self.timestamp_ms)

    @property
    def ingestion_time_ms(self) -> int:
        """When AWS received it, in ms since 1970 UTC."""
        return self.batch._columns["ingestion_time"][self._index]  # type: ignore[no-any-return]

    @property
    def ingestion_time(self) -> datetime:
        return _time(self.ingestion_time_ms)

    @property
    def replaced_text(self) -> bool:
        """Whether something in it was not valid Unicode and reads U+FFFD now."""
        return bool(self._flags & declared.EVENT_REPLACED_TEXT)

    @property
    def _flags(self) -> int:
        return self.batch._columns["flags"][self._index]  # type: ignore[no-any-return]

    @property
    def _handle(self) -> int:
        return lib.batch_event(self.batch._handle, self._index)  # type: ignore[no-any-return]

    def as_dict(self) -> dict[str, Any]:
        """All of it, named as the columns of Batch.to_arrow() are."""
        return {"region": self.region, "log_group": self.log_group, "log_stream": self.log_stream,
                "timestamp": self.timestamp_ms, "ingestion_time": self.ingestion_time_ms,
                "event_id": self.event_id, "message": self.message, "payload": self.payload,
                "identifier": self.identifier, "flags": self._flags}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Event) and self.batch is other.batch and self._index == other._index

    def __hash__(self) -> int:
        return hash((id(self.batch), self._index))

    def __repr__(self) -> str:
        return "<awslogsrc.Event %s %s at %s>" % (self.region, self.event_id, self.timestamp.isoformat())


class Batch(Unique):
    """The new events of one answer of AWS, immutable. It lives as long as anything refers to it.

    A sequence in all it does, but none by name: polars would take it for rows of objects."""

    __slots__ = ("_context", "_notice", "_handle", "_count", "_columns", "_answering", "_answered",
                 "_next", "_free", "__weakref__")

    def __init__(self, context: Context, notice: int) -> None:
        """notice: take; it keeps the batch, and freeing it without an answer means nack."""
        self._context = context
        self._handle: int = lib.notice_batch(notice)
        self._count: int = lib.batch_count(self._handle)
        self._columns = Columns(self._handle)
        self._answering = self._answered = False
        self._next = 0  # the event that an iteration over the source goes on with
        self._notice = notice
        self._free = functools.partial(lib.notice_free, notice)

    # A function of Python would do, but for interrupts: one that comes when it begins is raised
    # there, where nobody sees it, and the rest is left out. In this there is no Python.
    __del__ = property(operator.attrgetter("_free"))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Event]:
        for index in range(self._count):
            yield Event(self, index)

    @overload
    def __getitem__(self, index: int) -> Event: ...

    @overload
    def __getitem__(self, index: slice) -> list[Event]: ...

    def __getitem__(self, index: Union[int, slice]) -> Union[Event, list[Event]]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._count))]
        if index < 0:
            index += self._count
        if not 0 <= index < self._count:
            raise IndexError("the batch has %d events" % self._count)
        return Event(self, index)

    def __contains__(self, event: object) -> bool:
        return isinstance(event, Event) and event.batch is self

    def index(self, event: Event) -> int:
        if event not in self:
            raise ValueError("the event is of another batch")
        return event._index

    def count(self, event: object) -> int:
        return int(event in self)

    def __repr__(self) -> str:
        return "<awslogsrc.Batch of %d events from %s>" % (self._count, self.region)

    @property
    def region(self) -> str:
        return lib.batch_region(self._handle).decode()  # type: ignore[no-any-return]

    @property
    def log_group(self) -> str:
        return lib.batch_log_group(self._handle).decode()  # type: ignore[no-any-return]

    @property
    def answered(self) -> bool:
        """Whether ack() or nack() was called."""
        return self._answered

    def cursor(self) -> Cursor:
        """The position of the region as it will be once the batch is acknowledged. Who commits it
        together with the events has every event exactly once."""
        with self._context._calls():
            return Cursor(create(lib.batch_cursor, self._handle))

    def ack(self) -> None:
        """It is done: its events do not come again."""
        self._answer(lib.batch_ack)

    def nack(self) -> None:
        """It is not done: its events will be read and delivered again."""
        self._answer(lib.batch_nack)

    def _answer(self, function: Any) -> None:
        with self._context._calls():
            check(_STATE if self._answered else 0)
            again, self._answering = self._answering, True  # an interrupt may have come in between
            status = function(self._handle)
            self._answered = True
            check(0 if again and status == _STATE else status)

    def to_arrow(self, *, payload: bool = True, copy: bool = False,
                 normalized: bool = False) -> ArrowBatch:
        """For pyarrow.record_batch(), polars.DataFrame() and whatever else knows the Arrow PyCapsule
        interface; the batch itself will do as well. payload: whether the column that has to be put
        together is wanted. copy: text as utf8 in place of utf8_view, for old consumers.
        normalized: one row a record, one column for each of its fields (awslogsrc/record.h), and
        identifier; what normalize() says, for all events at once."""
        flags = 0 if payload else declared.ARROW_NO_PAYLOAD
        flags |= declared.ARROW_COPY_TEXT if copy else 0
        flags |= declared.ARROW_RECORDS if normalized else 0
        return ArrowBatch(self, self._handle, flags)

    def __arrow_c_array__(self, requested_schema: Optional[object] = None) -> tuple[object, object]:
        return self.to_arrow().__arrow_c_array__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self.to_arrow().__arrow_c_schema__()
