#!/usr/bin/env python3
"""The command's syslog outputs: 2,000 events, 100,000 in the long run, over UDP, TCP and TLS, each in the framing that is
due, received by a program of our own, by rsyslog and by syslog-ng (see receivers.py), and compared byte by byte; and a
receiver that is killed in the middle and started again.

    shipping.py SIMULATOR COMMAND
"""
import collections
import datetime
import json
import re
import subprocess
import sys
import tempfile
import time

import events
import receivers

COUNT = 100000 if events.LONG else 2000
PATIENCE_S = receivers.PATIENCE_S


def message_of(line):
    """What RFC 5424 makes of an event, from the command's JSON, with the gateway's identifier as its host."""
    event = json.loads(line)
    match = re.search(r'"eventSource":"([^."]+)\.', event["payload"])
    if event["identifier"] != (match.group(1) + "-trail" if match else events.GROUP):
        events.fail("identifier %s of %s" % (event["identifier"], event["payload"]))
    at = datetime.datetime.fromtimestamp(event["timestamp"] // 1000, datetime.timezone.utc)
    head = "<110>1 %s.%03dZ %s awslogsrc - - - " % (
        at.strftime("%Y-%m-%dT%H:%M:%S"), event["timestamp"] % 1000, event["identifier"])
    return (head + event["payload"]).encode("utf-8")


def arguments_for(simulator, *more):
    return simulator.options("eu-west-1") + ["--start-time", "-24h", "--quiet", "--api-rate-limit", "200",
                                             "--use-as-gateway-log-source", "--log-source-identifier-pattern",
                                             r'$1-trail="eventSource":"([^."]+)\.', "--format", "payload", *more]


def expected_messages(command, simulator):
    process = events.collect(command, arguments_for(simulator, "--once", "--format", "json"))
    lines = process.stdout.read().splitlines()
    if process.wait() != 0 or len(lines) != COUNT:
        events.fail("%d events, exit code %d" % (len(lines), process.returncode))
    return collections.Counter(message_of(line) for line in lines)


def output_of(receiver):
    scheme = {"udp": "syslog", "tcp": "syslog+tcp", "tls": "syslog+tls"}[receiver.transport]
    more = ["--output-ca-file", receiver.certificate[0]] if receiver.transport == "tls" else []
    if receiver.transport == "udp":  # which has no way to say that the receiver is still busy
        more = ["--eps-throttle", "2000"]
    return ["--output", "%s://127.0.0.1:%d" % (scheme, receiver.port)] + more


def ship_all(command, simulator, expected, receiver):
    began = events.clock()
    receiver.start()
    process = events.collect(command, arguments_for(simulator, "--once", *output_of(receiver)))
    if process.wait(timeout=PATIENCE_S) != 0:
        events.fail("exit code %d" % process.returncode)
    shipped = events.clock()
    receivers.wait_for(lambda: receiver.count() >= COUNT or
                       receiver.transport == "udp" and events.clock() - shipped > 30, "receiving")
    receiver.kill()
    received = collections.Counter(receiver.received())
    missing, foreign = expected - received, received - expected
    print("%-9s %s: %d events in %.1f s: missing %d, foreign or twice %d" % (
        receiver.name, receiver.transport, COUNT, events.clock() - began, missing.total(), foreign.total()))
    if foreign or missing:
        example = next(iter(foreign or missing))
        events.fail("%s: %r" % ("foreign" if foreign else "missing", example[:300]))


def kill_in_the_middle(command, simulator, expected, receiver):
    """TCP tells that bytes have come to a machine, not that a program has read them: what a killed receiver had not
    read yet is lost. Everything else comes, and in full."""
    receiver.start()
    process = events.collect(command, arguments_for(simulator, "--once", *output_of(receiver)),
                             stderr=subprocess.PIPE)
    receivers.wait_for(lambda: receiver.count() >= COUNT // 4, "a quarter")
    receiver.kill()
    before = receiver.count()
    time.sleep(0.5)
    receiver.start()
    if process.wait(timeout=PATIENCE_S) != 0:
        events.fail("exit code %d: %r" % (process.returncode, process.stderr.read()[-1000:]))
    time.sleep(1)
    receiver.kill()
    received = collections.Counter(receiver.received())
    missing, twice = expected - received, received - expected
    torn = [message for message in twice if message not in expected]
    window = sum(len(message) * count for message, count in missing.items())
    print("%-9s %s: killed after %d of %d: lost in the receiver's buffers %d (%d bytes), twice %d, torn %d" % (
        receiver.name, receiver.transport, before, COUNT, missing.total(), window, twice.total() - len(torn), len(torn)))
    if len(torn) > 1:
        events.fail("torn: %r" % torn[0][:300])
    if window > 8 * 1024 * 1024 or before >= COUNT:
        events.fail("%d bytes are missing, %d events had come" % (window, before))


def ship_to_own(command, simulator, late, *options):
    """What our own receiver has in the end; late: it is started after the command."""
    receiver = receivers.Own("tcp", None, None)
    if "lf" in options:
        receiver.take = receiver.take_lines
    if not late:
        receiver.start()
    process = events.collect(command, arguments_for(simulator, "--once", *output_of(receiver), *options),
                             stderr=subprocess.PIPE)
    if late:
        line = process.stderr.readline()
        if b"Connection refused; trying again" not in line:
            events.fail("a receiver that is not there: %r" % line)
        receiver.start()
    if process.wait(timeout=PATIENCE_S) != 0:
        events.fail("exit code %d: %r" % (process.returncode, process.stderr.read()))
    receivers.wait_for(lambda: receiver.count() >= COUNT, "receiving")
    receiver.kill()
    return collections.Counter(receiver.received())


def stop_in_the_middle(command, simulator, expected):
    """Told to end, the command ships what it has, and notes how far it is: the next run goes on there."""
    receiver = receivers.Own("tcp", None, None)
    receiver.start()
    with tempfile.TemporaryDirectory() as folder:
        arguments = arguments_for(simulator, "--once", "--state-dir", folder, *output_of(receiver))
        process = events.collect(command, arguments)
        receivers.wait_for(lambda: receiver.count() >= COUNT // 10, "a tenth")
        process.terminate()
        if process.wait(timeout=PATIENCE_S) != 0:
            events.fail("exit code %d of a command that was stopped" % process.returncode)
        first = receiver.count()
        process = events.collect(command, arguments)
        if process.wait(timeout=PATIENCE_S) != 0:
            events.fail("exit code %d" % process.returncode)
    receivers.wait_for(lambda: receiver.count() >= COUNT, "receiving")
    receiver.kill()
    print("our own   tcp: command stopped after %d of %d, and started again: each once" % (first, COUNT))
    if collections.Counter(receiver.received()) != expected:
        events.fail("%d events for %d" % (receiver.count(), COUNT))


def edges(command, simulator, expected):
    if ship_to_own(command, simulator, False, "--framing", "lf") != expected:
        events.fail("framed by line feeds, events are not as they were")
    if ship_to_own(command, simulator, True) != expected:
        events.fail("a receiver that comes late has not all events")
    cut = ship_to_own(command, simulator, False, "--max-message", "300")
    for message, count in cut.items():
        if len(message) > 300 or not message.endswith(b"[truncated]"):
            events.fail("not cut: %r" % message)
    if cut.total() != COUNT:
        events.fail("%d of %d were cut" % (cut.total(), COUNT))
    for message in ship_to_own(command, simulator, False, "--syslog-header", "rfc3164"):
        if not re.match(rb"<110>[A-Z][a-z]{2} [ 1-3][0-9] [0-9:]{8} [^ ]+ awslogsrc: ", message):
            events.fail("no tag in front of the event: %r" % message)
    leef = ship_to_own(command, simulator, False, "--max-message", "600", "--oversize", "drop-to-leef")
    for message in leef:
        if len(message) > 600 or b" LEEF:2.0|" not in message and message not in expected:
            events.fail("neither small nor LEEF: %r" % message)
    if leef.total() != COUNT:
        events.fail("%d of %d became LEEF" % (leef.total(), COUNT))
    print("our own   tcp: framed by line feeds, late, cut to 300 bytes, and LEEF in 600 bytes: all there")


def expect_end(command, simulator, receiver, code, text, *options):
    """The command ends by itself, or is ended once it has said so; it ships nothing."""
    process = events.collect(command, arguments_for(simulator, *output_of(receiver), *options), stderr=subprocess.PIPE)
    said = b""
    while text not in said:
        line = process.stderr.readline()
        if not line:
            events.fail("%r is not in %r" % (text, said))
        said += line
    if code == 0:
        process.terminate()
    if process.wait(timeout=PATIENCE_S) != code or receiver.count() > 0:
        events.fail("exit code %d, %d events" % (process.returncode, receiver.count()))


def refusals(command, simulator, certificate):
    receiver = receivers.Own("tcp", None, None)
    receiver.start()
    expect_end(command, simulator, receiver, 1, b"an event is larger than --max-message", "--max-message", "100",
               "--oversize", "refuse")
    receiver.kill()
    if certificate is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        receiver = receivers.Own("tls", None, receivers.make_certificate(folder))
        receiver.start()
        pretended = receivers.Own("tls", None, certificate)
        pretended.port = receiver.port
        expect_end(command, simulator, pretended, 0, b"TLS: self-signed certificate; trying again")
    receiver.kill()
    print("our own   tcp, tls: events that are too large, and a certificate of somebody else: refused")


def run(command, simulator, expected, kind, certificate):
    for transport in ("udp", "tcp", "tls"):
        if transport == "tls" and certificate is None:
            print("SKIPPED: TLS: openssl is not installed")
            continue
        with tempfile.TemporaryDirectory() as folder:
            ship_all(command, simulator, expected, kind(transport, folder, certificate))
        if transport != "udp":
            with tempfile.TemporaryDirectory() as folder:
                kill_in_the_middle(command, simulator, expected, kind(transport, folder, certificate))


def main(simulator_program, command):
    with tempfile.TemporaryDirectory() as folder:
        certificate = receivers.make_certificate(folder)
        with events.simulator(simulator_program, "--events", str(COUNT), "--kind", "cloudtrail", "--start", "-20h",
                              "--region", "eu-west-1") as simulator:
            expected = expected_messages(command, simulator)
            run(command, simulator, expected, receivers.Own, certificate)
            edges(command, simulator, expected)
            stop_in_the_middle(command, simulator, expected)
            refusals(command, simulator, certificate)
            for kind in (receivers.Rsyslog, receivers.SyslogNg):
                if kind.program is None:
                    print("SKIPPED: %s is not installed" % kind.name)
                else:
                    run(command, simulator, expected, kind, certificate)


main(*sys.argv[1:])
