#!/usr/bin/env python3
"""run_clang_tidy.py ROOT BUILD CLANG_TIDY: zero warnings in everything that was compiled.

Takes the files from BUILD/compile_commands.json and runs one clang-tidy for each CPU. Those of the tests are left to
the long run (AWSLOGSRC_LONG=1): they are more than half of the work.
"""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import c_source


def ours(root, build):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        paths = {os.path.realpath(entry["file"]) for entry in json.load(file)}
    root, build = os.path.realpath(root) + "/", os.path.realpath(build) + "/"
    return sorted(path for path in paths if path.startswith(root) and not path.startswith(build))


def main(root, build, tool):
    def tidy(path):
        return subprocess.run([tool, "--quiet", "-p", build, path], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, universal_newlines=True)

    paths, problems = ours(root, build), []
    if os.environ.get("AWSLOGSRC_LONG") != "1":
        tests = os.path.join(os.path.realpath(root), "tests") + "/"
        left = [path for path in paths if path.startswith(tests)]
        paths = [path for path in paths if not path.startswith(tests)]
        print("SKIPPED: clang-tidy of %d files of the tests: in the long run only" % len(left))
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for path, run in zip(paths, pool.map(tidy, paths)):
            if run.returncode != 0 or run.stdout.strip():
                problems.append("%s:\n%s" % (path, run.stdout.strip() or run.stderr.strip()))
    if not paths:
        problems.append("compile_commands.json: no file of ours")
    return c_source.report(problems, "clang-tidy: ok; %d files" % len(paths))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
