#!/usr/bin/env python3
"""run_clang_tidy.py ROOT BUILD CLANG_TIDY: zero warnings in everything that was compiled.

Takes the files from BUILD/compile_commands.json and runs one clang-tidy for each CPU. How far the analyser follows the
paths through a function is most of the work: all the way in the long run alone (AWSLOGSRC_LONG=1).
"""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import c_source

SHORT_NODES = 20000  # of the analyser's own 225,000 (-analyzer-config max-nodes)


def ours(root, build):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        paths = {os.path.realpath(entry["file"]) for entry in json.load(file)}
    root, build = os.path.realpath(root) + "/", os.path.realpath(build) + "/"
    return sorted(path for path in paths if path.startswith(root) and not path.startswith(build))


def main(root, build, tool):
    command = [tool, "--quiet", "-p", build]
    if os.environ.get("AWSLOGSRC_LONG") != "1":
        for argument in ("-analyzer-config", "max-nodes=%d" % SHORT_NODES):
            command += ["--extra-arg=-Xclang", "--extra-arg=" + argument]

    def tidy(path):
        return subprocess.run([*command, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)

    paths, problems = ours(root, build), []
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for path, run in zip(paths, pool.map(tidy, paths)):
            if run.returncode != 0 or run.stdout.strip():
                problems.append("%s:\n%s" % (path, run.stdout.strip() or run.stderr.strip()))
    if not paths:
        problems.append("compile_commands.json: no file of ours")
    return c_source.report(problems, "clang-tidy: ok; %d files" % len(paths))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
