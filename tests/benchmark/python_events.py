#!/usr/bin/env python3
"""Events a second through the Python package: python_events.py SIMULATOR LIBRARY [EVENTS]

VPC flow logs in one region, over plain HTTP. The simulator has a processor of its own and is slower than what is
measured, so what counts is the time that this process spends on its one: reading, signing, decoding, and Python.
"""
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings/python"))
SIMULATOR, os.environ["AWSLOGSRC_LIBRARY"] = sys.argv[1:3]
EVENTS = int(sys.argv[3]) if len(sys.argv) > 3 else 400000

import awslogsrc  # noqa: E402

try:
    import pyarrow
except ImportError:
    pyarrow = None


def batches(source):
    return sum(len(batch) for batch in source.batches())


def arrow(source):
    """The protocol alone: both capsules made, and released."""
    count = 0
    for batch in source.batches():
        batch.__arrow_c_array__()
        count += len(batch)
    return count


def normalized(source):
    """Records, one a VPC flow."""
    count = 0
    for batch in source.batches():
        batch.to_arrow(normalized=True).__arrow_c_array__()
        count += len(batch)
    return count


def tables(source):
    return sum(pyarrow.record_batch(batch).num_rows for batch in source.batches())


def messages(source):
    count = 0
    for event in source:
        count += len(event.message) > 0
    return count


def fields(source):
    count = 0
    for event in source:
        count += len(event.message) + event.timestamp_ms > 0 and event.event_id != "" and event.log_stream != ""
    return count


def payloads(source):
    count = 0
    for event in source:
        count += len(event.payload) > 0
    return count


def measure(name, take, url, wrapped=False):
    with awslogsrc.Source(regions="us-east-1", log_group="CloudTrail/logs", endpoint_url=url, start_time="-24h",
                          access_key="AKIDEXAMPLE", secret_key="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                          once=True, api_rate_limit=1000, eps_throttle=0, extract_original_event=not wrapped) as source:
        began, worked = time.monotonic(), time.process_time()
        count = take(source)
        began, worked = time.monotonic() - began, time.process_time() - worked
    if count != EVENTS:
        sys.exit("%s: %d events, expected %d" % (name, count, EVENTS))
    print("%-32s %9d events/s of processor, %8d by the wall" % (name, count / worked, count / began), flush=True)


def main():
    cpus = sorted(os.sched_getaffinity(0))
    simulator = subprocess.Popen([SIMULATOR, "--events", str(EVENTS), "--kind", "vpc", "--start", "-20h"],
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        url = simulator.stdout.readline().split()[-1]
        os.sched_setaffinity(simulator.pid, cpus[-1:])
        os.sched_setaffinity(0, cpus[:1])
        print("Python %s, %s, %d events" % (sys.version.split()[0], awslogsrc.version().split(")")[0] + ")", EVENTS))
        measure("batches()", batches, url)
        measure("to_arrow()", arrow, url)
        measure("to_arrow(), wrapped payload", arrow, url, wrapped=True)
        measure("to_arrow(normalized=True)", normalized, url)
        if pyarrow is not None:
            measure("pyarrow.record_batch()", tables, url)
        measure("iteration, message", messages, url)
        measure("iteration, four fields", fields, url)
        measure("iteration, wrapped payload", payloads, url, wrapped=True)
    finally:
        simulator.terminate()
        simulator.wait()


main()
