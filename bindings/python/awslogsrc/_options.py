"""Values of Python on their way to the options of the library."""
from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Union

from ._library import c_path, c_text, call, create, lib

OptionValue = Union[None, str, bool, int, float, timedelta, datetime, "os.PathLike[str]",
                    "list[str]", "tuple[str, ...]", "Mapping[str, str]"]


def _text(name: str, value: OptionValue) -> str:
    """A value of Python as the text that an option takes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, timedelta):
        return "%dms" % (value // timedelta(milliseconds=1))
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("%s: a datetime without time zone is no point in time" % name)
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    if isinstance(value, (list, tuple)):
        return ",".join(value)
    if isinstance(value, (str, int, float)):
        return str(value)
    raise TypeError("%s takes no %s" % (name, type(value).__name__))


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
        if name == "log_source_identifier_pattern" and isinstance(value, (list, tuple, Mapping)):
            for line in ["%s=%s" % item for item in value.items()] if isinstance(value, Mapping) else value:
                self._set(name, c_text(line, name))
        elif isinstance(value, os.PathLike):
            self._set(name, c_path(value, name))
        else:
            self._set(name, c_text(_text(name, value), name))

    def _set(self, name: str, text: bytes) -> None:
        call(lib.options_set, self.handle, c_text(name, "the name of an option"), text)
