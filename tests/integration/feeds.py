#!/usr/bin/env python3
"""The feeds of examples/feeds into a real rsyslog and a real syslog-ng (see receivers.py), their files as they are but
for paths and addresses: everything, stopped and started again in between as a whole, and then in part, arrives once and
as it was.

    feeds.py SIMULATOR COMMAND FOLDER
"""
import collections
import concurrent.futures
import json
import os
import re
import shlex
import signal
import sys
import tempfile
import time

import events
import receivers

COUNT = 20000 if events.LONG else 1000
LATER = COUNT // 10
LATER_S = (20, 40) if events.LONG else (10, 20)


def substituted(text, replacements):
    """An example's text; each of the words has to be there."""
    for word, other in replacements.items():
        if word not in text:
            events.fail("the example has no %r" % word)
        text = text.replace(word, other)
    return text


def make_events(path):
    """For --from: COUNT old events, one of them large, and twice LATER that become visible LATER_S from now. Returns
    all messages."""
    now = int(time.time() * 1000)
    messages = collections.Counter()
    with open(path, "w", encoding="utf-8") as file:
        for number in range(COUNT + 2 * LATER):
            wave = (number - COUNT) // LATER
            large = "x\"" * 120000 if number == 7 else ""
            text = json.dumps({"number": number, "text": "a\\n b\\ ü€😀", "large": large}, ensure_ascii=False) + "\t."
            timestamp = now - (5000 + number * 10 if wave < 0 else 2000)
            visible = now - 1000 if wave < 0 else now + LATER_S[wave] * 1000
            file.write(json.dumps({"timestamp": timestamp, "ingestion_time": timestamp + 100, "message": text,
                                   "visible_at": visible}) + "\n")
            messages[text] += 1
    return messages


class Feed:
    """A receiver with a configuration of examples/feeds; it writes each event on a line of its own."""

    def prepare(self, examples, command, simulator):
        """Returns this feed's files with this machine's paths and addresses."""
        self.examples, self.program_under_test = examples, command
        self.sources = os.path.join(self.folder, "sources.ini")
        secret, self.state = (os.path.join(self.folder, name) for name in ("secret", "state"))
        os.mkdir(self.state)
        with open(secret, "w", encoding="ascii", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(events.SECRET_KEY)
        text = substituted(self.example("sources.ini"), {
            "/etc/awslogsrc/secret": secret, "/var/lib/awslogsrc": self.state, "eu-central-1": "eu-west-1"})
        with open(self.sources, "w", encoding="ascii") as file:
            file.write(text + "start_time = -24h\npoll_interval = 1s\napi_rate_limit = 200\n"
                       "endpoint_url = %s\nca_file = %s\n" % (simulator.url, simulator.ca_file))

    def example(self, name):
        with open(os.path.join(self.examples, name), encoding="ascii") as file:
            return file.read()

    def received(self):
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="utf-8") as file:
            return file.read().split("\n")[:-1]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=receivers.PATIENCE_S)


class RsyslogFeed(Feed, receivers.Rsyslog):
    def text(self):
        return substituted(self.example("rsyslog.conf"), {
            "/var/log/aws/events.log": self.log, "5140": str(self.port)})

    def start(self):
        super().start()
        line = re.search(r"^ExecStart=(.*?[^\\])$", self.example("awslogsrc.service"), re.M | re.S).group(1)
        line = substituted(line, {"/usr/bin/awslogsrc": self.program_under_test, "5140": str(self.port),
                                  "/etc/awslogsrc/sources.ini": self.sources})
        self.feeder = events.start(shlex.split(line.replace("\\\n", " ")), env=events.environment())

    def disturb(self):
        """rsyslog starts again; the command goes on, and finds its connection broken."""
        super().stop()
        receivers.Rsyslog.start(self)  # not ours, which starts the command too

    def stop(self):
        self.feeder.terminate()
        if self.feeder.wait(timeout=receivers.PATIENCE_S) != 0:
            events.fail("the command ended with %d" % self.feeder.returncode)
        super().stop()


class SyslogNgFeed(Feed, receivers.SyslogNg):
    def text(self):
        return substituted(self.example("syslog-ng.conf"), {
            "exec awslogsrc": "exec " + self.program_under_test, "/etc/awslogsrc/sources.ini": self.sources,
            "/var/log/aws/events.log": self.log})

    def answers(self):
        return True

    def children(self):
        with open("/proc/%d/task/%d/children" % (self.process.pid, self.process.pid), encoding="ascii") as file:
            return file.read().split()

    def disturb(self):
        """The command ends; syslog-ng starts it again."""
        before = self.children()
        if len(before) != 1:
            events.fail("syslog-ng has the children %s" % before)
        os.kill(int(before[0]), signal.SIGTERM)
        receivers.wait_for(lambda: self.children() not in ([], before), "starting the command again")


def run(kind, simulator_program, command, examples):
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "events")
        expected = make_events(source)
        with events.simulator(simulator_program, "--from", source, "--region", "eu-west-1") as simulator:
            feed = kind("tcp", folder, None)
            feed.prepare(examples, command, simulator)
            try:
                feed.start()
                receivers.wait_for(lambda: feed.count() >= COUNT, "receiving what is there")
                feed.stop()
                feed.start()
                receivers.wait_for(lambda: feed.count() >= COUNT + LATER, "receiving what came later")
                feed.disturb()
                receivers.wait_for(lambda: feed.count() >= COUNT + 2 * LATER, "receiving what came last")
            finally:
                feed.stop()
            received = collections.Counter(feed.received())
    missing, foreign = expected - received, received - expected
    print("%-9s: %d events, started again, %d more, disturbed, %d more: missing %d, foreign or twice %d" % (
        kind.name, COUNT, LATER, LATER, missing.total(), foreign.total()))
    for what, some in (("foreign", foreign), ("missing", missing)):
        if some:
            events.fail("%s: %r" % (what, next(iter(some))[:300]))


def main(*arguments):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        running = []
        for kind in (RsyslogFeed, SyslogNgFeed):
            if kind.program is None:
                print("SKIPPED: %s is not installed" % kind.name)
            else:
                running.append(pool.submit(run, kind, *arguments))
        for feed in running:
            feed.result()


main(*sys.argv[1:])
