"""Keys that the host provides."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple, Optional

from ._clerk import Answer, Clerk
from ._library import c_text, lib

if TYPE_CHECKING:
    from .context import Context

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Keys(NamedTuple):
    """What signs requests."""

    access_key: str
    secret_key: str
    session_token: Optional[str] = None
    expires_at: Optional[datetime] = None  #: with a time zone; None: never

    def __repr__(self) -> str:
        return "<awslogsrc.Keys %s>" % self.access_key


#: Called whenever keys are needed: at the start, and before they end. An awslogsrc.Error means that
#: there are none yet; it is called again after a pause.
Credentials = Callable[[], Keys]


class CredentialsClerk(Clerk):
    FAILED = -30  # NO_CREDENTIALS

    def __init__(self, context: Context, fetch: Credentials) -> None:
        self._fetch = fetch
        super().__init__(context, lib.queue_credentials_new, lib.credentials_unref)

    def _ask(self, kind: int, notice: int) -> Answer:
        keys = self._fetch()
        end = 0 if keys.expires_at is None else (keys.expires_at - _EPOCH) // timedelta(milliseconds=1)
        token = None if keys.session_token is None else c_text(keys.session_token, "session_token")
        access, secret = c_text(keys.access_key, "access_key"), c_text(keys.secret_key, "secret_key")
        return lambda: lib.notice_fetched(notice, access, secret, token, end)

    def _refusal(self, kind: int, notice: int, status: int, message: str) -> Answer:
        return lambda: lib.notice_refused(notice, status, message.encode("utf-8", "replace"))
