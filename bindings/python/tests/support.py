"""What the tests of the package share. Each file is run as: test_NAME.py SIMULATOR LIBRARY [unittest's own]."""
import faulthandler
import logging
import os
import pathlib
import signal
import subprocess
import sys
import threading
import unittest
import warnings

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = HERE.parent
LONG = os.environ.get("AWSLOGSRC_LONG") == "1"
INSTRUMENTED = "asan" in os.environ.get("LD_PRELOAD", "")  # keeps what is freed: memory tells nothing
ACCESS_KEY = "AKIDEXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
GROUP = "CloudTrail/logs"
REGION = "us-east-1"

sys.path.insert(0, str(PACKAGE))
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
if os.environ.get("AWSLOGSRC_LONG_ONLY") and not LONG:
    print("SKIPPED: in the long run only")
    sys.exit(77)
if len(sys.argv) > 2:
    SIMULATOR = os.path.abspath(sys.argv.pop(1))
    os.environ["AWSLOGSRC_LIBRARY"] = LIBRARY = os.path.abspath(sys.argv.pop(1))
logging.getLogger("awslogsrc").addHandler(logging.NullHandler())  # the output is unittest's
warnings.filterwarnings("ignore", ".*use of fork.. may lead", DeprecationWarning)  # faulthandler's thread
faulthandler.enable()
faulthandler.dump_traceback_later(3600 if LONG else 280, exit=True)


class Simulator:
    """A simulated AWS with events of the last hours, in one region or more."""

    def __init__(self, *arguments, events=0, regions=(REGION,), kind="text"):
        command = [SIMULATOR, "--kind", kind, "--events", str(events), "--start", "-20h", *arguments]
        for region in regions:
            command += ["--region", region]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        self.regions = regions

    def options(self, **more):
        return {"regions": list(self.regions), "log_group": GROUP, "endpoint_url": self.url,
                "access_key": ACCESS_KEY, "secret_key": SECRET_KEY, "start_time": "-24h",
                "api_rate_limit": 1000, "eps_throttle": 0, **more}

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class SimulatedCase(unittest.TestCase):
    """Tests that share one simulator with a known number of events."""

    EVENTS = 500
    ARGUMENTS = ()
    REGIONS = (REGION,)

    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator(*cls.ARGUMENTS, events=cls.EVENTS, regions=cls.REGIONS)
        cls.addClassCleanup(cls.simulator.stop)

    def source(self, **options):
        import awslogsrc
        options.setdefault("once", True)
        return awslogsrc.Source(**self.simulator.options(**options))

    def in_thread(self, function):
        """Runs it in a thread; what it raises is raised by the join."""
        failures = []

        def guarded():
            try:
                function()
            except BaseException as error:  # noqa: B902
                failures.append(error)
        thread = threading.Thread(target=guarded)
        thread.start()

        def join():
            thread.join(60)
            self.assertFalse(thread.is_alive())
            if failures:
                raise failures[0]
        return join

    def run_script(self, script, *arguments, interrupt_after=None):
        """A program of its own, in the environment of this one."""
        process = subprocess.Popen(
            [sys.executable, "-X", "dev", "-c", script, *arguments], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(PACKAGE)})
        if interrupt_after:
            self.assertEqual(process.stdout.readline().strip(), interrupt_after)
            process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        return process.returncode, output, errors


def resident_kib():
    if INSTRUMENTED:
        return 0
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


FIGURES = []


def main():
    """What was measured is said at the end: in between, every line is a test's."""
    program = unittest.main(verbosity=2, exit=False, warnings=None)
    for line in FIGURES:
        print(line)
    sys.exit(not program.result.wasSuccessful())
