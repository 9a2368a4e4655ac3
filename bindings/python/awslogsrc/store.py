"""Stores: where positions are kept between runs."""
from __future__ import annotations

import os
from ctypes import string_at
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _declarations as declared
from ._library import bytes_of, create, lib
from .errors import Error

if TYPE_CHECKING:
    from .context import Context

_E_STORE = -44


class Store:
    """A store of your own: derive from it. Both methods run in the thread that processes. An
    awslogsrc.Error means that it failed, and is tried again later; anything else that is raised is
    raised by process(), run() or the iteration as well."""

    def load(self, key: str) -> Optional[bytes]:
        """What is stored under a key ("SOURCE/REGION"): the last snapshot and the records written
        after it, concatenated in order. None: nothing."""
        raise NotImplementedError

    def write(self, key: str, data: bytes, snapshot: bool) -> None:
        """Stores a snapshot, which replaces all that was stored under the key, or a record, which is
        appended to that. It is durable when this returns."""
        raise NotImplementedError


class _Native:
    """A store of the library's own."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def __del__(self, free: Any = lib.store_free) -> None:
        if hasattr(self, "_handle"):
            free(self._handle)


class FileStore(_Native):
    """Files in a folder, as with the option state_dir."""

    def __init__(self, path: Union[str, os.PathLike[str]]) -> None:
        super().__init__(create(lib.store_file_new, os.fsencode(path)))


class MemoryStore(_Native):
    """Positions that live as long as the store does."""

    def __init__(self) -> None:
        super().__init__(create(lib.store_memory_new))


AnyStore = Union[Store, FileStore, MemoryStore]


class StoreClerk:
    """Answers the library's requests to one store of the host's, for one source."""

    def __init__(self, context: Context, store: Store) -> None:
        self._context = context
        self._store = store
        self._requests: dict[int, int] = {}  # notices, and their kinds
        self.handle = create(lib.queue_store_new, context._queue, context._add(self))

    def __del__(self, getpid: Any = os.getpid, free: Any = lib.store_free,
                free_notice: Any = lib.notice_free) -> None:
        if hasattr(self, "handle") and getpid() == self._context._owner:
            with self._context._lock:
                for notice in self._requests:
                    free_notice(notice)
                free(self.handle)

    def _take(self, kind: int, notice: int) -> bool:
        self._requests[notice] = kind
        return True

    def _work(self) -> None:
        while self._requests:
            notice, kind = next(iter(self._requests.items()))
            status, data, failure = 0, b"", None
            try:
                data = self._ask(kind, notice)
            except Error as error:
                status = error.code
            except BaseException as error:
                status, failure = _E_STORE, error
            with self._context._calls():
                self._answer(kind, notice, status, data)
                del self._requests[notice]
                lib.notice_free(notice)
            if failure is not None:
                raise failure

    def _ask(self, kind: int, notice: int) -> bytes:
        key = lib.notice_text(notice).decode()
        if kind == declared.NOTICE_LOAD:
            return self._store.load(key) or b""
        data = bytes_of(lib.notice_data, notice)
        if data:  # none: it is answered, and an interrupt came behind that
            self._store.write(key, data, lib.notice_number(notice) == declared.STORE_SNAPSHOT)
        return b""

    def _answer(self, kind: int, notice: int, status: int, data: bytes) -> None:
        if kind == declared.NOTICE_LOAD:
            lib.notice_loaded(notice, status, data, len(data))
        else:
            lib.notice_written(notice, status)
