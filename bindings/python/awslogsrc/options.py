"""The table of options, as the library has it."""
from __future__ import annotations

from typing import NamedTuple

from . import _declarations as declared
from ._library import lib


class Option(NamedTuple):
    name: str
    type: str  #: string secret boolean integer duration size list choice time path lines
    default: str
    help: str
    required: bool
    secret: bool


def options() -> list[Option]:
    """Every option that Source() takes as a keyword."""
    table = []
    for index in range(lib.option_count()):
        flags = lib.option_flags(index)
        name, kind, default, meaning = [function(index).decode() for function in (
            lib.option_name, lib.option_type, lib.option_default, lib.option_help)]
        table.append(Option(name, kind, default, meaning,
                            required=bool(flags & declared.OPTION_REQUIRED),
                            secret=bool(flags & declared.OPTION_SECRET)))
    return table
