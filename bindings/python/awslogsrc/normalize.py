"""Events as fields with names and types, and in the forms that a SIEM takes."""
from __future__ import annotations

import functools
import json
import os
import threading
from ctypes import byref, c_size_t, c_void_p, string_at
from typing import Any, Optional, Union

from ._batch import Event
from ._library import Unique, c_text, call, create, lib
from ._options import Options

AnyEvent = Union[Event, str, bytes]


class Encoder(Unique):
    """Makes text of events: format="json", "ecs", "ocsf", "leef", "cef" or "original", and whatever
    else awslogsrc_encoder_set() knows. log_source_type and vpc_flow_format are for text from
    elsewhere; an event brings those of its source."""

    def __init__(self, format: str = "json", *, log_source_type: Optional[str] = None,
                 vpc_flow_format: Optional[str] = None, **settings: str) -> None:
        self._lock = threading.Lock()  # a record and an encoder are used by one thread at a time
        self._record = c_void_p()
        self._handle = create(lib.encoder_new)
        for name, value in {"format": format, **settings}.items():
            call(lib.encoder_set, self._handle, c_text(name, "the name of a setting"), c_text(value, name))
        self._options = Options()
        self._options.set("log_source_type", log_source_type)
        self._options.set("vpc_flow_format", vpc_flow_format)

    def __del__(self, free: Any = lib.encoder_free, free_record: Any = lib.record_free) -> None:
        if hasattr(self, "_handle"):
            free(self._handle)
            free_record(self._record)

    def encode(self, event: AnyEvent) -> list[bytes]:
        """One text; of a message {"Records":[...]} one for each of its events."""
        with self._lock:
            if isinstance(event, Event):
                call(lib.record_parse, byref(self._record), event._handle)
            else:
                text = event.encode() if isinstance(event, str) else event
                call(lib.record_parse_text, byref(self._record), text, len(text), self._options.handle)
            texts = [self._encode()]
            while lib.record_next(self._record) == 1:
                texts.append(self._encode())
            return texts

    def _encode(self) -> bytes:
        data, size = c_void_p(), c_size_t()
        call(lib.encode, self._handle, self._record, byref(data), byref(size))
        return string_at(data.value or 0, size.value)


# process: another thread may be at work with the encoder of a process that forks.
@functools.lru_cache(maxsize=16)
def _encoder(log_source_type: Optional[str], vpc_flow_format: Optional[str], process: int) -> Encoder:
    return Encoder(log_source_type=log_source_type, vpc_flow_format=vpc_flow_format)


def normalize(event: AnyEvent, *, log_source_type: Optional[str] = None,
              vpc_flow_format: Optional[str] = None) -> list[dict[str, Any]]:
    """The fields that an event has, by their names: awslogsrc/record.h lists them. One record; of a
    message {"Records":[...]} one for each of its events."""
    encoder = _encoder(log_source_type, vpc_flow_format, os.getpid())
    return [json.loads(text) for text in encoder.encode(event)]
