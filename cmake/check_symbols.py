#!/usr/bin/env python3
"""check_symbols.py ROOT LIBRARY: headers, symbol map and the built library name the same symbols."""
import os
import re
import subprocess
import sys

import c_source


def declared(root):
    names = set()
    for path in c_source.files(root, (".h", ".h.in"), ("include",)):
        text = c_source.code(c_source.read(os.path.join(root, path)))
        names |= set(re.findall(r"^AWSLOGSRC_API\b[^;(]*?(\w+)\s*\(", text, re.M))
    return names


def mapped(root):
    text = c_source.code(c_source.read(os.path.join(root, "lib/awslogsrc.map")))
    return set(re.findall(r"\b(\w+);", re.sub(r"local:.*?}", "}", text, flags=re.S)))


def exported(library):
    table = subprocess.run(["nm", "-D", "--defined-only", library], check=True,
                           stdout=subprocess.PIPE, universal_newlines=True).stdout
    return {line.split()[-1].split("@")[0] for line in table.splitlines()
            if line.split()[-2] != "A"}


def main(root, library):
    places = (("declared in include/", declared(root)),
              ("in lib/awslogsrc.map", mapped(root)),
              ("exported by " + os.path.basename(library), exported(library)))
    problems = ["%s: %s: not %s" % (name, ", ".join(w for w, names in places if name in names),
                                    ", not ".join(w for w, names in places if name not in names))
                for name in sorted(set().union(*(names for _, names in places)))
                if not all(name in names for _, names in places)]
    return c_source.report(problems, "symbols: ok; %d" % len(places[0][1]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
