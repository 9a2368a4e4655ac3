"""Stores: where positions are kept between runs."""
from __future__ import annotations

import os
from ctypes import string_at
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _declarations as declared
from ._clerk import Answer, Clerk
from ._library import Unique, bytes_of, c_path, create, lib

if TYPE_CHECKING:
    from .context import Context


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


class _Native(Unique):
    """A store of the library's own."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def __del__(self, free: Any = lib.store_free) -> None:
        if hasattr(self, "_handle"):
            free(self._handle)


class FileStore(_Native):
    """Files in a folder, as with the option state_dir."""

    def __init__(self, path: Union[str, os.PathLike[str]]) -> None:
        super().__init__(create(lib.store_file_new, c_path(path, "path")))


class MemoryStore(_Native):
    """Positions that live as long as the store does."""

    def __init__(self) -> None:
        super().__init__(create(lib.store_memory_new))


AnyStore = Union[Store, FileStore, MemoryStore]


class StoreClerk(Clerk):
    FAILED = -44  # STORE

    def __init__(self, context: Context, store: Store) -> None:
        self._store = store
        super().__init__(context, lib.queue_store_new, lib.store_free)

    def _ask(self, kind: int, notice: int) -> Answer:
        key = lib.notice_text(notice).decode()
        if kind == declared.NOTICE_LOAD:
            found = b"".join([self._store.load(key) or b""])  # what is no bytes is refused here
            return lambda: lib.notice_loaded(notice, 0, found, len(found))
        data = bytes_of(lib.notice_data, notice)
        if data:  # none: it is answered, and an interrupt came behind that
            self._store.write(key, data, lib.notice_number(notice) == declared.STORE_SNAPSHOT)
        return lambda: lib.notice_written(notice, 0)

    def _refusal(self, kind: int, notice: int, status: int, message: str) -> Answer:
        if kind == declared.NOTICE_LOAD:
            return lambda: lib.notice_loaded(notice, status, None, 0)
        return lambda: lib.notice_written(notice, status)
