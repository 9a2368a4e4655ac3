#!/usr/bin/env python3
"""The agent with a database, killed at random moments while it follows: each event is in its table exactly once.

    sqlite_agent.py SIMULATOR AGENT [--seed N]
"""
import argparse
import json
import os
import random
import sqlite3
import subprocess
import tempfile
import time

import events

REGIONS = ("us-east-1", "eu-west-1")
KILLS = 200 if events.LONG else 10
LIFE_S = (0.05, 0.5)
EVENTS = 2000  # visible from the start, in each region
RATE = 40      # further ones a second, that become visible while lives come and go
SOURCES = """
[source one]
%(common)s
regions = us-east-1

[source two]
%(common)s
regions = us-east-1, eu-west-1
"""
COMMON = """log_group = %s
endpoint_url = %s
access_key = %s
secret_key = env:TEST_SECRET
start_time = -6h
poll_interval = 200ms
api_rate_limit = 100
%s
"""


def write_sources(path, url, more):
    with open(path, "w", encoding="utf-8") as file:
        file.write(SOURCES % {"common": COMMON % (events.GROUP, url, events.ACCESS_KEY, more)})


def start(agent, sources, database):
    return events.start([agent, sources, database], env=events.environment(), stderr=subprocess.PIPE)


def check_said(said):
    for line in said.decode().splitlines():
        if any(word in line for word in ("Sanitizer", "damaged", "database")):
            events.fail("a life said: " + line)


def compare(database, expected):
    """What the table holds of each source and region against what the simulator showed."""
    for source, regions in (("one", REGIONS[:1]), ("two", REGIONS)):
        tally = events.Tally()
        rows = database.execute("SELECT region, log_stream, timestamp, ingestion_time, event_id, message FROM events"
                                " WHERE source = ?", (source,))
        names = [column[0] for column in rows.description]
        for row in rows:
            if tally.add(json.dumps(dict(zip(names, row)))):
                events.fail("source %s has an event twice: %s" % (source, row))
        tally.compare({region: expected[region] for region in regions})
        print("source %s: %d events, each once" % (source, len(tally.seen)))


def run(arguments, chance, folder, simulator, all_visible):
    database = os.path.join(folder, "agent.db")
    sources = os.path.join(folder, "sources.ini")
    write_sources(sources, simulator.url, "")
    for _ in range(KILLS):
        life = start(arguments.agent, sources, database)
        time.sleep(chance.uniform(*LIFE_S))
        life.kill()
        check_said(life.communicate()[1])
        if life.returncode != -9:
            events.fail("a life ended by itself, with %d" % life.returncode)
    time.sleep(max(0, all_visible + 1 - time.time()))
    write_sources(sources, simulator.url, "once = yes")
    last = start(arguments.agent, sources, database)
    said = last.communicate(timeout=120)[1]
    check_said(said)
    if last.returncode != 0:
        events.fail("the last life ended with %d: %s" % (last.returncode, said))
    simulator.stop()
    print("%d kills" % KILLS)
    with sqlite3.connect(database) as connection:
        compare(connection, simulator.expected())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("simulator")
    parser.add_argument("agent")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    arguments = parser.parse_args()
    print("seed %d" % arguments.seed, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path, chance = os.path.join(folder, "events"), random.Random(arguments.seed)
        all_visible = events.write_file(path, chance, EVENTS, RATE, KILLS * sum(LIFE_S) / 2)
        with events.simulator(arguments.simulator, "--region", REGIONS[0], "--region", REGIONS[1], "--from", path,
                              tls=False) as simulator:
            run(arguments, chance, folder, simulator, all_visible)


main()
