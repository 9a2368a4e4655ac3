#!/usr/bin/env python3
"""A backlog of 200,000 events (20,000 in the short run), stopped after 60 % of them and resumed: nothing is lost;
nothing comes again after SIGTERM, and after kill -9 only what was written since the last checkpoint.

    resume.py SIMULATOR COMMAND
"""
import os
import signal
import sys
import tempfile

import events

REGIONS = "eu-west-1,us-west-2"
EVENTS = 100000 if events.LONG else 10000  # in each region
CHECKPOINT_S = 0.1
MOST_AGAIN = 0.2  # share that a kill -9 may bring again: a machine that hangs at the wrong moment counts too


def read(process, tally, most):
    """Whole lines until so many new ones came, or the end where that is None; how many came again."""
    again, new = 0, 0
    for line in process.stdout:
        if not line.endswith(b"\n"):
            break
        repeated = tally.add(line)
        again += repeated
        new += not repeated
        if most is not None and new >= most:
            break
    return again


def run(simulator_program, command, how):
    arguments = ["--events", str(EVENTS), "--kind", "vpc", "--start", "-20h"]
    for region in REGIONS.split(","):
        arguments += ["--region", region]
    with events.simulator(simulator_program, *arguments, tls=False) as simulator, \
            tempfile.TemporaryDirectory() as folder:
        options = simulator.options(REGIONS) + [
            "--start-time", "-24h", "--once", "--quiet", "--eps-throttle", str(EVENTS // 2), "--api-rate-limit", "100",
            "--state-dir", os.path.join(folder, "state"), "--checkpoint-interval", "%dms" % (CHECKPOINT_S * 1000)]
        tally = events.Tally()
        first = events.collect(command, options)
        again = read(first, tally, EVENTS * 2 * 6 // 10)
        first.send_signal(how)
        again += read(first, tally, None)
        first.wait(timeout=60)
        stopped_at = len(tally.seen)
        second = events.collect(command, options)
        again += read(second, tally, None)
        code = second.wait(timeout=60)
        simulator.stop()
        tally.compare(simulator.expected())
    print("%s after %d of %d events: none lost, %d came again" % (
        how.name, stopped_at, len(tally.seen), again))
    if code != 0:
        events.fail("the second run ended with %d" % code)
    if again > (len(tally.seen) * MOST_AGAIN if how == signal.SIGKILL else 0):
        events.fail("too many")


for kind in (signal.SIGTERM, signal.SIGKILL):
    run(sys.argv[1], sys.argv[2], kind)
