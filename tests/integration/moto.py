#!/usr/bin/env python3
"""Requests of ours, judged by moto with authentication enforced: a user's keys collect every event once; a wrong
secret is refused in one line that says what to do.

    moto.py COMMAND

Needs the Python packages moto[server] and boto3; says SKIPPED and exits 77 where they are missing.
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

REGION = "eu-central-1"
GROUP = "/aws/cloudtrail"
COUNT = 3000


def skip(why):
    print("SKIPPED: moto: " + why)
    sys.exit(77)


def fail(text):
    sys.exit("FAILED: " + text)


def post(url, data):
    request = urllib.request.Request(url, data=data.encode(), headers={"Content-Type": "text/plain"})
    return urllib.request.urlopen(request, timeout=10).read()


def start_moto():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    moto = subprocess.Popen([shutil.which("moto_server"), "-H", "127.0.0.1", "-p", str(port)],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = "http://127.0.0.1:%d" % port
    for _ in range(300):
        try:
            urllib.request.urlopen(url + "/moto-api/", timeout=1).read()
            return moto, url
        except OSError:
            time.sleep(0.1)
    moto.kill()
    return fail("moto_server did not start")


def prepare(boto3, url):
    """A user with keys, and a log group with events; returns the keys and the messages."""
    session = {"region_name": REGION, "endpoint_url": url, "aws_access_key_id": "a", "aws_secret_access_key": "b"}
    iam, logs = boto3.client("iam", **session), boto3.client("logs", **session)
    policy = {"Version": "2012-10-17",
              "Statement": [{"Effect": "Allow", "Action": "logs:FilterLogEvents", "Resource": "*"}]}
    iam.create_user(UserName="reader")
    iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=json.dumps(policy))
    keys = iam.create_access_key(UserName="reader")["AccessKey"]
    logs.create_log_group(logGroupName=GROUP)
    start, messages = int(time.time() * 1000) - 3600000, set()
    for stream in ("one", "two"):
        logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
        for first in range(0, COUNT // 2, 500):
            batch = [{"timestamp": start + 10 * number, "message": "%s \u20ac %d" % (stream, number)}
                     for number in range(first, first + 500)]
            messages.update(event["message"] for event in batch)
            logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=batch)
    post(url + "/moto-api/reset-auth", "0")
    return keys["AccessKeyId"], keys["SecretAccessKey"], messages


def collect(command, url, access_key, secret_key):
    return subprocess.run(
        [command, "collect", "--log-group", GROUP, "--regions", REGION, "--endpoint-url", url, "--access-key",
         access_key, "--secret-key", "env:TEST_SECRET", "--start-time", "-2h", "--once", "--quiet"],
        env={"PATH": os.environ["PATH"], "TEST_SECRET": secret_key}, capture_output=True, text=True, timeout=120,
        check=False)


def main(command):
    try:
        import boto3  # pylint: disable=import-outside-toplevel
    except ImportError:
        skip("boto3 is not installed")
    if shutil.which("moto_server") is None:
        skip("moto_server is not installed")
    moto, url = start_moto()
    try:
        access_key, secret_key, messages = prepare(boto3, url)
        good = collect(command, url, access_key, secret_key)
        got = [json.loads(line)["message"] for line in good.stdout.splitlines()]
        if good.returncode != 0 or sorted(got) != sorted(messages):
            fail("good keys: exit code %d, %d of %d events: %s" % (good.returncode, len(got), COUNT, good.stderr))
        bad = collect(command, url, access_key, secret_key[:-1] + "x")
        lines = bad.stderr.splitlines()
        if bad.returncode != 1 or bad.stdout or len(lines) != 1:
            fail("wrong secret: exit code %d, %s" % (bad.returncode, bad.stderr))
        for word in (REGION, "SignatureDoesNotMatch", "secret"):
            if word not in lines[0]:
                fail("wrong secret: %s is missing in: %s" % (word, lines[0]))
        print("%d events of moto, each once; a wrong secret: %s" % (len(got), lines[0]))
    finally:
        moto.kill()


main(*sys.argv[1:])
