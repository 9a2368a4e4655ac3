#!/usr/bin/env python3
"""run_clang_format.py ROOT CLANG_FORMAT: every C file is laid out as .clang-format says."""
import os
import subprocess
import sys

import c_source

if __name__ == "__main__":
    root, tool = sys.argv[1:3]
    paths = c_source.files(root, (".c", ".h"))
    run = subprocess.run([tool, "--dry-run", "-Werror", *paths], cwd=os.path.abspath(root),
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    sys.stdout.write(run.stdout)
    sys.exit(c_source.report(["clang-format -i would change the files above"] * (run.returncode != 0),
                             "layout: ok; %d files" % len(paths)))
