"""What the end-to-end scripts share: the simulator, the command, and the tally of what came out."""
import atexit
import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time

ACCESS_KEY = "AKIDEXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
GROUP = "CloudTrail/logs"
LONG = os.environ.get("AWSLOGSRC_LONG") == "1"


def fail(text):
    sys.exit("FAILED: " + text)


def start(command, **more):
    """Starts a process that ends with this script at the latest, whatever the script dies of: one that is left would
    hold the test's output open, and the test would count as running."""
    process = subprocess.Popen(command, **more)
    atexit.register(process.kill)
    return process


class Simulator:
    """awslogsrc-simulator on a free port. expected() is its own count and hash of all events."""

    def __init__(self, program, folder, *arguments, tls=True):
        self.expectation = os.path.join(folder, "expected.json")
        self.ca_file = os.path.join(folder, "ca.pem")
        command = [program, "--expect-out", self.expectation, *arguments]
        if tls:
            command += ["--tls", "--ca-out", self.ca_file]
        self.process = start(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            fail("the simulator did not start: " + line + self.process.stderr.read())
        self.url = line.split()[-1]

    def options(self, regions):
        options = ["--log-group", GROUP, "--regions", regions, "--endpoint-url", self.url,
                   "--access-key", ACCESS_KEY, "--secret-key", "env:TEST_SECRET"]
        return options + (["--ca-file", self.ca_file] if self.url.startswith("https") else [])

    def expected(self):
        with open(self.expectation, encoding="utf-8") as file:
            return json.load(file)["regions"]

    def stop(self):
        """Ends it; returns what it counted."""
        self.process.terminate()
        return self.process.communicate(timeout=60)[1]


@contextlib.contextmanager
def simulator(program, *arguments, tls=True):
    with tempfile.TemporaryDirectory() as folder:
        running = Simulator(program, folder, *arguments, tls=tls)
        try:
            yield running
        finally:
            if running.process.poll() is None:
                running.stop()


def write_file(path, chance, count, rate, seconds):
    """For --from: count old events, and then so many a second that become visible one after the other, some of them
    late. Returns when all are visible."""
    now = int(time.time() * 1000)
    with open(path, "w", encoding="utf-8") as file:
        for number in range(count + int(rate * seconds)):
            visible = now + int((number - count) * 1000 / rate)
            ingestion = visible - chance.randrange(50, 2000)
            late = chance.choice((100, 100, 100, 5000, 600000))
            timestamp = ingestion - chance.randrange(late)
            if number < count:
                timestamp = ingestion = now - chance.randrange(5000, 5 * 3600 * 1000)
                visible = now - 1000
            file.write(json.dumps({"timestamp": timestamp, "ingestion_time": ingestion, "visible_at": visible,
                                   "stream": "s%d" % chance.randrange(3), "message": "event %d" % number}) + "\n")
    return (now + seconds * 1000) / 1000


def environment():
    return {"PATH": os.environ["PATH"], "TEST_SECRET": SECRET_KEY,
            **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}}


def collect(program, options, **more):
    return start([program, "collect", *options], env=environment(), stdout=subprocess.PIPE, **more)


def digest(event):
    """As the simulator's --expect-out: see its --help."""
    fields = [event["region"], event["log_stream"], str(event["timestamp"]), str(event["ingestion_time"]),
              event["event_id"], event["message"]]
    text = "\0".join(fields).encode("utf-8")
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big")


class Tally:
    def __init__(self):
        self.seen = {}
        self.regions = {}

    def add(self, line):
        """Counts an event; returns True where it came before."""
        event = json.loads(line)
        key = (event["region"], event["event_id"])
        self.seen[key] = self.seen.get(key, 0) + 1
        if self.seen[key] > 1:
            return True
        count, total = self.regions.get(event["region"], (0, 0))
        self.regions[event["region"]] = count + 1, (total + digest(event)) % 2 ** 64
        return False

    def compare(self, expected):
        for region, want in expected.items():
            count, total = self.regions.get(region, (0, 0))
            if count != want["events"] or "%016x" % total != want["hash"]:
                fail("%s: %d events with hash %016x, expected %s" % (region, count, total, want))


def most_memory(process):
    """The most memory a running process ever had, in KiB; 0 once it has ended. (ru_maxrss would count this script's
    own memory, from before the exec.)"""
    with open("/proc/%d/status" % process.pid, encoding="ascii") as status:
        lines = [line for line in status if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) if lines else 0


def clock():
    return time.monotonic()
