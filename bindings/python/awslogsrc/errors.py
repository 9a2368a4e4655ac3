"""Exceptions: one for each error of libawslogsrc, one above them for each class of errors, and Error.
Written by generate.py; do not edit."""
from __future__ import annotations

from ._error import Error

__all__ = [
    "Error",
    "CallerError",
    "OptionError",
    "SystemError",
    "NetworkError",
    "ProtocolError",
    "CredentialsError",
    "AwsError",
    "InternalError",
    "InvalidError",
    "NoMemoryError",
    "ReentrantError",
    "ForkedError",
    "StateError",
    "OptionUnknownError",
    "OptionValueError",
    "OptionMissingError",
    "NotAvailableError",
    "FileError",
    "FileSyntaxError",
    "NameLookupError",
    "ConnectError",
    "TimeoutError",
    "TlsError",
    "ProxyError",
    "TooLargeError",
    "NoCredentialsError",
    "CredentialsRejectedError",
    "CredentialsExpiredError",
    "AccessDeniedError",
    "NotFoundError",
    "BadRequestError",
    "ThrottledError",
    "ServiceError",
    "ClockSkewError",
    "TokenError",
    "CursorDamagedError",
    "CursorVersionError",
    "CursorForeignError",
    "LockedError",
    "StoreError",
]


class CallerError(Error):
    """The program that embeds the library."""


class OptionError(Error):
    """Whoever wrote the configuration."""


class SystemError(Error):
    """This machine: memory, files, descriptors."""


class NetworkError(Error):
    """Between here and AWS."""


class ProtocolError(Error):
    """An answer that makes no sense."""


class CredentialsError(Error):
    """Keys."""


class AwsError(Error):
    """AWS understood and refused."""


class InternalError(Error):
    """A defect of the library."""


class InvalidError(CallerError):
    """Invalid argument."""


class NoMemoryError(SystemError):
    """Out of memory."""


class ReentrantError(CallerError):
    """Not allowed inside a callback."""


class ForkedError(CallerError):
    """The handle belongs to the parent process."""


class StateError(CallerError):
    """Not allowed in this state."""


class OptionUnknownError(OptionError):
    """Unknown option."""


class OptionValueError(OptionError):
    """Bad option value."""


class OptionMissingError(OptionError):
    """An option is missing or contradicts another."""


class NotAvailableError(OptionError):
    """Not supported."""


class FileError(SystemError):
    """File cannot be read."""


class FileSyntaxError(OptionError):
    """Bad syntax in a file."""


class NameLookupError(NetworkError):
    """Host name not found."""


class ConnectError(NetworkError):
    """Connection refused or unreachable."""


class TimeoutError(NetworkError):
    """Timed out."""


class TlsError(NetworkError):
    """TLS failed."""


class ProxyError(NetworkError):
    """Proxy failed."""


class TooLargeError(ProtocolError):
    """Answer exceeds a limit."""


class NoCredentialsError(CredentialsError):
    """No credentials."""


class CredentialsRejectedError(CredentialsError):
    """Credentials rejected."""


class CredentialsExpiredError(CredentialsError):
    """Credentials expired."""


class AccessDeniedError(AwsError):
    """Access denied."""


class NotFoundError(AwsError):
    """Log group or stream not found."""


class BadRequestError(AwsError):
    """Request refused as invalid."""


class ThrottledError(AwsError):
    """Throttled."""


class ServiceError(AwsError):
    """Service failed."""


class ClockSkewError(AwsError):
    """Clock differs from the service's."""


class TokenError(AwsError):
    """Page token invalid or expired."""


class CursorDamagedError(SystemError):
    """Cursor damaged."""


class CursorVersionError(OptionError):
    """Cursor written by a newer version."""


class CursorForeignError(OptionError):
    """Cursor belongs to another source."""


class LockedError(SystemError):
    """In use by another process."""


class StoreError(SystemError):
    """Cursor cannot be stored."""


BY_CODE: dict[int, type[Error]] = {
    -1: InvalidError,
    -2: NoMemoryError,
    -3: ReentrantError,
    -4: ForkedError,
    -5: StateError,
    -6: SystemError,
    -7: InternalError,
    -10: OptionUnknownError,
    -11: OptionValueError,
    -12: OptionMissingError,
    -13: NotAvailableError,
    -14: FileError,
    -15: FileSyntaxError,
    -20: NameLookupError,
    -21: ConnectError,
    -22: TimeoutError,
    -23: TlsError,
    -24: ProxyError,
    -25: NetworkError,
    -26: ProtocolError,
    -27: TooLargeError,
    -30: NoCredentialsError,
    -31: CredentialsRejectedError,
    -32: CredentialsExpiredError,
    -33: AccessDeniedError,
    -34: NotFoundError,
    -35: BadRequestError,
    -36: ThrottledError,
    -37: ServiceError,
    -38: ClockSkewError,
    -39: TokenError,
    -40: CursorDamagedError,
    -41: CursorVersionError,
    -42: CursorForeignError,
    -43: LockedError,
    -44: StoreError,
}
