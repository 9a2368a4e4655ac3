#!/usr/bin/env python3
"""Follows a log group and prints its messages: tail.py REGIONS LOG_GROUP"""
import sys

import awslogsrc


def tell(status):
    """Troubles of a region: they pass, or the message says what to do."""
    if status.error is not None:
        print(status.region, status.error, file=sys.stderr)


if len(sys.argv) != 3:
    sys.exit(__doc__)
try:
    with awslogsrc.Source(regions=sys.argv[1], log_group=sys.argv[2], on_status=tell) as source:
        for event in source:
            print(event.message, flush=True)
except awslogsrc.Error as error:
    sys.exit("%s: %s" % (error.name, error))
except KeyboardInterrupt:
    pass
