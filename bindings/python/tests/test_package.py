"""What is committed agrees with the headers; what is built installs, is typed and works."""
import glob
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

import support

PROJECT = support.PACKAGE.parents[1]
ISOLATED = ["--no-build-isolation", "--no-index", "--no-deps", "--disable-pip-version-check", "-q"]

HOST = """
import awslogsrc
cursors: list[awslogsrc.Cursor] = []
def keep(batch: awslogsrc.Batch) -> awslogsrc.Hold:
    return awslogsrc.HOLD
def name(event: awslogsrc.Event) -> str:
    return event.event_id
def work(batch: awslogsrc.Batch) -> list[str]:
    first: int = batch.index(batch[0])
    return [name(event) for event in reversed(batch)] + [name(batch[first]), name(batch[1:][0])]
async def follow(source: awslogsrc.Source) -> list[str]:
    return [name(event) async for event in source]
def make(regions: awslogsrc.OptionValue) -> awslogsrc.Source:
    return awslogsrc.Source(regions=regions, cursors=cursors, on_batch=keep)
"""


def run(*command, **more):
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False, timeout=240, **more)


def need(*modules):
    for module in modules:
        if run(sys.executable, "-c", "import " + module).returncode != 0:
            raise unittest.SkipTest("%s is not installed" % module)


class Committed(unittest.TestCase):
    def test_declarations__are_what_the_headers_declare(self):
        result = run(sys.executable, "-B", support.PACKAGE / "generate.py", "--check")
        self.assertEqual((result.returncode, result.stdout), (0, ""))

    def test_version__is_the_librarys(self):
        import awslogsrc
        header = (PROJECT / "include/awslogsrc/version.h").read_text(encoding="utf-8")
        self.assertEqual(awslogsrc.__version__, re.search(r'AWSLOGSRC_VERSION "(.*)"', header).group(1))
        self.assertTrue(awslogsrc.version().startswith(awslogsrc.__version__ + " "))

    def test_types__are_strict(self):
        need("mypy")
        result = run(sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "awslogsrc",
                     cwd=support.PACKAGE)
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_types__of_what_hosts_write__are_accepted(self):
        need("mypy")
        result = run(sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", os.devnull, "-c", HOST,
                     cwd=support.PACKAGE)
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_library__missing__says_what_to_do(self):
        result = run(sys.executable, "-B", "-c", "import awslogsrc", cwd=support.PACKAGE,
                     env={**os.environ, "AWSLOGSRC_LIBRARY": "/nowhere/libawslogsrc.so.1"})
        self.assertIn("ImportError: libawslogsrc is not installed, and AWSLOGSRC_LIBRARY", result.stdout)


