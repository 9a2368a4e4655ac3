"""Checks: everything that a source needs, step by step."""
from __future__ import annotations

import enum
from typing import Any, NamedTuple

from . import _declarations as declared
from ._library import lib, text_of


class Result(enum.IntEnum):
    OK = declared.STEP_OK
    FAILED = declared.STEP_FAILED
    SKIPPED = declared.STEP_SKIPPED  #: nothing to check, or an earlier step failed


class Step(NamedTuple):
    """What became of one step."""

    name: str
    region: str  #: "" where it is the source's own
    result: Result
    duration_ms: int  #: -1 where that is not known
    detail: str  #: what was found, or the cause of the failure
    remedy: str  #: what to do about a failure, in a sentence


def read_report(report: Any) -> list[Step]:
    steps = (lib.check_step(report, index) for index in range(lib.check_count(report)))
    return [Step(lib.step_name(step).decode(), lib.step_region(step).decode(), Result(lib.step_result(step)),
                 lib.step_duration_ms(step), text_of(lib.step_detail, step), lib.step_remedy(step).decode())
            for step in steps]
