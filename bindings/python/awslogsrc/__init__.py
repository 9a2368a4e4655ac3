"""Every event of Amazon CloudWatch Logs groups, from libawslogsrc.

    with awslogsrc.Source(regions="eu-central-1", log_group="CloudTrail/logs") as source:
        for event in source:
            print(event.timestamp, event.message)
"""
from __future__ import annotations

from . import errors
from ._arrow import ArrowBatch
from ._batch import Batch, Event
from ._library import version
from ._options import OptionValue
from .check import Result, Step
from .context import Context
from .credentials import Keys
from .cursor import Cursor
from .errors import Error
from .normalize import Encoder, normalize
from .options import Option, options
from ._declarations import State
from .source import HOLD, Batches, Hold, Source, Status
from .store import FileStore, MemoryStore, Store

__version__ = "0.9.0"

__all__ = ["HOLD", "ArrowBatch", "Batch", "Batches", "Context", "Cursor", "Encoder", "Error", "Event",
           "FileStore", "Hold", "Keys", "MemoryStore", "Option", "OptionValue", "Result", "Source", "State", "Status", "Step",
           "Store", "errors", "normalize", "options", "version"]