class Example(support.SimulatedCase):
    ARGUMENTS = ("--rate", "20")
    EVENTS = 0

    def test_example__prints_messages(self):
        process = subprocess.Popen(
            [sys.executable, "-B", PROJECT / "examples/tail.py", support.REGION, support.GROUP],
            stdout=subprocess.PIPE, text=True, env={
                **os.environ, "PYTHONPATH": str(support.PACKAGE), "AWS_ENDPOINT_URL": self.simulator.url,
                "AWS_ACCESS_KEY_ID": support.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": support.SECRET_KEY})
        self.assertTrue(process.stdout.readline().strip())
        process.terminate()
        process.stdout.close()
        process.wait()


class Installed(unittest.TestCase):
    """From a copy, since a build leaves folders behind."""

    @classmethod
    def setUpClass(cls):
        need("pip", "setuptools", "wheel", "venv")
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        shutil.copytree(support.PACKAGE, cls.folder / "python", ignore=shutil.ignore_patterns("__pycache__"))
        # The interpreter's own setuptools, and no other packages of it, are all that a build takes.
        made = run(sys.executable, "-m", "venv", "--system-site-packages", "--without-pip", cls.folder / "venv")
        if made.returncode != 0:
            raise unittest.SkipTest("venv does not work here")
        cls.python = cls.folder / "venv/bin/python"

    def try_out(self, **environment):
        more = {name: value for name, value in os.environ.items() if name != "AWSLOGSRC_LIBRARY"}
        script = "import awslogsrc, sys; print(awslogsrc.__file__, awslogsrc._library.lib.path)"
        return run(self.python, "-P" if sys.version_info >= (3, 11) else "-B", "-c", script, cwd=self.folder,
                   env={**more, **environment})

    def test_pip_install__finds_the_systems_library(self):
        installed = run(self.python, "-m", "pip", "install", *ISOLATED, self.folder / "python")
        self.assertEqual(installed.returncode, 0, installed.stdout)
        self.addCleanup(run, self.python, "-m", "pip", "uninstall", "-qy", "awslogsrc")
        found = self.try_out(LD_LIBRARY_PATH=os.path.dirname(support.LIBRARY))
        self.assertRegex(found.stdout, r"venv/.*awslogsrc/__init__.py libawslogsrc.so.1\n")

    def build(self, folder, **environment):
        return run(self.python, "-m", "pip", "wheel", *ISOLATED, "-w", folder, self.folder / "python",
                   env={**os.environ, **environment})

    def wheel(self, **environment):
        folder = tempfile.mkdtemp(dir=self.folder)
        built = self.build(folder, **environment)
        self.assertEqual(built.returncode, 0, built.stdout)
        return glob.glob(folder + "/*.whl")[0]

    def test_readme__its_command_for_a_wheel__carries_the_library(self):
        readme = (support.PACKAGE / "README.md").read_text(encoding="utf-8")
        command = re.search(r"^AWSLOGSRC_BUNDLE=.*\n.*pip wheel.*", readme, re.M).group()
        project = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        for folder in "bin", "build/lib", "bindings":
            (project / folder).mkdir(parents=True)
        (project / "build/lib/libawslogsrc.so.1").symlink_to(support.LIBRARY)
        shutil.copytree(self.folder / "python", project / "bindings/python")
        pip = project / "bin/pip"
        pip.write_text('#!/bin/sh\nexec "%s" -m pip "$@" %s\n' % (self.python, " ".join(ISOLATED)), encoding="utf-8")
        pip.chmod(0o755)
        built = run("sh", "-c", command, cwd=project, env={
            **os.environ, "PWD": str(project), "PATH": "%s:%s" % (pip.parent, os.environ["PATH"])})
        self.assertEqual(built.returncode, 0, built.stdout)
        wheel = zipfile.ZipFile(glob.glob("%s/*.whl" % project)[0])
        self.addCleanup(wheel.close)
        self.assertIn("libawslogsrc.so.1", [os.path.basename(name) for name in wheel.namelist()])

    def test_wheel__with_a_relative_path__is_refused(self):
        built = self.build(self.folder, AWSLOGSRC_BUNDLE="build/lib/libawslogsrc.so.1")
        self.assertNotEqual(built.returncode, 0)
        self.assertIn("AWSLOGSRC_BUNDLE=build/lib/libawslogsrc.so.1: an absolute path is needed", built.stdout)

    def test_wheel__without_library__is_for_every_machine(self):
        self.assertTrue(self.wheel().endswith("-py3-none-any.whl"))

    def test_wheel__with_library__carries_it_and_says_for_which_machines(self):
        wheel = self.wheel(AWSLOGSRC_BUNDLE=support.LIBRARY)
        self.assertRegex(wheel, r"-py3-none-linux_\w+\.whl$")
        installed = run(self.python, "-m", "pip", "install", *ISOLATED, wheel)
        self.assertEqual(installed.returncode, 0, installed.stdout)
        self.addCleanup(run, self.python, "-m", "pip", "uninstall", "-qy", "awslogsrc")
        found = self.try_out()
        self.assertRegex(found.stdout, r"__init__.py /.*venv/.*/awslogsrc/libawslogsrc.so.1\n")


if __name__ == "__main__":
    support.main()
