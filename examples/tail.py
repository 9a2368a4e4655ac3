#!/usr/bin/env python3
"""Follows a log group and prints its messages: tail.py REGIONS LOG_GROUP [STATE_DIR]"""
import sys

import awslogsrc


def tell(status):
    """Troubles of a region: they pass, or the message says what to do."""
    if status.error is not None:
        print(status.region, status.error, file=sys.stderr)


def main(regions, log_group, state_dir=None):
    try:
        with awslogsrc.Source(regions=regions, log_group=log_group, state_dir=state_dir,
                              on_status=tell) as source:
            for event in source:
                print(event.message, flush=True)
    except awslogsrc.Error as error:
        sys.exit("%s: %s" % (error.name, error))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
