"""The exception above all others."""
from __future__ import annotations


class Error(Exception):
    """What libawslogsrc answered. str() is one line for people: what failed, where, and what to do."""

    def __init__(self, code: int, name: str, message: str, *, retryable: bool = False,
                 fatal: bool = False, aws_code: str = "", request_id: str = "",
                 http_status: int = 0, hint: str = "", region: str = "") -> None:
        super().__init__(message)
        self.code = code  #: the number, AWSLOGSRC_E_*
        self.name = name  #: "ACCESS_DENIED"
        self.message = message
        self.retryable = retryable  #: the same call may succeed later by itself
        self.fatal = fatal  #: the handle it came from does no further work
        self.aws_code = aws_code  #: "AccessDeniedException", "" where AWS did not answer
        self.request_id = request_id
        self.http_status = http_status
        self.hint = hint  #: what to do about it, "" where nothing is known to help
        self.region = region  #: the region that has the trouble, "" where it is no region's

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.__dict__)


def _again(kind: type[Error], facts: dict[str, object]) -> Error:
    error = kind(0, "", str(facts["message"]))
    error.__dict__.update(facts)
    return error
