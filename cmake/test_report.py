#!/usr/bin/env python3
"""test_report.py [--failed STEP]... JUNIT...: what several ctest runs found, counted by test case.

A CMocka or unittest program counts by its cases, any other test as one. A case that ran in several
builds counts once, by its worst result; a STEP that failed counts as one case. Prints what was
skipped and why, what failed, and last of all "N passed, N failed, N skipped"; exits 1 where something
failed or nothing ran.
"""
import argparse
import re
import sys
import xml.etree.ElementTree as ElementTree

PASSED, SKIPPED, FAILED = "passed", "skipped", "failed"
WORST_LAST = (PASSED, SKIPPED, FAILED)

CMOCKA = re.compile(r"\[ RUN      \] (?P<run>\S+)|\[       OK \] (?P<ok>\S+)"
                    r"|\[  SKIPPED \] (?P<skipped>\S+)|\[  FAILED  \] (?P<failed>\S+)"
                    r"|SKIPPED: (?P<why>.*)")
UNITTEST = re.compile(r"^(?P<case>\w+) \([\w.]+\)(?:\n.*)? \.\.\. (?P<result>ok|FAIL|ERROR|skipped .*)$",
                      re.M)


def cmocka_cases(output):
    """(case, result, reason) of a CMocka program; a case that never ended has failed."""
    running, why = None, ""
    for match in CMOCKA.finditer(output):
        kind, name = match.lastgroup, match.group(match.lastgroup)
        if kind == "why":
            why = name
        elif kind == "run":
            if running:
                yield running, FAILED, "did not end"
            running, why = name, ""
        elif name == running:
            passed = SKIPPED if why else PASSED
            yield running, passed if kind == "ok" else kind, why
            running, why = None, ""
    if running:
        yield running, FAILED, "did not end"


def unittest_cases(output):
    for match in UNITTEST.finditer(output):
        result = match.group("result")
        kind = {"ok": PASSED, "FAIL": FAILED, "ERROR": FAILED}.get(result, SKIPPED)
        yield match.group("case"), kind, result[len("skipped "):].strip("'\"")


def whole(test, output):
    """A test without cases of its own."""
    reasons = re.findall(r"SKIPPED: (.*)", output)
    state = test.get("status")
    if state == "fail":
        yield "", FAILED, ""
    elif state == "run":
        yield "", PASSED, ""
        for reason in reasons:
            yield reason, SKIPPED, reason
    else:
        skipped = test.find("skipped")
        message = skipped.get("message", "") if skipped is not None else state
        known = message.startswith(("SKIP_", "Skip"))
        yield "", SKIPPED if known else FAILED, reasons[0] if reasons else message


def cases(test):
    output = test.findtext("system-out") or ""
    found = list(cmocka_cases(output)) or list(unittest_cases(output))
    if not found:
        return list(whole(test, output))
    if test.get("status") == "fail" and all(result != FAILED for _, result, _ in found):
        found.append(("", FAILED, "the program failed outside of its cases"))
    return found


def collect(paths):
    results = {}
    for path in paths:
        for test in ElementTree.parse(path).getroot().iter("testcase"):
            seen = {}
            for case, result, reason in cases(test):
                seen[case] = seen.get(case, 0) + 1
                key = (test.get("name"), case, seen[case])
                old = results.get(key, (PASSED, ""))
                results[key] = max(old, (result, reason), key=lambda r: WORST_LAST.index(r[0]))
    return results


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--failed", action="append", default=[], metavar="STEP")
    parser.add_argument("junit", nargs="*")
    given = parser.parse_args(arguments)
    results = collect(given.junit)
    results.update({(step, "", 1): (FAILED, "") for step in given.failed})
    count = {kind: sum(result == kind for result, _ in results.values()) for kind in WORST_LAST}
    for kind in (SKIPPED, FAILED):
        for (program, case, _), (result, reason) in sorted(results.items()):
            if result == kind:
                print("%s: %s" % (kind.upper(), ": ".join(
                    text for text in dict.fromkeys((program, case, reason)) if text)))
    print("%d passed, %d failed, %d skipped" % (count[PASSED], count[FAILED], count[SKIPPED]))
    return 1 if count[FAILED] or not count[PASSED] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
