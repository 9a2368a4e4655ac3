#!/usr/bin/env python3
"""--metrics-listen, scraped as Prometheus scrapes, and read by the OpenMetrics parser of its Python client.

    metrics.py SIMULATOR COMMAND        exits with 77 where prometheus_client is not installed
"""
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

import events

try:
    from prometheus_client.openmetrics import parser
except ImportError:
    print("SKIPPED: python3-prometheus-client is not installed")
    sys.exit(77)

REGIONS = "us-east-1,eu-west-1"
EVENTS = 500
LIMIT_S = 60


def expect(good, text):
    if not good:
        events.fail(text)


def ask(url, path="/metrics", method="GET"):
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
    connection.request(method, path)
    response = connection.getresponse()
    body = response.read().decode("utf-8")
    connection.close()
    return response, body


def scrape(url):
    response, body = ask(url)
    expect(response.status == 200, "HTTP status %d" % response.status)
    expect(response.headers["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8",
           "Content-Type: %s" % response.headers["Content-Type"])
    families = list(parser.text_string_to_metric_families(body))
    names = [family.name for family in families]
    expect(len(names) == len(set(names)), "a family comes twice")
    return {family.name: family for family in families}


def samples(families, family, sample, **labels):
    return [each for each in families[family].samples
            if each.name == sample and labels.items() <= each.labels.items()]


def is_collected(families):
    delivered = samples(families, "awslogsrc_events_delivered", "awslogsrc_events_delivered_total")
    caught_up = samples(families, "awslogsrc_region_state", "awslogsrc_region_state",
                        awslogsrc_region_state="caught_up")
    return sum(each.value for each in delivered) == 4 * EVENTS and sum(each.value for each in caught_up) == 4


def check(families):
    """Two sources of one group, in two regions each: every figure four times."""
    kinds = {name: (family.type, family.unit) for name, family in families.items()}
    for name, kind in {"awslogsrc_build": ("info", ""), "awslogsrc_region_state": ("stateset", ""),
                       "awslogsrc_events_delivered": ("counter", ""), "awslogsrc_lag_seconds": ("gauge", "seconds"),
                       "awslogsrc_received_bytes": ("counter", "bytes"),
                       "awslogsrc_event_arrival_seconds": ("histogram", "seconds")}.items():
        expect(kinds.get(name) == kind, "%s is %s, not %s" % (name, kinds.get(name), kind))
    for source in "trail", "copy":
        for region in REGIONS.split(","):
            labels = {"source": source, "region": region, "log_group": events.GROUP}
            for family, sample in (("awslogsrc_events_delivered", "awslogsrc_events_delivered_total"),
                                   ("awslogsrc_event_arrival_seconds", "awslogsrc_event_arrival_seconds_count")):
                values = [each.value for each in samples(families, family, sample, **labels)]
                expect(values == [EVENTS], "%s %s: %s" % (sample, labels, values))
            states = samples(families, "awslogsrc_region_state", "awslogsrc_region_state", **labels)
            expect(sum(each.value for each in states) == 1, "%s has not one state" % labels)


def read_url(process):
    """stderr names the address on a line of its own."""
    said = ""
    for line in process.stderr:
        said += line
        found = re.search(r"http://\S+/metrics", line)
        if found:
            return urllib.parse.urlsplit(found.group())
    events.fail("no address on stderr: " + said)


def run(process, url):
    silent = socket.create_connection((url.hostname, url.port))  # holds nobody up
    end = time.monotonic() + LIMIT_S
    while not is_collected(scrape(url)):
        expect(time.monotonic() < end, "not everything was collected")
        time.sleep(0.2)
    check(scrape(url))
    expect(ask(url, "/")[0].status == 404, "/ is there")
    expect(ask(url, method="POST")[0].status == 405, "POST is allowed")
    expect(ask(url, method="HEAD")[1] == "", "HEAD has a body")
    expect(len(os.listdir("/proc/%d/task" % process.pid)) == 1, "the command has threads")
    silent.close()
    process.send_signal(signal.SIGTERM)
    expect(process.wait(20) == 0, "exit code %d" % process.returncode)


def main():
    program, command = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, \
            events.simulator(program, "--region", REGIONS.split(",")[0], "--region", REGIONS.split(",")[1],
                             "--events", str(EVENTS), "--start", "-5h") as simulator:
        file = os.path.join(folder, "sources.ini")
        with open(file, "w", encoding="ascii") as out:
            out.write("[source trail]\nstart_time = -6h\n[source copy]\nstart_time = -6h\n")
        options = simulator.options(REGIONS) + ["-c", file, "--metrics-listen", "127.0.0.1:0",
                                                "--poll-interval", "500ms"]
        with open(os.path.join(folder, "out"), "wb") as out:
            process = events.start([command, "collect", *options], env=events.environment(),
                                   stdout=out, stderr=subprocess.PIPE, text=True)
        try:
            run(process, read_url(process))
        finally:
            process.kill()
            process.communicate()


main()
