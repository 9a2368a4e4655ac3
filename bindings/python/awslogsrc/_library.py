"""The shared library: found, loaded, declared; errors made exceptions, text made str."""
from __future__ import annotations

import ctypes
import ctypes.util
import os
from ctypes import byref, c_size_t, c_void_p
from typing import Any, Callable, Optional, Union

from . import _declarations as declared
from .errors import BY_CODE, Error

SONAME = "libawslogsrc.so.1"

# Calls that only look something up keep the interpreter's lock: letting go of it costs more.
_LOOK_UP = ("awslogsrc_event_", "awslogsrc_notice_", "awslogsrc_error_", "awslogsrc_option_",
            "awslogsrc_queue_next", "awslogsrc_queue_first", "awslogsrc_batch_count", "awslogsrc_batch_event",
            "awslogsrc_batch_region", "awslogsrc_batch_log_group", "awslogsrc_batch_ref")


def _find() -> str:
    """$AWSLOGSRC_LIBRARY, the one that came with this package, or the system's."""
    chosen = os.environ.get("AWSLOGSRC_LIBRARY")
    if chosen:
        return chosen
    own = os.path.join(os.path.dirname(os.path.abspath(__file__)), SONAME)
    return own if os.path.exists(own) else SONAME


class _Library:
    """awslogsrc_NAME() is .NAME()."""

    def __init__(self, path: str) -> None:
        try:
            releasing, keeping = ctypes.CDLL(path), ctypes.PyDLL(path)
        except OSError as error:
            raise ImportError("libawslogsrc is not installed, and AWSLOGSRC_LIBRARY does not name it: %s"
                              % error) from None
        self.path = path
        for name, (result, arguments) in declared.FUNCTIONS.items():
            dll = keeping if name.startswith(_LOOK_UP) else releasing
            function = getattr(dll, name, None)
            if function is None:
                raise ImportError("%s is older than this package: it has no %s()" % (path, name))
            function.restype, function.argtypes = result, arguments
            setattr(self, name[len("awslogsrc_"):], function)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


lib = _Library(_find())

_ROWS = {row[0]: row for row in declared.ERRORS}

_decode: Any = ctypes.pythonapi.PyUnicode_DecodeUTF8
_decode.restype, _decode.argtypes = ctypes.py_object, [c_void_p, ctypes.c_ssize_t, c_void_p]
_copy: Any = ctypes.pythonapi.PyBytes_FromStringAndSize
_copy.restype, _copy.argtypes = ctypes.py_object, [c_void_p, ctypes.c_ssize_t]


def text_of(function: Callable[..., Any], handle: Any) -> str:
    """What a function that lends text with its size says, as str."""
    size = c_size_t()
    pointer = function(handle, byref(size))
    text: str = _decode(pointer, size.value, None) if pointer else ""
    return text


def bytes_of(function: Callable[..., Any], handle: Any) -> bytes:
    size = c_size_t()
    pointer = function(handle, byref(size))
    data: bytes = _copy(pointer, size.value) if pointer else b""
    return data


def _string(value: Optional[bytes]) -> str:
    return "" if value is None else value.decode("utf-8", "replace")


def make_error(status: int, message: str = "", region: str = "") -> Error:
    """An exception of an error number alone."""
    _, name, _, retryable, fatal, meaning = _ROWS.get(
        status, (status, "UNKNOWN", "", False, False, "unknown error"))
    return BY_CODE.get(status, Error)(status, name, message or meaning, retryable=retryable,
                                      fatal=fatal, region=region)


def copy_error(handle: Any, region: str = "") -> Error:
    """An exception of an error object, which stays the library's."""
    error = make_error(lib.error_code(handle), _string(lib.error_message(handle)), region)
    error.retryable = bool(lib.error_is_retryable(handle))
    error.fatal = bool(lib.error_is_fatal(handle))
    error.aws_code = _string(lib.error_aws_code(handle))
    error.request_id = _string(lib.error_request_id(handle))
    error.hint = _string(lib.error_hint(handle))
    error.http_status = lib.error_http_status(handle)
    return error


def check(status: int) -> int:
    if status < 0:
        raise make_error(status)
    return status


def c_text(text: str, what: str) -> bytes:
    """For a function that reads it up to a NUL. What Python has made of bytes that are no UTF-8, in the name of
    a file say, is bytes again."""
    if not isinstance(text, str):
        raise TypeError("%s is a str, not %s" % (what, type(text).__name__))
    return _without_nul(text.encode("utf-8", "surrogateescape"), what)


def c_path(path: Union[str, bytes, os.PathLike[str]], what: str) -> bytes:
    return _without_nul(os.fsencode(path), what)


def _without_nul(data: bytes, what: str) -> bytes:
    if b"\0" in data:
        raise ValueError("%s has a NUL in it" % what)
    return data


def call(function: Callable[..., int], *arguments: Any) -> int:
    """Calls a function whose last parameter is where the error goes."""
    place = c_void_p()
    status = function(*arguments, byref(place))
    if status >= 0:
        return status
    if not place:
        raise make_error(status)
    error = copy_error(place)
    lib.error_free(place)
    raise error


def create(function: Callable[..., int], *arguments: Any) -> int:
    """Calls a function whose last parameters are where the new handle and the error go."""
    out = c_void_p()
    call(function, *arguments, byref(out))
    assert out.value is not None
    return out.value


class Unique:
    """What owns a handle: a copy would free it again, and in another process it is any address."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("%s can be neither copied nor pickled" % type(self).__name__)


def version() -> str:
    """The version of the library and of what it is linked with."""
    return _string(lib.version())
