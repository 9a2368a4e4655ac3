"""The same under every other CPython that is here."""
import glob
import os
import shutil
import subprocess
import sys
import unittest

import support

OLDEST, NEWEST = 9, 20


def interpreters():
    """One of each minor version but this one."""
    found = {}
    places = glob.glob(os.path.expanduser("~/.pyenv/versions/3.*/bin/python3"))
    places += [shutil.which("python3.%d" % minor) for minor in range(OLDEST, NEWEST)]
    for path in filter(None, places):
        answer = subprocess.run([path, "-c", "import sys; print(sys.implementation.name, *sys.version_info[:2])"],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
        words = answer.stdout.split()
        if len(words) == 3 and words[0] == "cpython" and OLDEST <= int(words[2]) != sys.version_info[1]:
            found.setdefault(int(words[2]), path)
    return dict(sorted(found.items()))


class Interpreters(unittest.TestCase):
    def test_interpreters__pass_the_same_tests(self):
        found = interpreters()
        if not found:
            self.skipTest("there is no other CPython than 3.%d" % sys.version_info[1])
        for minor, path in found.items():
            for name in ("reading", "lifetime", "arrow", "meaning"):
                with self.subTest(python="3.%d" % minor, test=name):
                    run = subprocess.run(
                        [path, "-B", "-X", "dev", support.HERE / ("test_%s.py" % name), support.SIMULATOR,
                         support.LIBRARY], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                        env={**os.environ, "AWSLOGSRC_LONG": "0", "AWSLOGSRC_LONG_ONLY": ""})
                    self.assertEqual(run.returncode, 0, run.stdout)
        support.FIGURES.append("passed by CPython %s" % ", ".join("3.%d" % minor for minor in found))


if __name__ == "__main__":
    support.main()
