#!/usr/bin/env python3
"""generate.py [--check]: makes awslogsrc/_declarations.py and awslogsrc/errors.py of the public headers.

Run it after a header has changed; --check fails where the two files are not what it would write.
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parents[1] / "include" / "awslogsrc"
WIDTH = 100

VALUES = {"void": "None", "int": "c_int", "int64_t": "c_int64", "size_t": "c_size_t"}
POINTERS = {"size_t *": "POINTER(c_size_t)", "int64_t *": "POINTER(c_int64)", "int *": "POINTER(c_int)",
            "const char *": "c_char_p", "const char **": "POINTER(c_char_p)"}

DECLARATIONS = '''"""What the public headers of libawslogsrc declare. Written by generate.py; do not edit."""
from __future__ import annotations

import enum
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_size_t, c_void_p
from typing import Any

# Constants, without AWSLOGSRC_.
%s

class State(enum.IntEnum):
    """States of a region."""

%s
    @classmethod
    def _missing_(cls, value: object) -> State:
        """One of a newer library."""
        member = int.__new__(cls, int(str(value)))
        member._name_, member._value_ = "UNKNOWN", int(str(value))
        return member


# Number, name, class, may pass by itself, ends the handle, meaning.
ERRORS: list[tuple[int, str, str, bool, bool, str]] = [
%s]

# Callbacks.
%s
# Result and arguments. Text that comes with a size is a pointer, since it may hold NULs.
FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
%s}
'''

ERRORS = '''"""Exceptions: one for each error of libawslogsrc, one above them for each class of errors, and Error.
Written by generate.py; do not edit."""
from __future__ import annotations

from ._error import Error

__all__ = [
    "Error",
%s]
%s

BY_CODE: dict[int, type[Error]] = {
%s}
'''


def without_comments(text):
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.S)


def read_headers():
    """All headers without comments, and the comment behind each member of an enum."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(INCLUDE.glob("*.h"))]
    remarks = dict(re.findall(r"^\s+AWSLOGSRC_(\w+) = -?\d+,?\s+/\* (.*?) \*/", "\n".join(texts), re.M))
    return "\n".join(without_comments(text) for text in texts), remarks


def error_rows(code):
    table = re.search(r"#define AWSLOGSRC_ERROR_MAP\(X\)(.*?[^\\])\n", code, re.S).group(1)
    rows = re.findall(r'X\((\w+), (-\d+), (\w+), ([01]), ([01]), ("[^"]*")\)', table)
    if len(rows) != table.count("X("):
        sys.exit("the table of errors has rows of an unknown form")
    return rows


def constants(code):
    for body in re.findall(r"enum \{(.*?)\};", code, re.S):
        body = "\n".join(line for line in body.splitlines() if not line.lstrip().startswith("#"))
        yield from re.findall(r"\bAWSLOGSRC_(\w+) =\s*(-?\d+)", body)


def ctype(declaration, has_size=False):
    """Of a parameter with its name, or of a result."""
    stars = declaration.count("*")
    words = [word for word in declaration.replace("*", " ").split() if word != "struct"]
    const = ["const"] if words[0] == "const" else []
    name = words[len(const)]
    if stars == 0:
        return VALUES.get(name, "c_void_p")  # a callback, or user_data_free
    pointer = " ".join(const + [name, "*" * stars])
    if pointer == "const char *" and has_size:
        return "c_void_p"
    if pointer == "const char **" and has_size:
        return "POINTER(c_void_p)"
    return POINTERS.get(pointer, "c_void_p" if stars == 1 else "POINTER(c_void_p)")


def arguments(text):
    parts = [" ".join(part.split()) for part in text.split(",")]
    lent = any("const char **" in part for part in parts) and "size_t *" in text
    return [] if parts == ["void"] else [
        ctype(part, has_size=lent and "**" in part) for part in parts]


def functions(code):
    for result, name, parameters in re.findall(r"^AWSLOGSRC_API ([^;()]*?)(\w+)\(([^;]*)\);", code, re.M):
        yield name, ctype(result, "size_t *" in parameters), arguments(parameters)


def callbacks(code):
    for result, name, parameters in re.findall(r"typedef (\w+) \(\*(\w+)\)\(([^;]*)\);", code):
        yield name, ctype(result), arguments(parameters)


def wrapped(head, items, tail):
    """head + items + tail, over several lines where one is too short."""
    line = head + ", ".join(items) + tail
    if len(line) <= WIDTH:
        return line + "\n"
    indent = " " * (len(head) - len(head.lstrip()) + 4)
    lines, current = [head], indent
    for item in items:
        if len(current) + len(item) + 2 > WIDTH:
            lines.append(current.rstrip())
            current = indent
        current += item + ", "
    lines.append(current.rstrip(", ") + tail)
    return "\n".join(lines) + "\n"


def declarations(code):
    return DECLARATIONS % (
        "".join("%s = %s\n" % pair for pair in constants(code)),
        "".join("    %s = %s\n" % (name[len("REGION_"):], number)
                for name, number in constants(code) if name.startswith("REGION_")),
        "".join("    (%s, \"%s\", \"%s\", %s, %s, %s),\n" % (
            number, name, kind, retryable == "1", fatal == "1", text)
            for name, number, kind, retryable, fatal, text in error_rows(code)),
        "".join(wrapped("%s = CFUNCTYPE(" % name[len("awslogsrc_"):], [result] + types, ")")
                for name, result, types in callbacks(code)),
        "".join(wrapped("    \"%s\": (%s, [" % (name, result), types, "]),")
                for name, result, types in functions(code)))


def class_name(name):
    return "".join(word.capitalize() for word in name.split("_")) + "Error"


def sentence(text):
    return text[:1].upper() + text[1:] + "."


def exceptions(code, remarks):
    """An error that is called as its class is that class: NetworkError is any trouble of the network."""
    rows = error_rows(code)
    kinds = [name[len("CLASS_"):] for name, _ in constants(code) if name.startswith("CLASS_")]
    own = [row for row in rows if row[0] not in kinds]
    text = "".join('\n\nclass %s(Error):\n    """%s"""\n' % (
        class_name(kind), sentence(remarks["CLASS_" + kind])) for kind in kinds)
    text += "".join('\n\nclass %s(%s):\n    """%s"""\n' % (
        class_name(row[0]), class_name(row[2]), sentence(row[5].strip('"'))) for row in own)
    listed = [class_name(name) for name in kinds + [row[0] for row in own]]
    return ERRORS % ("".join('    "%s",\n' % name for name in listed), text,
                     "".join("    %s: %s,\n" % (row[1], class_name(row[0])) for row in rows))


def main(argument):
    code, remarks = read_headers()
    stale = []
    for name, text in (("_declarations.py", declarations(code)), ("errors.py", exceptions(code, remarks))):
        path = HERE / "awslogsrc" / name
        if argument == "--check":
            stale += [name] if path.read_text(encoding="utf-8") != text else []
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        sys.exit("not what the headers declare: %s; run bindings/python/generate.py" % ", ".join(stale))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
