"""Cursors: how far one region of a source has been read."""
from __future__ import annotations

from ctypes import byref, c_size_t, c_void_p, string_at
from typing import Any, Union

from ._library import call, create, lib


class Cursor:
    """Immutable. str() of it is text to be kept, and Cursor.from_text() reads it."""

    __slots__ = ("_handle",)

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def __del__(self, free: Any = lib.cursor_free) -> None:
        if hasattr(self, "_handle"):
            free(self._handle)

    @classmethod
    def from_text(cls, text: Union[str, bytes]) -> Cursor:
        data = text.encode() if isinstance(text, str) else text
        return cls(create(lib.cursor_from_text, data, len(data)))

    def __str__(self) -> str:
        out, size = c_void_p(), c_size_t()
        call(lib.cursor_to_text, self._handle, byref(out), byref(size))
        try:
            return string_at(out.value or 0, size.value).decode("ascii")
        finally:
            lib.cursor_text_free(out)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cursor) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __reduce__(self) -> tuple[object, ...]:
        return Cursor.from_text, (str(self),)

    @property
    def position_ms(self) -> int:
        """The first event time, in ms since 1970 UTC, that is not read and acknowledged."""
        return lib.cursor_position_ms(self._handle)  # type: ignore[no-any-return]

    @property
    def lag_ms(self) -> int:
        """How far that lies behind the server time at which the last scan began."""
        return lib.cursor_lag_ms(self._handle)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return "<awslogsrc.Cursor at %d ms>" % self.position_ms
