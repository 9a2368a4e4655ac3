#!/usr/bin/env python3
"""The Kafka producer: every event arrives, although the broker refuses some and the producer is killed.

    kafka_producer.py SIMULATOR PRODUCER BROKER
"""
import os
import select
import signal
import subprocess
import sys
import tempfile
import time

import events

EVENTS = 20000 if events.LONG else 3000
LIMIT_S = 60


class Broker:
    def __init__(self, program):
        self.process = events.start([program, "events"], stdout=subprocess.PIPE)
        self.rest = b""
        self.keys = []
        self.brokers = self.process.stdout.readline().decode().split()[1]

    def read(self, distinct):
        """Until so many different keys have come."""
        end, descriptor = time.monotonic() + LIMIT_S, self.process.stdout.fileno()
        while len(set(self.keys)) < distinct:
            if not select.select([descriptor], [], [], max(0, end - time.monotonic()))[0]:
                events.fail("only %d of %d keys came" % (len(set(self.keys)), distinct))
            *whole, self.rest = (self.rest + os.read(descriptor, 1 << 16)).split(b"\n")
            self.keys += whole

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        more, _ = self.process.communicate(timeout=LIMIT_S)
        self.keys += (self.rest + more).split(b"\n")[:-1]


def start(producer, simulator, broker, state):
    environment = dict(events.environment(), AWS_ACCESS_KEY_ID=events.ACCESS_KEY,
                       AWS_SECRET_ACCESS_KEY=events.SECRET_KEY, AWS_ENDPOINT_URL=simulator.url, START_TIME="-6h")
    return events.start([producer, "us-east-1", events.GROUP, broker.brokers, "events", state], env=environment,
                        stderr=subprocess.PIPE)


def main(simulator_program, producer, broker_program):
    with tempfile.TemporaryDirectory() as state, \
            events.simulator(simulator_program, "--events", str(EVENTS), "--start", "-5h", "--quota", "1000",
                             tls=False) as simulator:
        broker = Broker(broker_program)
        broker.process.send_signal(signal.SIGUSR1)
        time.sleep(0.3)  # which it looks at every 100 ms
        life = start(producer, simulator, broker, state)
        broker.read(EVENTS // 4)
        life.kill()
        said = life.communicate()[1].decode()
        if "authorization failed" not in said:
            events.fail("the broker refused nothing: " + said)
        life = start(producer, simulator, broker, state)
        broker.read(EVENTS)
        life.send_signal(signal.SIGTERM)
        said = life.communicate(timeout=LIMIT_S)[1].decode()
        if life.returncode != 0:
            events.fail("the producer ended with %d: %s" % (life.returncode, said))
        broker.stop()
    print("%d events, all arrived; %d came again" % (EVENTS, len(broker.keys) - EVENTS))
    if len(set(broker.keys)) != EVENTS:
        events.fail("%d different keys" % len(set(broker.keys)))


main(*sys.argv[1:])
