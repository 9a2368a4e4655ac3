#!/usr/bin/env python3
"""A million events (30,000 in the short run) from three regions over TLS: each once, as it was, in little memory;
and the same while one request in twenty fails in one of five ways.

    million.py SIMULATOR COMMAND
"""
import sys

import events

REGIONS = "us-east-1,eu-central-1,ap-southeast-2"
EVENTS = 333334 if events.LONG else 10000
HURRY = [] if events.LONG else ["--api-rate-limit", "200"]  # the published quotas take minutes
MOST_MEMORY_KIB = 32 * 1024
FAULTS = ["throttling", "unavailable", "reset", "truncate", "malformed"]


def run(simulator_program, command, kind, faults):
    arguments = ["--events", str(EVENTS), "--kind", kind, "--start", "-20h"]
    for region in REGIONS.split(","):
        arguments += ["--region", region]
    for fault in faults:
        arguments += ["--fault", fault + "=0.01"]
    with events.simulator(simulator_program, *arguments) as simulator:
        began = events.clock()
        process = events.collect(command, simulator.options(REGIONS) + [
            "--start-time", "-24h", "--once", "--quiet", "--eps-throttle", "0"] + HURRY)
        tally, repeated, memory = events.Tally(), 0, 0
        for number, line in enumerate(process.stdout):
            repeated += tally.add(line)
            if number % 500 == 0:
                memory = max(memory, events.most_memory(process))
        code = process.wait(timeout=60)
        seconds = events.clock() - began
        counters = simulator.stop()
        tally.compare(simulator.expected())
    injected = sum(int(line.split("injected=")[1]) for line in counters.splitlines() if "injected=" in line)
    calls = sum(int(line.split("calls=")[1].split()[0]) for line in counters.splitlines() if "calls=" in line)
    print("%-10s %-9s %7d events, repeated %d, %d requests, %d of them failed, %.1f s, %.1f MiB" % (
        kind, "5% faults" if faults else "no faults", len(tally.seen), repeated, calls, injected, seconds,
        memory / 1024))
    if repeated or code != 0:
        events.fail("%d repeated, exit code %d" % (repeated, code))
    if faults and events.LONG and injected < calls / 50:
        events.fail("only %d of %d requests failed" % (injected, calls))
    if memory > MOST_MEMORY_KIB and "san" not in command:
        events.fail("%d KiB of memory" % memory)


def main(simulator_program, command):
    for kind in ("cloudtrail", "vpc"):
        run(simulator_program, command, kind, [])
        run(simulator_program, command, kind, FAULTS)


main(*sys.argv[1:])
