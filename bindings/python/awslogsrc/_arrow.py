"""Batches through the Arrow PyCapsule interface.

https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html
"""
from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, POINTER, PYFUNCTYPE, Structure, c_char_p, c_int64, c_size_t, c_void_p
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


_Release = CFUNCTYPE(None, c_void_p)

_api = ctypes.pythonapi
_allocate = _api.PyMem_RawCalloc
_allocate.restype, _allocate.argtypes = c_void_p, [c_size_t, c_size_t]
_free = _api.PyMem_RawFree
_free.restype, _free.argtypes = None, [c_void_p]
_pointer = _api.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = c_void_p, [ctypes.py_object, c_char_p]
# A destructor sees a capsule that has no references any more: it must not become an object again.
_pointer_of_dying = PYFUNCTYPE(c_void_p, c_void_p, c_char_p)(("PyCapsule_GetPointer", _api))


def _destructor(kind: Any, name: bytes) -> Any:
    def destroy(capsule: int, kind: Any = kind, name: bytes = name, pointer: Any = _pointer_of_dying,
                release: Any = _Release, free: Any = _free) -> None:
        address = pointer(capsule, name)
        data = kind.from_address(address)
        if data.release:  # nobody has taken it
            release(data.release)(address)
        free(address)
    return PYFUNCTYPE(None, c_void_p)(destroy)


SCHEMA, ARRAY = b"arrow_schema", b"arrow_array"
_destroy = {SCHEMA: _destructor(Schema, SCHEMA), ARRAY: _destructor(Array, ARRAY)}
_new_capsule = _api.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [c_void_p, c_char_p, c_void_p]


def make_capsule(kind: Any, name: bytes) -> tuple[object, Any]:
    """A capsule with an empty struct in it, and the address of that."""
    address = _allocate(1, ctypes.sizeof(kind))
    if not address:
        raise MemoryError
    return _new_capsule(address, name, ctypes.cast(_destroy[name], c_void_p)), address


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
        schema_capsule, schema = make_capsule(Schema, SCHEMA)
        array_capsule, array = make_capsule(Array, ARRAY)
        call(lib.batch_export_arrow, self._handle, flags, schema, array)
        return schema_capsule, array_capsule

    def __arrow_c_schema__(self) -> object:
        capsule, schema = make_capsule(Schema, SCHEMA)
        call(lib.batch_export_arrow, None, self._flags, schema, None)
        return capsule
