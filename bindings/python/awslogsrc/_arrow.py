"""Batches through the Arrow PyCapsule interface.

https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html
"""
from __future__ import annotations

import ctypes
import functools
import sys
import threading
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int64, c_void_p
from typing import Any, Optional

from . import _declarations as declared
from ._library import call, lib


class Schema(Structure):
    _fields_ = [("format", c_char_p), ("name", c_char_p), ("metadata", c_char_p), ("flags", c_int64),
                ("n_children", c_int64), ("children", POINTER(c_void_p)), ("dictionary", c_void_p),
                ("release", c_void_p), ("private_data", c_void_p)]


class Array(Structure):
    _fields_ = [("length", c_int64), ("null_count", c_int64), ("offset", c_int64), ("n_buffers", c_int64),
                ("n_children", c_int64), ("buffers", c_void_p), ("children", c_void_p),
                ("dictionary", c_void_p), ("release", c_void_p), ("private_data", c_void_p)]


_api = ctypes.pythonapi
_pointer = _api.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = c_void_p, [ctypes.py_object, c_char_p]
_new_capsule = _api.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [c_void_p, c_char_p, c_void_p]

SCHEMA, ARRAY = b"arrow_schema", b"arrow_array"


def release_of(data: Any) -> Optional[functools.partial[None]]:
    """What releases a struct; None where that has happened, or a consumer has moved it out."""
    if not data.release:
        return None
    return functools.partial(CFUNCTYPE(None, c_void_p)(data.release), ctypes.addressof(data))


# A capsule's destructor would have to be a function of C: where capsules die an exception may be on
# its way, and ends in any call of Python. So ours have none. What is in them is kept here, and goes
# once nobody else has the capsule: looked after with each export and each turn of a context.
_exported: list[tuple[object, Any]] = []
_sweeping = threading.Lock()


def _references(entry: tuple[object, Any]) -> int:
    return sys.getrefcount(entry[0])


_ALONE = _references((object(), None))


def sweep() -> None:
    """Releases what nobody has taken and nobody can take any more."""
    if not _exported or not _sweeping.acquire(False):
        return
    try:
        for index in range(len(_exported) - 1, -1, -1):
            entry = _exported[index]
            if _references(entry) == _ALONE:
                release = release_of(entry[1])
                if release is not None:
                    release()
                del _exported[index]
    finally:
        _sweeping.release()


def _make_capsule(data: Any, name: bytes) -> object:
    capsule: object = _new_capsule(ctypes.addressof(data), name, None)
    _exported.append((capsule, data))
    return capsule


def _wants_copies(requested: object) -> bool:
    """Whether a consumer asks for utf8 in place of utf8_view: then it gets what it asks for. What
    else it asks for is its own affair, as the protocol has it."""
    schema = Schema.from_address(_pointer(requested, SCHEMA))
    formats = [Schema.from_address(schema.children[i]).format for i in range(schema.n_children)]
    return any(text in (b"u", b"U") for text in formats) and b"vu" not in formats


class ArrowBatch:
    """A batch, laid out for Arrow. The memory stays the batch's."""

    __slots__ = ("_batch", "_handle", "_flags")

    def __init__(self, batch: object, handle: int, flags: int) -> None:
        self._batch = batch
        self._handle = handle
        self._flags = flags

    def __arrow_c_array__(self, requested_schema: Optional[object] = None) -> tuple[object, object]:
        flags = self._flags
        if requested_schema is not None and _wants_copies(requested_schema):
            flags |= declared.ARROW_COPY_TEXT
        schema, array = Schema(), Array()
        sweep()
        call(lib.batch_export_arrow, self._handle, flags, byref(schema), byref(array))
        return _make_capsule(schema, SCHEMA), _make_capsule(array, ARRAY)

    def __arrow_c_schema__(self) -> object:
        schema = Schema()
        sweep()
        call(lib.batch_export_arrow, None, self._flags, byref(schema), None)
        return _make_capsule(schema, SCHEMA)
