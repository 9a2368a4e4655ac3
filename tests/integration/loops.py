#!/usr/bin/env python3
"""The loops that examples/ shows, and asyncio_loop.py: each collects with one watcher and no timer of ours, and beside
it the host's own timer goes on ticking.

    loops.py SIMULATOR LIBRARY PROGRAM...
"""
import os
import re
import subprocess
import sys

import events

HERE = os.path.dirname(os.path.abspath(__file__))


def start(command, simulator):
    environment = dict(events.environment(), AWS_ENDPOINT_URL=simulator.url, AWS_ACCESS_KEY_ID=events.ACCESS_KEY,
                       AWS_SECRET_ACCESS_KEY=events.SECRET_KEY)
    return events.start([*command, "us-east-1", events.GROUP], env=environment, stdout=subprocess.PIPE, text=True)


def check(process):
    """The lines come from the host's timer, the number from the library's callback."""
    count = 0
    for line in process.stdout:
        count = int(re.fullmatch(r"(\d+) events\n", line).group(1))
        if count > 0:
            break
    process.kill()
    process.communicate()
    if count == 0:
        events.fail("%s ended without an event" % process.args[0])


def main():
    program, library, *loops = sys.argv[1:]
    commands = [[loop] for loop in loops]
    # A sanitizer's run-time would have to be there before Python.
    if "san" not in subprocess.run(["ldd", library], stdout=subprocess.PIPE, text=True).stdout:
        commands.append([sys.executable, "-B", os.path.join(HERE, "asyncio_loop.py"), library])
    with events.simulator(program, "--region", "us-east-1", "--rate", "50", "--kind", "text",
                          tls=False) as simulator:
        for process in [start(command, simulator) for command in commands]:
            check(process)


main()
