#!/usr/bin/env python3
"""check_readme.py [--write] README TAIL_C TAIL_PY PRINT_OPTION_TABLE PRINT_ERROR_TABLE

What the README repeats is what it repeats: the option table, the error table and the examples.
Each stands between <!-- NAME --> and <!-- /NAME -->. --write puts them in.
"""
import pathlib
import re
import subprocess
import sys

LONGEST = 500


def printed(program):
    return subprocess.run([program], check=True, stdout=subprocess.PIPE).stdout.decode()


def replace(readme, name, text):
    region = re.compile(f"<!-- {name} -->\n.*?<!-- /{name} -->\n", re.S)
    if len(region.findall(readme)) != 1:
        sys.exit(f"README.md: there must be one region {name}")
    return region.sub(lambda _: f"<!-- {name} -->\n{text}<!-- /{name} -->\n", readme)


def main(arguments):
    write = arguments[0] == "--write"
    path, example, python, options, errors = arguments[1:] if write else arguments
    before = after = pathlib.Path(path).read_text(encoding="utf-8")
    code = pathlib.Path(example).read_text(encoding="utf-8")
    after = replace(after, "example", f"```c\n{code}```\n")
    code = pathlib.Path(python).read_text(encoding="utf-8")
    after = replace(after, "python", f"```python\n{code}```\n")
    after = replace(after, "options", printed(options))
    after = replace(after, "errors", printed(errors))
    if write:
        pathlib.Path(path).write_text(after, encoding="utf-8")
    elif before != after:
        sys.exit("README.md is out of date: ninja write_readme")
    if len(after.splitlines()) >= LONGEST:
        sys.exit(f"README.md has {len(after.splitlines())} lines, {LONGEST} or more")


main(sys.argv[1:])
