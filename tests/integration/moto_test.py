#!/usr/bin/env python3
"""moto_test.py COMMAND: the awslogsrc command collects a log group from moto, an AWS of other
people's making, which here enforces keys, signatures and permissions.

Needs a python3 with boto3 and moto[server]; exits 77 elsewhere.
"""
import collections
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

try:
    import boto3
    import moto.server  # noqa: F401
except ImportError as missing:
    print("SKIPPED: moto_test: %s" % missing)
    sys.exit(77)

COMMAND = None
REGION = "us-east-1"
GROUP = "CloudTrail/logs"
STREAMS = ("123456789012_CloudTrail_us-east-1", "123456789012_CloudTrail_us-east-1_2")
EVENTS = 21000  # three pages: moto puts 10,000 on one
BATCH = 7000
START_LIMIT_S = 60
COLLECT_LIMIT_S = 120
ROLE = "arn:aws:iam::123456789012:role/"
ALLOW = {"Version": "2012-10-17",
         "Statement": [{"Effect": "Allow", "Action": ["logs:*", "sts:*"], "Resource": "*"}]}
TRUST = {"Version": "2012-10-17",
         "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                        "Principal": {"AWS": "*"}}]}
# What JSON and XML make hard, and a line that is not ASCII.
TEXTS = ('{"eventName":"GetObject","n":%d}', 'quote " backslash \\ slash / %d', "tab\tline\nend %d",
         "\u00fc \u20ac \U0001f9ea %d", "<a>&amp;%d</a>", "\u0001 control \u001f %d", "  blanks %d  ")


class Moto:
    """moto_server on a free port, with a user, roles, and a log group full of events."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = "http://127.0.0.1:%d" % port
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [sys.executable, "-c", "import moto.server; moto.server.main()",
             "-H", "127.0.0.1", "-p", str(port)],
            stdout=self.log, stderr=subprocess.STDOUT, env=clean_environment())
        self.wait()
        self.expected = self.make_events()
        self.key, self.secret = self.make_identities()

    def wait(self):
        deadline = time.monotonic() + START_LIMIT_S
        while True:
            try:
                urllib.request.urlopen(self.url + "/moto-api/", timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                if time.monotonic() > deadline or self.process.poll() is not None:
                    self.stop()
                    raise RuntimeError("moto_server does not answer")
                time.sleep(0.1)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def client(self, service):
        return boto3.client(service, region_name=REGION, endpoint_url=self.url,
                            aws_access_key_id="AKIAANYONE", aws_secret_access_key="anything")

    def make_events(self):
        chance = random.Random(1)
        now = int(time.time() * 1000)
        logs = self.client("logs")
        logs.create_log_group(logGroupName=GROUP)
        for stream in STREAMS:
            logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
        expected = collections.Counter()
        for first in range(0, EVENTS, BATCH):
            stream = STREAMS[first // BATCH % len(STREAMS)]
            events = [{"timestamp": now - chance.randrange(1000, 3600 * 1000),
                       "message": chance.choice(TEXTS) % number}
                      for number in range(first, min(first + BATCH, EVENTS))]
            events.sort(key=lambda event: event["timestamp"])
            logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events)
            expected.update((stream, event["timestamp"], event["message"]) for event in events)
        return expected

    def make_identities(self):
        iam = self.client("iam")
        iam.create_user(UserName="collector")
        iam.put_user_policy(UserName="collector", PolicyName="p", PolicyDocument=json.dumps(ALLOW))
        for name in ("first", "second", "web"):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
            iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(ALLOW))
        key = iam.create_access_key(UserName="collector")["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def enforce(self, after="0"):
        """From the request number `after` on; "inf": never."""
        request = urllib.request.Request(self.url + "/moto-api/reset-auth", after.encode(),
                                         {"Content-Type": "text/plain"})
        urllib.request.urlopen(request, timeout=10).close()


def clean_environment(**more):
    names = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "ASAN_OPTIONS", "UBSAN_OPTIONS",
             "PYENV_ROOT", "PYENV_VERSION", "VIRTUAL_ENV", "PYTHONPATH")
    return dict({name: os.environ[name] for name in names if name in os.environ}, **more)


class MotoTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.moto = Moto()

    @classmethod
    def tearDownClass(cls):
        cls.moto.stop()

    def setUp(self):
        self.moto.enforce()
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o600)
        return path

    def collect(self, *options, **environment):
        """Runs the command; skips the test where it cannot do what the options want yet."""
        home = {"HOME": self.folder.name, "AWS_EC2_METADATA_DISABLED": "true", **environment}
        result = subprocess.run(
            [COMMAND, "collect", "--once", "--quiet", "--format", "json", "--log-group", GROUP,
             "--regions", REGION, "--start-time", "-2h", "--endpoint-url", self.moto.url, *options],
            capture_output=True, env=clean_environment(**home), timeout=COLLECT_LIMIT_S, check=False)
        result.stdout = result.stdout.decode("utf-8")
        result.stderr = result.stderr.decode("utf-8")
        return result

    def keys(self, secret=None):
        return ("--access-key", self.moto.key, "--secret-key", secret or self.moto.secret)

    def assert_all_events(self, result):
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        got = collections.Counter()
        for line in result.stdout.splitlines():
            event = json.loads(line)
            self.assertEqual((event["region"], event["log_group"]), (REGION, GROUP))
            got[event["log_stream"], event["timestamp"], event["message"]] += 1
        self.assertEqual(sum(got.values()), EVENTS)
        self.assertEqual(got, self.moto.expected)

    def assert_refused(self, result, code):
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertIn(REGION, result.stderr)
        self.assertIn(code, result.stderr)

    # ---- what needs keys only ----

    def test_user_keys__every_event_once_as_it_was(self):
        self.assert_all_events(self.collect(*self.keys()))

    def test_environment_keys__every_event_once_as_it_was(self):
        self.assert_all_events(self.collect(AWS_ACCESS_KEY_ID=self.moto.key,
                                            AWS_SECRET_ACCESS_KEY=self.moto.secret))

    def test_wrong_secret__one_line_says_what_to_do(self):
        result = self.collect(*self.keys("x" * 40))
        self.assert_refused(result, "SignatureDoesNotMatch")
        self.assertIn("Check the access key and its secret", result.stderr)

    def test_unknown_key__one_line_says_what_to_do(self):
        result = self.collect("--access-key", "AKIANOBODY", "--secret-key", "x" * 40)
        self.assert_refused(result, "InvalidClientTokenId")
        self.assertIn("Check the access key and its secret", result.stderr)

    def session(self):
        self.moto.enforce("inf")
        answer = self.moto.client("sts").assume_role(RoleArn=ROLE + "first", RoleSessionName="test")
        self.moto.enforce()
        return answer["Credentials"]

    def test_session_token__every_event_once_as_it_was(self):
        keys = self.session()
        self.assert_all_events(self.collect("--access-key", keys["AccessKeyId"], "--secret-key",
                                            keys["SecretAccessKey"], "--session-token",
                                            keys["SessionToken"]))

    def test_wrong_session_token__one_line_says_so(self):
        keys = self.session()
        result = self.collect("--access-key", keys["AccessKeyId"], "--secret-key",
                              keys["SecretAccessKey"], "--session-token", "FQoGZXIvYXdzEXAMPLE")
        self.assert_refused(result, "InvalidClientTokenId")
        self.assertIn("token", result.stderr)

    def test_no_secret_is_ever_said(self):
        result = self.collect(*self.keys("wrong/" + "x" * 34))
        self.assertNotIn("wrong/", result.stderr + result.stdout)

    # ---- what needs other providers ----

    def test_assumed_role__every_event_once_as_it_was(self):
        self.assert_all_events(self.collect(*self.keys(), "--assume-role-arn", ROLE + "first",
                                            "--sts-endpoint-url", self.moto.url))

    def profiles(self):
        credentials = self.write("credentials", "[user]\naws_access_key_id = %s\n"
                                 "aws_secret_access_key = %s\n" % (self.moto.key, self.moto.secret))
        config = self.write("config", """
[profile one]
role_arn = {role}first
source_profile = user

[profile two]
role_arn = {role}second
source_profile = one
role_session_name = second-hop
""".format(role=ROLE))
        return {"AWS_SHARED_CREDENTIALS_FILE": credentials, "AWS_CONFIG_FILE": config}

    def test_profile_with_keys__every_event_once_as_it_was(self):
        self.assert_all_events(self.collect("--authentication-method", "profile", "--profile",
                                            "user", **self.profiles()))

    def test_chain_of_two_roles__every_event_once_as_it_was(self):
        result = self.collect("--authentication-method", "profile", "--profile", "two",
                              "--sts-endpoint-url", self.moto.url, **self.profiles())
        self.assert_all_events(result)

    def test_web_identity__every_event_once_as_it_was(self):
        token = self.write("token", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln\n")
        self.moto.enforce("1")  # moto answers 500 to unsigned requests while it enforces
        self.assert_all_events(self.collect(
            "--authentication-method", "web_identity", "--sts-endpoint-url", self.moto.url,
            AWS_WEB_IDENTITY_TOKEN_FILE=token, AWS_ROLE_ARN=ROLE + "web",
            AWS_ROLE_SESSION_NAME="moto"))

    def test_instance_role__every_event_once_as_it_was(self):
        self.moto.enforce("inf")  # the keys of moto's instance belong to nobody
        self.assert_all_events(self.collect(
            "--authentication-method", "ec2_instance_role", "--ec2-metadata-endpoint",
            self.moto.url, AWS_EC2_METADATA_DISABLED="false"))


if __name__ == "__main__":
    COMMAND = sys.argv.pop(1)
    unittest.main(verbosity=2)
