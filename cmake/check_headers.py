#!/usr/bin/env python3
"""check_headers.py ROOT GENERATED CC CXX: public headers compile alone, and say what callers need.

GENERATED is the folder of version.h. Every header must compile by itself as C99 and as C++11, and
the comment right above each declaration must say "Since", and "Returns" where something can fail or
is handed out.
"""
import os
import re
import subprocess
import sys

import c_source

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-fsyntax-only"]
DECLARATION = re.compile(r"^AWSLOGSRC_API\b([^;]*);", re.M)


def check_alone(root, generated, name, compiler, language):
    command = [compiler, *language, *WARNINGS, "-I", os.path.join(root, "include"),
               "-I", generated, "-"]
    run = subprocess.run(command, input='#include "awslogsrc/%s"\nextern int not_empty;\n' % name,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    if run.returncode != 0:
        yield "include/awslogsrc/%s:1: does not compile alone (%s %s)\n%s" % (
            name, compiler, " ".join(language), run.stdout)


def check_comments(path, text):
    code = c_source.code(text)
    above = {line + comment.count("\n") + 1: comment for line, comment in c_source.comments(text)}
    for match in DECLARATION.finditer(code):
        line = code.count("\n", 0, match.start()) + 1
        signature = match.group(1)
        name = re.search(r"(\w+)\s*\(", signature)
        where = "%s:%d: %s" % (path, line, name.group(1) if name else "declaration")
        comment = above.get(line)
        if comment is None:
            yield where + ": no comment right above it"
            continue
        words = re.sub(r"\s*\n \*\s*", " ", comment)
        if not re.search(r"\bSince\s+\d+\.\d+", words):
            yield where + ": the comment does not say \"Since\" which version"
        answers = signature[:name.start()].rstrip().endswith("*") if name else False
        if (answers or "awslogsrc_error **" in signature) and \
                not signature.lstrip().startswith("void ") and not re.search(r"\bReturns\b", words):
            yield where + ": the comment does not say what it \"Returns\""


def main(root, generated, cc, cxx):
    problems = []
    headers = c_source.files(root, (".h", ".h.in"), ("include",))
    for path in headers:
        name = os.path.basename(path).replace(".h.in", ".h")
        problems += check_comments(path, c_source.read(os.path.join(root, path)))
        problems += check_alone(root, generated, name, cc, ["-x", "c", "-std=c99"])
        problems += check_alone(root, generated, name, cxx, ["-x", "c++", "-std=c++11"])
    if not headers:
        problems.append("include: no header found")
    return c_source.report(problems, "headers: ok; %d" % len(headers))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
