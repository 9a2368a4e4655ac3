#!/usr/bin/env python3
"""The C++ example counts every event once, and says what is wrong: raii.py SIMULATOR RAII"""
import subprocess
import sys

import events

EVENTS = 3000
REGIONS = ("us-east-1", "eu-west-1")


def run(program, url, secret=events.SECRET_KEY, group=events.GROUP):
    return subprocess.run([program, ",".join(REGIONS), group], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=120, check=False, env={
                              **events.environment(), "AWS_ENDPOINT_URL": url,
                              "AWS_ACCESS_KEY_ID": events.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": secret})


def main(simulator, program):
    arguments = [word for region in REGIONS for word in ("--region", region)]
    with events.simulator(simulator, "--events", str(EVENTS), *arguments, tls=False) as running:
        counted = run(program, running.url)
        if counted.stdout != "%s %d\n" % (events.GROUP, EVENTS * len(REGIONS)) or counted.returncode != 0:
            events.fail("counted %r, said %r" % (counted.stdout, counted.stderr))
    wrong = run(program, "no url")
    if wrong.returncode != 1 or "AWS_ENDPOINT_URL" not in wrong.stderr:
        events.fail("code %d, said %r" % (wrong.returncode, wrong.stderr))


main(*sys.argv[1:])
