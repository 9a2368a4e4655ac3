"""What the checkers know of C: comments and strings blanked out, functions found, files walked.

Functions are found by the layout that clang-format enforces here: a body opens with a brace in the
first column, and nothing else does.
"""
import os
import re
from collections import namedtuple

FOLDERS = ("lib", "include", "examples", "bindings", "tests", "cmake", ".ci")
NOT_OURS = {"__pycache__", "fixtures", "corpus", ".git"}

Function = namedtuple("Function", "name line static parameters length")

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def files(root, suffixes, folders=FOLDERS):
    """The project's own files below root, as sorted paths relative to it."""
    found = [name for name in os.listdir(root)
             if folders is FOLDERS and name.endswith(suffixes)
             and os.path.isfile(os.path.join(root, name))]
    for folder in folders:
        for place, inner, names in os.walk(os.path.join(root, folder)):
            inner[:] = [name for name in inner
                        if name not in NOT_OURS and not name.startswith("build")]
            found += [os.path.relpath(os.path.join(place, name), root)
                      for name in names if name.endswith(suffixes)]
    return sorted(found)


def comments(text):
    """(line, comment) of every comment."""
    return [(text.count("\n", 0, match.start()) + 1, match.group())
            for match in TOKEN.finditer(text) if match.group().startswith("/")]


def code(text):
    """The text with comments and the insides of literals blanked, line by line as it was."""
    def blank(match):
        token = match.group()
        inside = re.sub(r"[^\n]", " ", token[1:-1])
        return (" " if token[0] == "/" else token[0]) + inside + \
               (" " if token[0] == "/" else token[-1])
    return TOKEN.sub(blank, text)


def includes(text):
    """(line, name, in angle brackets) of every #include."""
    return [(number, match.group(2), match.group(1) == "<")
            for number, line in enumerate(text.split("\n"), 1)
            for match in [re.match(r'\s*#\s*include\s*([<"])([^>"]+)', line)] if match]


def parameter_count(signature):
    name = re.search(r"(\w+)\s*\(", signature)
    depth, count, empty = 0, 1, True
    for char in signature[name.end() - 1:]:
        depth += (char == "(") - (char == ")")
        if depth == 0:
            break
        count += char == "," and depth == 1
        empty = empty and (char in "( \n" or depth == 0)
    inside = re.match(r"\(\s*(void)?\s*\)", signature[name.end() - 1:])
    return 0 if inside or empty else count


def functions(text):
    """Every function definition of a file."""
    lines = code(text).split("\n")
    found, start = [], 0
    for number, line in enumerate(lines):
        if line.startswith("{"):
            signature = "\n".join(lines[start:number])
            name = re.search(r"(?<!\w)(?!__attribute__|AWSLOGSRC_)(\w+)\s*\(", signature)
            end = next((i for i in range(number, len(lines)) if lines[i].startswith("}")), number)
            first = next(i for i in range(start, number + 1) if lines[i].strip() or i == number)
            if name:
                found.append(Function(name.group(1), first + 1,
                                      bool(re.search(r"\bstatic\b", signature)),
                                      parameter_count(signature[name.start():]), end - first + 1))
        if line.startswith(("}", "#")) or line.rstrip().endswith((";", "\\")):
            start = number + 1
        elif start == number and not line.strip():
            start = number + 1
    return found


def report(problems, passed):
    """Prints the problems, or the line for when there are none; returns the exit code."""
    for problem in problems:
        print(problem)
    print("%d problem%s" % (len(problems), "" if len(problems) == 1 else "s")
          if problems else passed)
    return 1 if problems else 0
