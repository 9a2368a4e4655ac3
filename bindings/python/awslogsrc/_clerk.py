"""Clerks: they answer what the library asks of something that is the host's."""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ._library import create, lib
from .errors import Error

if TYPE_CHECKING:
    from .context import Context

Answer = Callable[[], object]


class Clerk:
    """For one source. An awslogsrc.Error that the host raises is the answer; anything else that it
    raises is a failure, and is raised to whoever processes as well."""

    FAILED = 0  # the error number of a failure

    def __init__(self, context: Context, make: Any, free: Any) -> None:
        self._context = context
        self._free = free
        self._requests: dict[int, int] = {}  # notices, and their kinds
        self.handle = create(make, context._queue, context._add(self))

    def __del__(self, free_notice: Any = lib.notice_free) -> None:
        if hasattr(self, "handle"):
            for notice in self._requests:
                self._context._let_go(free_notice, notice)
            self._context._let_go(self._free, self.handle)

    def _take(self, kind: int, notice: int) -> bool:
        self._requests[notice] = kind
        return True

    def _work(self) -> None:
        while self._requests:
            notice, kind = next(iter(self._requests.items()))
            failure = None
            try:
                answer = self._ask(kind, notice)
            except Error as error:
                answer = self._refusal(kind, notice, error.code, str(error))
            except BaseException as error:
                answer = self._refusal(kind, notice, self.FAILED, "%s was raised" % type(error).__name__)
                failure = error
            with self._context._calls():
                answer()
                del self._requests[notice]
                lib.notice_free(notice)
            if failure is not None:
                raise failure

    def _ask(self, kind: int, notice: int) -> Answer:
        """Asks the host; returns what hands its answer on."""
        raise NotImplementedError

    def _refusal(self, kind: int, notice: int, status: int, message: str) -> Answer:
        raise NotImplementedError
