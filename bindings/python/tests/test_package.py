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

import support

PROJECT = support.PACKAGE.parents[1]
ISOLATED = ["--no-build-isolation", "--no-index", "--no-deps", "--disable-pip-version-check", "-q"]


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

    def wheel(self, **environment):
        folder = tempfile.mkdtemp(dir=self.folder)
        built = run(self.python, "-m", "pip", "wheel", *ISOLATED, "-w", folder, self.folder / "python",
                    env={**os.environ, **environment})
        self.assertEqual(built.returncode, 0, built.stdout)
        return glob.glob(folder + "/*.whl")[0]

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
