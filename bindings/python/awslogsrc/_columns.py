"""The events of a batch column by column: one call of the library lays all of them out for Arrow,
and a column becomes a list when one of its values is asked for first."""
from __future__ import annotations

import ctypes
import operator
import struct
from collections.abc import Callable
from ctypes import POINTER, byref, c_char_p, c_int, c_int64, c_ssize_t, c_void_p, string_at
from typing import Any, Optional

from . import _declarations as declared
from ._arrow import Array, release_of
from ._library import call, lib

#: Without payload, which is laid out behind message only where it is wanted.
_NAMES = ("region", "log_group", "log_stream", "timestamp", "ingestion_time", "event_id", "message",
          "identifier", "flags")
_PAYLOAD = _NAMES.index("message") + 1
_FORMATS = {"timestamp": "q", "ingestion_time": "q", "flags": "i"}

# A view of text: its size; then the text, or where that is longer its first bytes, the number of
# the place that it is in, and the offset there.
_VIEW_SIZE, _INLINE_AT, _INLINE_MAX = 16, 4, 12

_Cutter = Callable[[int, int], str]  # of an offset and a size

_api = ctypes.pythonapi
_decode_ascii: Any = _api.PyUnicode_DecodeASCII
_decode_ascii.restype, _decode_ascii.argtypes = ctypes.py_object, [c_void_p, c_ssize_t, c_char_p]
_view_memory: Any = _api.PyMemoryView_FromMemory
_view_memory.restype, _view_memory.argtypes = ctypes.py_object, [c_void_p, c_ssize_t, c_int]
_READ = 0x100  # PyBUF_READ


class Columns(dict[str, "list[Any]"]):
    """Lists of str and int, by the names that the columns have in Arrow. They belong to a batch,
    which outlives them."""

    __slots__ = ("_batch", "_layout")

    def __init__(self, batch: int) -> None:
        self._batch = batch
        self._layout: Optional[_Layout] = None

    def __missing__(self, name: str) -> list[Any]:
        values: list[Any]
        if name == "payload":
            values = _Layout(self._batch, 0).texts(_PAYLOAD)
        else:
            if self._layout is None:
                self._layout = _Layout(self._batch, declared.ARROW_NO_PAYLOAD)
            number = _NAMES.index(name)
            if name in _FORMATS:
                values = self._layout.numbers(number, _FORMATS[name])
            else:
                values = self._layout.texts(number)
        self[name] = values
        return values


class _Layout:
    """The struct array that a batch is for Arrow."""

    def __init__(self, batch: int, flags: int) -> None:
        array = Array()
        call(lib.batch_export_arrow, batch, flags, None, byref(array))
        self._free = release_of(array)
        self._array = array
        self._count: int = array.length
        self._columns = ctypes.cast(array.children, POINTER(POINTER(Array)))

    __del__ = property(operator.attrgetter("_free"))  # as in Batch

    def numbers(self, number: int, of: str) -> list[int]:
        """of: the kind, as in struct."""
        size = struct.calcsize(of) * self._count
        values = _view_memory(self._buffers(number)[1] or 0, size, _READ)
        return values.cast(of).tolist()  # type: ignore[no-any-return]

    def texts(self, number: int) -> list[str]:
        if self._count == 0:
            return []
        buffers = self._buffers(number)
        views = string_at(buffers[1], _VIEW_SIZE * self._count)
        count: int = self._columns[number].contents.n_buffers - 3
        sizes = ctypes.cast(buffers[2 + count], POINTER(c_int64))
        cutters = [_cutter(buffers[2 + i], sizes[i]) for i in range(count)]
        if views == views[:_VIEW_SIZE] * self._count:
            return _cut(views[:_VIEW_SIZE], cutters) * self._count
        return _cut(views, cutters)

    def _buffers(self, number: int) -> Any:
        return ctypes.cast(self._columns[number].contents.buffers, POINTER(c_void_p))


def _cut(views: bytes, cutters: list[_Cutter]) -> list[str]:
    numbers = memoryview(views).cast("i")
    sizes, places, offsets = (numbers[i::4].tolist() for i in (0, 2, 3))
    if len(cutters) == 1 and min(sizes) > _INLINE_MAX:
        return list(map(cutters[0], offsets, sizes))
    texts = []
    for i, size in enumerate(sizes):
        if size > _INLINE_MAX:
            texts.append(cutters[places[i]](offsets[i], size))
        else:
            start = _VIEW_SIZE * i + _INLINE_AT
            texts.append(views[start:start + size].decode())
    return texts


def _cutter(address: int, size: int) -> _Cutter:
    """Makes str of parts of one place. Where all of it is ASCII it is one str before."""
    try:
        text: str = _decode_ascii(address, size, None)
    except UnicodeDecodeError:
        data = _view_memory(address, size, _READ)
        return lambda start, length: str(data[start:start + length], "utf-8")
    return lambda start, length: text[start:start + length]
