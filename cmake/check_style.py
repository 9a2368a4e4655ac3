#!/usr/bin/env python3
"""check_style.py ROOT: sizes, banned functions, and what else a compiler does not mind."""
import os
import re
import sys

import c_source

LARGEST_FILE = 599
LONGEST_FUNCTION = 80
MOST_PARAMETERS = 6
C_FILES = (".c", ".h", ".h.in")
TEXT_FILES = C_FILES + (".py", ".sh", ".cmake", ".txt", ".md", ".map", ".in")

# Pattern of names -> (where it is banned, files that may, why).
BANNED = (
    (r"v?sprintf|strcpy|strcat|strtok|gets|v?sscanf|ato[ifl]|alloca", "", (),
     "unchecked; use base/buffer or base/text, snprintf or strto*"),
    (r"localtime|gmtime|ctime|asctime|s?rand|strerror|setjmp|longjmp", "lib/", (),
     "hidden process-wide state"),
    (r"assert|abort|_?exit|signal|sigaction|setenv|unsetenv|putenv|system|fork|pthread_create",
     "lib/", (), "a surprise inside the host"),
    (r"v?printf|puts|putchar|perror", "lib/", (), "the library writes no output"),
    (r"malloc|calloc|realloc|free|strn?dup|v?asprintf", "lib/", ("lib/base/memory.c",),
     "memory comes from base/memory"),
)
# Top-level folders that every Linux has; a checkout below another one gives its place away.
COMMON = set("bin boot dev etc home lib lib64 media mnt opt proc root run sbin srv sys tmp usr var"
             .split())


def check_functions(path, text, lengths):
    lines = text.split("\n")
    for function in c_source.functions(text):
        lengths.append(function.length)
        if function.length > LONGEST_FUNCTION:
            yield "%s:%d: %s() has %d lines, the limit is %d" % (
                path, function.line, function.name, function.length, LONGEST_FUNCTION)
        # A callback's signature may be another library's: the line above says so to clang-tidy too.
        dictated = "NOLINTNEXTLINE(readability-function-size)" in lines[function.line - 2]
        if function.parameters > MOST_PARAMETERS and not dictated:
            yield "%s:%d: %s() has %d parameters, the limit is %d" % (
                path, function.line, function.name, function.parameters, MOST_PARAMETERS)


def check_banned(path, text):
    for number, line in enumerate(c_source.code(text).split("\n"), 1):
        for names, where, excepted, why in BANNED:
            if not path.startswith(where) or path in excepted:
                continue
            for match in re.finditer(r"(?<![\w.])(?<!->)(%s)\s*\(" % names, line):
                yield "%s:%d: %s(): %s" % (path, number, match.group(1), why)
    for number, comment in c_source.comments(text):
        if comment.startswith("//"):
            yield "%s:%d: // comment; comments here are /* */" % (path, number)


def machine_paths(root):
    """Folders of this very machine that no file of the project can mean."""
    places = {os.path.expanduser("~").rstrip("/") + "/"} - {"/"}
    first = os.path.realpath(root).split("/")[1]
    return places if first in COMMON else places | {"/%s/" % first}


def check_text(path, text, places):
    lines = text.split("\n")
    if len(lines) - 1 > LARGEST_FILE:
        yield "%s:1: %d lines, the limit is %d" % (path, len(lines) - 1, LARGEST_FILE)
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            yield "%s:%d: blanks at the line's end" % (path, number)
        for place in places:
            if re.search(r"(?<![\w.$}])" + re.escape(place), line):
                yield "%s:%d: %s is a path of one machine" % (path, number, place)
    if text and not text.endswith("\n"):
        yield "%s:%d: no newline at the file's end" % (path, len(lines))


def main(root):
    problems, lengths, places = [], [], machine_paths(root)
    for path in c_source.files(root, TEXT_FILES):
        text = c_source.read(os.path.join(root, path))
        problems += check_text(path, text, places)
        if path.endswith(C_FILES):
            problems += check_functions(path, text, lengths)
            problems += check_banned(path, text)
    lengths.sort()
    p90 = lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
    return c_source.report(problems, "style: ok; %d functions, 90 %% have at most %d lines"
                           % (len(lengths), p90))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
