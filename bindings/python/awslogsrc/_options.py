"""Values of Python on their way to the options of the library."""
from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Union

from ._library import call, create, lib, text_for

OptionValue = Union[None, str, bool, int, float, timedelta, datetime, "os.PathLike[str]",
                    "list[str]", "tuple[str, ...]", "Mapping[str, str]"]


def option_text(value: OptionValue) -> str:
    """A value of Python as the text that an option takes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, timedelta):
        return "%dms" % (value // timedelta(milliseconds=1))
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a datetime without time zone is no point in time")
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    if isinstance(value, (list, tuple)):
        return ",".join(value)
    return os.fsdecode(value) if isinstance(value, os.PathLike) else str(value)


class Options:
    """A set of options on its way to a source."""

    def __init__(self) -> None:
        self.handle = create(lib.options_new)

    def __del__(self, free: Any = lib.options_free) -> None:
        if hasattr(self, "handle"):
            free(self.handle)

    def set(self, name: str, value: OptionValue) -> None:
        if value is None:
            return
        if name == "log_source_identifier_pattern" and not isinstance(value, str):
            lines = ["%s=%s" % item for item in value.items()] if isinstance(value, Mapping) else value
            for line in lines:  # type: ignore[union-attr]
                self._set(name, line)
        else:
            self._set(name, option_text(value))

    def _set(self, name: str, text: str) -> None:
        call(lib.options_set, self.handle, text_for(name), text_for(text))
