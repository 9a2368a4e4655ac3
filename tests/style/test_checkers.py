#!/usr/bin/env python3
"""A checker that cannot fail is a defect: each is run on a small tree that breaks one rule.

Usage: test_checkers.py CC CXX
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

HERE = os.path.dirname(os.path.abspath(__file__))
CMAKE = os.path.join(HERE, "..", "..", "cmake")
COMPILERS = ["cc", "c++"]

HEADER = """/* Things. */
#ifndef AWSLOGSRC_THING_H
#define AWSLOGSRC_THING_H
#include <stddef.h>
#define AWSLOGSRC_API
#ifdef __cplusplus
extern "C" {
#endif
%s
#ifdef __cplusplus
}
#endif
#endif
"""
GOOD_DECLARATION = """/* Counts things. error: optional. Returns 0, or AWSLOGSRC_E_INVALID.
 * Since 0.9. */
AWSLOGSRC_API int awslogsrc_thing_count(size_t start);
"""
GOOD = {
    "include/awslogsrc/thing.h": HEADER % GOOD_DECLARATION,
    "lib/awslogsrc.map": "AWSLOGSRC_1.0 {\n  global:\n    awslogsrc_thing_count;\n"
                         "  local:\n    *;\n};\n",
    "lib/base/cup.h": "/* Cups. */\nint als_cup_fill(int a);\n",
    "lib/base/cup.c": "#include \"base/cup.h\"\n\n#include <string.h>\n\n"
                      "int als_cup_fill(int a)\n{\n    return a;\n}\n",
    "lib/net/curl.c": "#include <curl/curl.h>\n\n#include \"base/cup.h\"\n",
}


def function(name, body, parameters="void"):
    return "int %s(%s)\n{\n%s}\n" % (name, parameters, body)


class Tree(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)
        for name, text in GOOD.items():
            self.write(name, text)

    def write(self, name, text):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def run_checker(self, checker, *arguments):
        run = subprocess.run([sys.executable, "-B", os.path.join(CMAKE, checker), self.root,
                              *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             universal_newlines=True)
        return run.returncode, run.stdout

    def expect(self, checker, message, *arguments):
        code, output = self.run_checker(checker, *arguments)
        self.assertIn(message, output)
        self.assertIn("1 problem\n", output)
        self.assertEqual(code, 1)

    def expect_good(self, checker, *arguments):
        code, output = self.run_checker(checker, *arguments)
        self.assertEqual(code, 0, output)


class Layers(Tree):
    def refuses(self, name, text, message):
        self.write(name, text)
        self.expect("check_layers.py", message)

    def test_layers__good_tree__passes(self):
        self.expect_good("check_layers.py")

    def test_layers__include_of_a_higher_layer__fails(self):
        self.refuses("lib/base/up.c", '#include "net/http.h"\n',
                     "lib/base/up.c:1: includes net/http.h: net is above base")

    def test_layers__every_pair__only_downwards(self):
        order = "api source cursor plan options event normalize credentials aws net base".split()
        for upper, layer in enumerate(order):
            for lower, other in enumerate(order):
                path = "lib/%s/up.c" % layer
                self.write(path, '#include "%s/down.h"\n' % other)
                code, output = self.run_checker("check_layers.py")
                self.assertEqual(code, 0 if lower >= upper else 1, output)
                os.remove(os.path.join(self.root, path))

    def test_layers__unknown_folder__fails(self):
        self.refuses("lib/misc/cup.c", "", "lib/misc/cup.c:1: not in a layer")

    def test_layers__file_outside_of_layers__fails(self):
        self.refuses("lib/cup.c", "", "lib/cup.c:1: not in a layer")

    def test_layers__third_party_header_elsewhere__fails(self):
        for header, path in (("curl/curl.h", "lib/net/retry.c"), ("cjson/cJSON.h", "lib/aws/a.c"),
                             ("openssl/evp.h", "lib/net/http.c"), ("pcre2.h", "lib/event/a.c")):
            with self.subTest(header):
                self.refuses(path, "\n#include <%s>\n" % header, "%s:2: includes %s: only" %
                             (path, header))
                os.remove(os.path.join(self.root, path))

    def test_layers__unknown_header__fails(self):
        self.refuses("lib/base/z.c", "#include <zlib.h>\n", "lib/base/z.c:1: includes zlib.h")

    def test_layers__include_in_comment__is_no_include(self):
        self.write("lib/base/z.c", "/* as in\n *   #include <zlib.h> */\n")
        self.expect_good("check_layers.py")

    def test_layers__public_header_with_third_header__fails(self):
        self.refuses("include/awslogsrc/more.h", "#include <time.h>\n", "more.h:1: includes time.h")

    def test_layers__public_header_with_internal_header__fails(self):
        self.refuses("include/awslogsrc/more.h", '#include "base/cup.h"\n',
                     "more.h:1: includes base/cup.h")

    def test_layers__function_of_another_prefix__fails(self):
        self.refuses("lib/base/pot.c", "\n" + function("als_cup_empty", "    return 1;\n"),
                     "lib/base/pot.c:2: als_cup_empty() is not static and not named als_pot_*")

    def test_layers__static_and_public_functions__are_free(self):
        self.write("lib/base/pot.c", "static " + function("empty", "    return 1;\n") + "\n" +
                   function("awslogsrc_pot", "    return 1;\n"))
        self.expect_good("check_layers.py")


class Style(Tree):
    def refuses(self, name, text, message):
        self.write(name, text)
        self.expect("check_style.py", message)

    def test_style__good_tree__passes(self):
        self.expect_good("check_style.py")

    def test_style__file_of_599_lines__passes_and_600__fails(self):
        self.write("tests/long.c", "\n" * 599)
        self.expect_good("check_style.py")
        self.refuses("tests/long.c", "\n" * 600, "tests/long.c:1: 600 lines")

    def test_style__function_of_80_lines__passes_and_81__fails(self):
        self.write("tests/long.c", function("f", "    x();\n" * 77))
        self.expect_good("check_style.py")
        self.refuses("tests/long.c", function("f", "    x();\n" * 78), "f() has 81 lines")

    def test_style__6_parameters__pass_and_7__fail(self):
        self.write("lib/base/f.c", function("f", "", "int a, int b, int c, int d, int e, int g"))
        self.expect_good("check_style.py")
        self.refuses("lib/base/f.c", function("f", "", "int a, int b, int c, int d, int e,\n"
                                              "  int (*g)(int, int), int h"), "f() has 7 param")

    def test_style__7_parameters_of_a_foreign_callback__pass_where_marked(self):
        self.write("lib/base/f.c", "/* NOLINTNEXTLINE(readability-function-size): theirs */\n" +
                   function("f", "", "int a, int b, int c, int d, int e, int g, int h"))
        self.expect_good("check_style.py")

    def test_style__banned_function__fails_at_its_line(self):
        names = ("sprintf strcpy strcat strtok gets sscanf atoi localtime gmtime rand alloca setjmp "
                 "assert malloc calloc realloc free strdup abort exit printf setenv")
        for name in names.split():
            with self.subTest(name):
                self.refuses("lib/net/f.c", function("f", "    %s(x);\n" % name),
                             "lib/net/f.c:3: %s():" % name)

    def test_style__unchecked_function_in_a_test__fails(self):
        self.refuses("tests/f.c", function("f", "    sprintf(x);\n"), "tests/f.c:3: sprintf():")

    def test_style__banned_word_that_is_no_call__passes(self):
        self.write("lib/net/f.c", function("f", "    /* free(x) */\n    gmtime_r(a);\n"
                                           "    table->free(\"malloc(1)\");\n    als_free(x);\n"))
        self.expect_good("check_style.py")

    def test_style__malloc_in_memory_c__passes(self):
        self.write("lib/base/memory.c", function("als_new", "    return malloc(1);\n"))
        self.expect_good("check_style.py")

    def test_style__line_comment__fails(self):
        self.refuses("lib/net/f.c", 'char *url = "http://x";\nint a; // one\n',
                     "lib/net/f.c:2: // comment")

    def test_style__blank_at_a_lines_end__fails(self):
        for name in ("lib/net/f.c", "README.md", "cmake/a.py", "tests/a.sh", "CMakeLists.txt"):
            with self.subTest(name):
                self.refuses(name, "a\nb \n", name + ":2: blanks")
                os.remove(os.path.join(self.root, name))

    def test_style__path_of_this_machine__fails(self):
        home = os.path.join(self.root, "me")
        with unittest.mock.patch.dict(os.environ, HOME=home):
            self.refuses("tests/a.sh", "cd '%s/x'\n" % home, "tests/a.sh:1: %s/ is a path" % home)

    def test_style__no_newline_at_the_end__fails(self):
        self.refuses("tests/a.sh", "true", "tests/a.sh:1: no newline")


class Symbols(Tree):
    def build(self, *names):
        library = os.path.join(self.root, "libthing.so")
        source = "".join("int %s(void) { return 0; }\n" % name for name in names)
        subprocess.run([COMPILERS[0], "-shared", "-fPIC", "-x", "c", "-", "-o", library],
                       input=source, check=True, universal_newlines=True)
        return library

    def test_symbols__all_the_same__passes(self):
        self.expect_good("check_symbols.py", self.build("awslogsrc_thing_count"))

    def test_symbols__library_exports_one_too_many__fails(self):
        self.expect("check_symbols.py", "als_leak: exported by libthing.so: not declared",
                    self.build("awslogsrc_thing_count", "als_leak"))

    def test_symbols__library_lacks_one__fails(self):
        self.expect("check_symbols.py", "awslogsrc_thing_count: declared in include/, in lib/",
                    self.build())

    def test_symbols__map_lacks_one__fails(self):
        self.write("lib/awslogsrc.map", "AWSLOGSRC_1.0 {\n  global:\n  local:\n    *;\n};\n")
        self.expect("check_symbols.py", "not in lib/awslogsrc.map",
                    self.build("awslogsrc_thing_count"))


class Headers(Tree):
    def refuses(self, declaration, message):
        self.write("include/awslogsrc/thing.h", HEADER % declaration)
        self.expect("check_headers.py", message, self.root, *COMPILERS)

    def test_headers__good_tree__passes(self):
        self.expect_good("check_headers.py", self.root, *COMPILERS)

    def test_headers__no_comment__fails(self):
        self.refuses("AWSLOGSRC_API int f(int a);", "thing.h:9: f: no comment")

    def test_headers__blank_line_below_the_comment__fails(self):
        self.refuses("/* Returns 0. Since 0.9. */\n\nAWSLOGSRC_API int f(int a);",
                     "thing.h:11: f: no comment")

    def test_headers__no_since__fails(self):
        self.refuses("/* Counts. */\nAWSLOGSRC_API int f(int a);", "thing.h:10: f: the comment")

    def test_headers__pointer_without_returns__fails(self):
        self.refuses("/* Names. Since 0.9. */\nAWSLOGSRC_API const char *f(int a);", '"Returns"')

    def test_headers__error_without_returns__fails(self):
        self.refuses("/* Names. Since 0.9. */\ntypedef struct e awslogsrc_error;\n"
                     "/* Names. Since 0.9. */\nAWSLOGSRC_API int f(awslogsrc_error **error);",
                     "thing.h:12: f: the comment does not say what it \"Returns\"")

    def test_headers__not_c99_alone__fails(self):
        self.refuses("#ifndef __cplusplus\nstruct s { int64_t a; };\n#endif", "does not compile alone (%s -x c " % COMPILERS[0])

    def test_headers__not_cxx11__fails(self):
        self.refuses("struct s { int class; };", "does not compile alone (%s -x c++" % COMPILERS[1])


CMOCKA_OUTPUT = """[==========] Running 5 test(s).
[ RUN      ] test_a
[       OK ] test_a
[ RUN      ] test_b
SKIPPED: no data here
[  SKIPPED ] test_b
[ RUN      ] test_c
noise without a line's end[       OK ] test_c
%s[==========] 5 test(s) run.
[  SKIPPED ] tests: 1 test(s), listed below:
[  SKIPPED ] test_b
"""


class Report(Tree):
    """test_report.py counts by case, once each, and nothing that went wrong gets by."""

    def report(self, *runs, options=()):
        paths = []
        for number, tests in enumerate(runs):
            cases = "".join('<testcase name="%s" status="%s">%s<system-out>%s</system-out>'
                            "</testcase>" % test for test in tests)
            paths.append(os.path.join(self.root, "%d.xml" % number))
            self.write(paths[-1], "<testsuite>%s</testsuite>" % cases)
        run = subprocess.run([sys.executable, "-B", os.path.join(CMAKE, "test_report.py"),
                              *options, *paths], stdout=subprocess.PIPE, universal_newlines=True)
        return run.returncode, run.stdout.splitlines()

    def test_report__cmocka_cases__are_counted_and_skips_named(self):
        code, lines = self.report([("unit", "run", "", CMOCKA_OUTPUT % "")])
        self.assertEqual(lines, ["SKIPPED: unit: test_b: no data here",
                                 "2 passed, 0 failed, 1 skipped"])
        self.assertEqual(code, 0)

    def test_report__failed_case_listed_twice__counts_once(self):
        more = "[ RUN      ] test_d\n[  FAILED  ] test_d\n[  FAILED  ] test_d\n"
        code, lines = self.report([("unit", "fail", "", CMOCKA_OUTPUT % more)])
        self.assertEqual(lines[-2:], ["FAILED: unit: test_d", "2 passed, 1 failed, 1 skipped"])
        self.assertEqual(code, 1)

    def test_report__crash_in_a_case__is_a_failure(self):
        output = CMOCKA_OUTPUT.partition("[       OK ] test_c")[0]
        code, lines = self.report([("unit", "fail", "", output)])
        self.assertEqual(lines[-2:], ["FAILED: unit: test_c: did not end",
                                      "1 passed, 1 failed, 1 skipped"])
        self.assertEqual(code, 1)

    def test_report__failure_after_all_cases_passed__is_a_failure(self):
        code, lines = self.report([("unit", "fail", "", CMOCKA_OUTPUT % "")])
        self.assertEqual(lines[-1], "2 passed, 1 failed, 1 skipped")
        self.assertEqual(code, 1)

    def test_report__same_case_in_two_builds__counts_once_by_the_worse(self):
        good, bad = (CMOCKA_OUTPUT % ("[ RUN      ] test_d\n[ %s ] test_d\n" % result)
                     for result in ("      OK", " FAILED "))
        code, lines = self.report([("unit", "run", "", good)], [("unit", "fail", "", bad)])
        self.assertEqual(lines[-1], "2 passed, 1 failed, 1 skipped")

    def test_report__unittest_cases__are_counted(self):
        output = ("test_a (m.C.test_a) ... ok\ntest_b (m.C.test_b)\nWhat it does. ... FAIL\n"
                  "test_c (m.C) ... skipped 'no tool'\n\nRan 3 tests in 1s\n")
        code, lines = self.report([("python", "fail", "", output)])
        self.assertEqual(lines, ["SKIPPED: python: test_c: no tool", "FAILED: python: test_b",
                                 "1 passed, 1 failed, 1 skipped"])

    def test_report__test_without_cases__counts_as_one(self):
        code, lines = self.report([
            ("a", "run", "", "fine"), ("b", "run", "", "SKIPPED: half of it"),
            ("c", "notrun", '<skipped message="SKIP_RETURN_CODE=77"/>', "SKIPPED: no tool"),
            ("d", "notrun", '<skipped message="Unable to find executable: d"/>', "")])
        self.assertEqual(lines, ["SKIPPED: b: half of it", "SKIPPED: c: no tool",
                                 "FAILED: d: Unable to find executable: d",
                                 "2 passed, 1 failed, 2 skipped"])
        self.assertEqual(code, 1)

    def test_report__failed_step__is_a_failure(self):
        code, lines = self.report([("a", "run", "", "")], options=["--failed", "clang: build"])
        self.assertEqual(lines, ["FAILED: clang: build", "1 passed, 1 failed, 0 skipped"])
        self.assertEqual(code, 1)

    def test_report__nothing_ran__is_a_failure(self):
        code, lines = self.report([])
        self.assertEqual((code, lines), (1, ["0 passed, 0 failed, 0 skipped"]))


@unittest.skipUnless(shutil.which("clang-format"), "SKIPPED: clang-format is not installed")
class Format(Tree):
    def test_format__other_layout__fails(self):
        self.write(".clang-format", "BasedOnStyle: LLVM\n")
        self.write("lib/base/cup.c", "int  a ;\n")
        code, output = self.run_checker("run_clang_format.py", "clang-format")
        self.assertEqual(code, 1)
        self.assertIn("lib/base/cup.c:1", output)


@unittest.skipUnless(shutil.which("clang-tidy"), "SKIPPED: clang-tidy is not installed")
class Tidy(Tree):
    def compile(self, text):
        self.write(".clang-tidy", "Checks: '-*,misc-redundant-expression,clang-analyzer-core.*'\n")
        self.write("lib/base/cup.c", text)
        path = os.path.join(self.root, "lib/base/cup.c")
        self.write("build/compile_commands.json", json.dumps(
            [{"directory": self.root, "file": path, "command": "cc -c " + path}]))
        return self.run_checker("run_clang_tidy.py", os.path.join(self.root, "build"), "clang-tidy")

    def test_tidy__clean_file__passes(self):
        code, output = self.compile("int f(int a);\nint f(int a) { return a; }\n")
        self.assertEqual(code, 0, output)

    def test_tidy__finding__fails(self):
        code, output = self.compile("int f(int a);\nint f(int a) { return a == a; }\n")
        self.assertEqual(code, 1)
        self.assertIn("misc-redundant-expression", output)

    def test_tidy__path_to_a_null_pointer__fails(self):
        code, output = self.compile("int f(int *a);\nint f(int *a) { return a == 0 ? *a : 1; }\n")
        self.assertEqual(code, 1)
        self.assertIn("clang-analyzer-core", output)

    def test_tidy__file_that_does_not_compile__fails(self):
        code, output = self.compile("int f(\n")
        self.assertEqual(code, 1)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        COMPILERS = sys.argv[1:]
    unittest.main(argv=sys.argv[:1], verbosity=2)
