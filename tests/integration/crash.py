#!/usr/bin/env python3
"""kill -9 at random moments while following: nothing is lost, and what comes again was delivered after the last
checkpoint.

    crash.py SIMULATOR COMMAND [--seed N]
"""
import argparse
import os
import random
import select
import tempfile
import time

import events

REGIONS = "us-east-1,eu-west-1"
KILLS = 500 if events.LONG else 25
LIFE_S = (0.05, 0.6)
EVENTS = 4000  # visible from the start, in each region
RATE = 40      # further ones a second, that become visible while lives come and go
CHECKPOINT_S = 0.2
SLACK_S = 3  # what a busy machine may add to it


class Collector:
    """One life of the command: its whole lines, with the time at which each was read."""

    def __init__(self, command, simulator, folder, *more):
        self.errors = open(os.path.join(folder, "stderr"), "w+b")
        self.process = events.collect(command, simulator.options(REGIONS) + [
            "--start-time", "-6h", "--state-dir", os.path.join(folder, "state"), "--poll-interval", "200ms",
            "--checkpoint-interval", "%dms" % (CHECKPOINT_S * 1000), "--api-rate-limit", "100", *more],
            stderr=self.errors)
        self.rest = b""

    def read(self, until):
        """Whole lines until the given time, or the end where that is None."""
        lines, descriptor = [], self.process.stdout.fileno()
        while True:
            wait = None if until is None else until - events.clock()
            if wait is not None and (wait <= 0 or not select.select([descriptor], [], [], wait)[0]):
                return lines
            data = os.read(descriptor, 1 << 20)
            if not data:
                return lines
            *whole, self.rest = (self.rest + data).split(b"\n")
            lines += [(events.clock(), line) for line in whole]

    def end(self):
        """What the pipe still held; a torn last line is none."""
        lines = self.read(None)
        code = self.process.wait(timeout=60)
        self.errors.seek(0)
        said = self.errors.read().decode()
        self.errors.close()
        return lines, code, said


def check_said(said):
    for line in said.splitlines():
        if "torn record" not in line and any(word in line for word in ("damaged", "Sanitizer", "cannot be stored")):
            events.fail("a life said: " + line)


class Deliveries:
    """When each event came last; what comes again must have come shortly before the life before was killed."""

    def __init__(self):
        self.tally, self.came, self.oldest = events.Tally(), {}, 0

    def add(self, lines, killed_at):
        again = 0
        for at, line in lines:
            if self.tally.add(line):
                again += 1
                self.oldest = max(self.oldest, killed_at - self.came[line])
            self.came[line] = at
        return again


def run(arguments, chance, folder, simulator, all_visible):
    deliveries, repeats, worst, killed_at = Deliveries(), 0, 0, 0
    for _ in range(KILLS):
        life = Collector(arguments.command, simulator, folder)
        lines = life.read(events.clock() + chance.uniform(*LIFE_S))
        last_kill, killed_at = killed_at, events.clock()
        life.process.kill()
        more, code, said = life.end()
        check_said(said)
        if code != -9:
            events.fail("a life ended by itself, with %d: %s" % (code, said))
        again = deliveries.add(lines + more, last_kill)
        repeats, worst = repeats + again, max(worst, again)
    time.sleep(max(0, all_visible + 1 - time.time()))
    # The first of these lives reads what is left, and ends well: the second has nothing to say.
    for most in (None, 0):
        life = Collector(arguments.command, simulator, folder, "--once")
        lines, code, said = life.end()
        check_said(said)
        again = deliveries.add(lines, killed_at)
        if code != 0 or (most is not None and len(lines) > most):
            events.fail("the last lives: exit code %d, %d lines, %d again: %s" % (code, len(lines), again, said))
    simulator.stop()
    deliveries.tally.compare(simulator.expected())
    print("%d kills, %d events, none lost; %d came again, at most %d after one kill, none older than %.2f s" % (
        KILLS, len(deliveries.tally.seen), repeats, worst, deliveries.oldest))
    if deliveries.oldest > CHECKPOINT_S + SLACK_S:
        events.fail("more came again than a checkpoint interval holds")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("simulator")
    parser.add_argument("command")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    print("seed %d" % arguments.seed, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "events")
        all_visible = events.write_file(path, chance, EVENTS, RATE, KILLS * sum(LIFE_S) / 2)
        with events.simulator(arguments.simulator, "--region", "us-east-1", "--region", "eu-west-1",
                              "--from", path, tls=False) as simulator:
            run(arguments, chance, folder, simulator, all_visible)


main()
