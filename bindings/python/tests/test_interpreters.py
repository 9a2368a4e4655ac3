"""The same under every other CPython that is here."""
import glob
import os
import shutil
import subprocess
import sys
import unittest

import support

OLDEST, NEWEST = 9, 20
TESTS = ("reading", "lifetime", "threads", "arrow", "columns", "meaning")


PLACES = ("~/.pyenv/versions/3.*/bin/python3", "~/.local/share/uv/python/cpython-3.*/bin/python3",
          "/opt/python*/bin/python3")
QUESTION = "import sys; print(sys.implementation.name, sys.version_info[1], '%d.%d.%d' % sys.version_info[:3])"


def interpreters():
    """One of each minor version but this one's: its path and its version."""
    found = {}
    paths = [shutil.which("python3.%d" % minor) for minor in range(OLDEST, NEWEST)]
    for place in PLACES:
        paths += sorted(glob.glob(os.path.expanduser(place)))
    for path in filter(None, paths):
        answer = subprocess.run([path, "-c", QUESTION], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                check=False)
        words = answer.stdout.split()
        if len(words) == 3 and words[0] == "cpython" and OLDEST <= int(words[1]) != sys.version_info[1]:
            found.setdefault(int(words[1]), (path, words[2]))
    return [found[minor] for minor in sorted(found)]


class Interpreters(unittest.TestCase):
    def passes(self, path, version, name):
        with self.subTest(python=version, test=name):
            run = subprocess.run(
                [path, "-B", "-X", "dev", support.HERE / ("test_%s.py" % name), support.SIMULATOR, support.LIBRARY],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                env={**os.environ, "AWSLOGSRC_LONG": "0", "AWSLOGSRC_LONG_ONLY": ""})
            self.assertEqual(run.returncode, 0, run.stdout)
            return True
        return False

    def test_interpreters__pass_the_same_tests(self):
        found = interpreters()
        if not found:
            self.skipTest("there is no other CPython than 3.%d" % sys.version_info[1])
        passed = [version for path, version in found
                  if all([self.passes(path, version, name) for name in TESTS])]
        support.FIGURES.append("passed by CPython %s of %s" % (", ".join(passed) or "none",
                                                              ", ".join(version for _, version in found)))


if __name__ == "__main__":
    support.main()
