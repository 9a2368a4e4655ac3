#!/usr/bin/env python3
"""normalize_check.py [--write] COMMAND FIXTURES SHARED: what "awslogsrc normalize" makes of messages.

FIXTURES has messages of our own and, for each format, what must come of them (--write writes that:
read the difference). SHARED may hold real events: there every output must be well-formed, and the
records must agree with an independent model. Without SHARED that part is skipped."""
import csv
import json
import os
import subprocess
import sys

import cloudtrail_model as model
import siem_formats as formats

FORMATS = ("json", "ecs", "ocsf", "leef", "cef", "original")
READERS = {"json": json.loads, "ecs": formats.check_ecs, "ocsf": formats.check_ocsf,
           "leef": formats.parse_leef, "cef": formats.parse_cef, "original": str}
sys.setrecursionlimit(30000)  # one of the edges is nested 5,000 deep
problems = []


def complain(where, what):
    problems.append("%s: %s" % (where, what))


def normalize(command, data, *arguments):
    """The lines that come of it."""
    run = subprocess.run([command, "normalize", "--quiet", *arguments], input=data,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if run.returncode != 0:
        sys.exit("%s: exit code %d\n%s" % (arguments, run.returncode, run.stderr.decode()))
    return run.stdout.decode().split("\n")[:-1]


def read_all(where, command, data, *arguments):
    """Every format of every message, as its own reader reads it. Returns them by format."""
    read = {}
    for name in FORMATS[:5]:
        read[name] = []
        for number, line in enumerate(normalize(command, data, "--format", name, *arguments), 1):
            try:
                read[name].append(READERS[name](line))
            except (ValueError, KeyError) as error:
                complain("%s %s:%d" % (name, where, number), "%r\n    %s" % (error, line[:300]))
                read[name].append(None)
    if len(set(len(values) for values in read.values())) != 1:
        complain(where, "formats differ in how many records there are")
    return read


# --- Records that are too long ---

def check_limits(where, command, data):
    """LEEF and CEF are well-formed whatever the limit, JSON from some 4 KB on."""
    for name in FORMATS[:5]:
        whole = normalize(command, data, "--format", name)
        for most in (500, 700, 1000, 1500, 2100, 3000, 4096, 6000):
            lines = normalize(command, data, "--format", name, "--max-message", str(most))
            same("%s %s" % (where, name), "records", len(lines), len(whole))
            for number, (line, uncut) in enumerate(zip(lines, whole), 1):
                place = "%s %s:%d, at most %d" % (where, name, number, most)
                fits = len(uncut.encode()) <= most
                if len(line.encode()) > most or (fits and line != uncut) or \
                        not (fits or "truncated" in line):
                    complain(place, line[:300])
                try:
                    if name in ("leef", "cef") or most >= 4096:
                        READERS[name](line)
                except (ValueError, KeyError) as error:
                    complain(place, "%r\n    %s" % (error, line[:300]))


# --- Formats against the record ---

def spaced(value, most=None):
    """As LEEF has it: a blank for a run of control characters."""
    value = value.encode()[:most].decode(errors="ignore") if most else value
    out = []
    for c in value:
        if ord(c) >= 32:
            out.append(c)
        elif not out or out[-1] is not None:
            out.append(None)
    return "".join(" " if c is None else c for c in out)


def cut(value, most):
    plain = "".join(c if ord(c) >= 32 or c in "\r\n" else " " for c in value.strip(" \t\r\n"))
    return plain.encode()[:most].decode(errors="ignore").strip(" \t\r\n")


def same(where, key, got, expected):
    if got != expected:
        complain(where, "%s: %r, expected %r" % (key, got, expected))


def compare_formats(where, read):
    for number, record in enumerate(read["json"]):
        leef, cef, ocsf, ecs = (read[name][number] for name in ("leef", "cef", "ocsf", "ecs"))
        place = "%s:%d" % (where, number + 1)
        if None in (record, leef, cef, ocsf, ecs) or not record["kind"].startswith("cloudtrail"):
            continue
        pairs = (("usrName", "actor_user", 255), ("src", "src_ip", None),
                 ("errorMessage", "error_message", None), ("userAgent", "user_agent", None),
                 ("eventId", "event_id", None))
        for key, name, most in pairs:
            expected = spaced(record[name], most) if name in record else None
            same(place, "leef " + key, leef[1].get(key), expected)
        for key, name, most in (("suser", "actor_user", 1023), ("msg", "error_message", 1023),
                                ("requestClientApplication", "user_agent", 1023)):
            expected = cut(record[name], most) or None if name in record else None
            same(place, "cef " + key, cef[1].get(key), expected)
        same(place, "ocsf time", ocsf["time"], record.get("time_ms", 0))
        same(place, "ocsf status", ocsf["status"].lower(), record["outcome"])
        same(place, "ecs outcome", ecs.get("event.outcome"), record["outcome"])
        same(place, "ecs user", ecs.get("user.name"), record.get("actor_user"))
        if "api" in ocsf and "request_parameters" in record:
            same(place, "ocsf request", ocsf["api"]["request"]["data"],
                 record["request_parameters"])


# --- Fixtures ---

def check_fixtures(command, folder, write):
    with open(os.path.join(folder, "messages.txt"), "rb") as file:
        data = file.read()
    for name in FORMATS:
        path = os.path.join(folder, "expected." + name)
        lines = normalize(command, data, "--format", name)
        if write:
            with open(path, "w", encoding="utf-8", newline="\n") as file:
                file.write("".join(line + "\n" for line in lines))
            continue
        with open(path, encoding="utf-8", newline="\n") as file:
            expected = file.read().split("\n")[:-1]
        same(name, "records", len(lines), len(expected))
        for number, (line, other) in enumerate(zip(lines, expected), 1):
            if line != other:
                complain("expected.%s:%d" % (name, number), "now reads\n    " + line)
    read = read_all("messages.txt", command, data)
    compare_formats("messages.txt", read)
    check_limits("messages.txt", command, data)
    return len(read["json"])


# --- Shared data ---

def read_table(shared, name, key, value):
    with open(os.path.join(shared, name), encoding="utf-8") as file:
        return {row[key]: row[value] for row in csv.DictReader(file, delimiter="\t")}


def compare_record(where, record, event, tables):
    for name, expected in model.record_of(event, tables).items():
        if name == "category" and expected is None:
            continue
        got = record.get(name)
        if isinstance(got, str) and isinstance(expected, str):
            expected = expected.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        same(where, name, got, expected)


def check_real(command, shared, tables):
    with open(os.path.join(shared, "cloudtrail-curated.jsonl"), "rb") as file:
        data = file.read()
    events = [json.loads(line) for line in data.decode().split("\n")[:-1]]
    read = read_all("curated", command, data)
    same("curated", "records", len(read["json"]), len(events))
    compare_formats("curated", read)
    check_limits("curated", command, data)
    agree = judged = 0
    for number, (record, event) in enumerate(zip(read["json"], events), 1):
        compare_record("curated:%d" % number, record, event, tables)
        known = isinstance(event.get("readOnly"), bool)
        if known and record["service"] not in ("sts", "kms", "signin"):
            judged += 1
            agree += (record["activity"] == "read") == event["readOnly"]
    print("readOnly: %d of %d agree with the activity" % (agree, judged))
    if agree < 0.99 * judged:
        complain("curated", "read and write differ from readOnly")
    return len(events)


def check_edges(command, shared, tables):
    folder = os.path.join(shared, "edge-synthetic")
    names = sorted(name for name in os.listdir(folder) if name != "INDEX.tsv")
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read()
        read = read_all(name, command, data + b"\0", "--delimiter", "nul") \
            if b"\n" in data.strip() else read_all(name, command, data)
        compare_formats(name, read)
        text = data.decode("utf-8", "replace")
        good, event = model.well_formed(text.lstrip("\ufeff"))
        for record in read["json"]:
            if good and model.is_event(event):
                compare_record(name, record, event, tables)
            elif not good and text.startswith("{") and not text.startswith("{LogStreamName") \
                    and "deep" not in name:
                same(name, "kind", record["kind"], "invalid")
                same(name, "message", record["message"], text)
    return len(names)


def check_flows(command, shared):
    with open(os.path.join(shared, "vpcflow", "vpcflow-lines.tsv"), encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for number, row in enumerate(rows, 2):
        where = "vpcflow:%d" % number
        read = read_all(where, command, row["line"].encode() + b"\n", "--log-source-type",
                        "vpc_flow", "--vpc-flow-format", row["format"])
        record = read["json"][0]
        same(where, "kind", record["kind"], "vpcflow")
        fields = dict(zip(row["format"].split(), row["line"].split()))
        for column, name, kind in (("srcaddr", "src_ip", str), ("dstport", "dst_port", int),
                                   ("bytes", "bytes", int), ("action", "flow_action", str),
                                   ("vpc-id", "vpc", str), ("pkt-srcaddr", "pkt_src_ip", str)):
            value = fields.get(column, "-")
            same(where, name, record.get(name), None if value == "-" else kind(value))
        if "start" in fields:
            same(where, "time_ms", record["time_ms"], int(fields["start"]) * 1000)
    return len(rows)


def check_lines(command, shared):
    with open(os.path.join(shared, "lambda-lines.jsonl"), "rb") as file:
        data = file.read()
    events = [json.loads(line) for line in data.decode().split("\n")[:-1]]
    read = read_all("lambda", command, data)
    for number, (record, event) in enumerate(zip(read["json"], events), 1):
        same("lambda:%d" % number, "message", record["message"], event["message"])
        same("lambda:%d" % number, "time_ms", record["time_ms"], event["timestamp"])
    return len(events)


def check_operations(command, shared, tables):
    with open(os.path.join(shared, "aws-operations.tsv"), encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    data = "".join(json.dumps({"eventVersion": "1.08", "eventName": row["operation"],
                               "eventSource": row["signingOrEndpointPrefix"] + ".amazonaws.com"})
                   + "\n" for row in rows)
    records = [json.loads(line) for line in normalize(command, data.encode())]
    for row, record in zip(rows, records):
        where = "%s %s" % (row["signingOrEndpointPrefix"], row["operation"])
        same(where, "activity", record["activity"], row["activity"])
        same(where, "title", record["title"], row["readable"])
        same(where, "domain", record["domain"],
             tables.domain(row["signingOrEndpointPrefix"].split(".")[0], row["operation"],
                           row["activity"]))
    return len(rows)


def main(command, folder, shared, write):
    count = check_fixtures(command, folder, write)
    print("%d records of our own in %d formats" % (count, len(FORMATS)))
    if os.path.isdir(shared):
        tables = model.Tables(read_table(shared, "verb-table.tsv", "verb", "activity"),
                              read_table(shared, "event-exceptions.tsv", "eventName", "activity"),
                              read_table(shared, "service-domain.tsv", "service_prefix", "domain"))
        print("%d real events, %d edges, %d flows, %d lines, %d operations" % (
            check_real(command, shared, tables), check_edges(command, shared, tables),
            check_flows(command, shared), check_lines(command, shared),
            check_operations(command, shared, tables)))
    else:
        print("SKIPPED: real events: there is no %s" % shared)
    for problem in problems[:50]:
        print(problem)
    print("%d problems" % len(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--write"]
    sys.exit(main(*arguments, write="--write" in sys.argv))
