#!/usr/bin/env python3
"""check_layers.py ROOT: a file of lib/ knows its own layer and those below, and nothing else.

Also: third-party headers stay in the one file that wraps them, public headers include almost
nothing, and a function's prefix is the name of its file.
"""
import os
import sys

import c_source

LAYERS = ("api", "source", "cursor", "plan", "options", "event", "normalize", "credentials", "aws",
          "net", "base")

# Header prefix -> the only files that may include it.
THIRD_PARTY = {
    "curl/": {"lib/net/curl.c", "lib/net/curl_fault.c", "lib/net/curl_fault.h",
              "lib/net/curl_options.c", "lib/net/curl_options.h",
              "lib/net/curl_pool.c", "lib/net/curl_pool.h",
              "lib/net/curl_timing.c", "lib/net/curl_timing.h"},
    "cjson/": {"lib/base/json.c"},
    "openssl/": {"lib/base/crypto.c", "lib/net/certificates.c", "lib/net/handshake.c"},
    "pcre2.h": {"lib/base/regex.c"},
}
SYSTEM = set("""
    ctype.h endian.h errno.h float.h inttypes.h limits.h math.h stdalign.h stdarg.h stdatomic.h stdbool.h
    stddef.h stdint.h stdio.h stdlib.h stdnoreturn.h string.h strings.h time.h
    arpa/inet.h dirent.h fcntl.h netdb.h netinet/in.h netinet/tcp.h poll.h pthread.h pwd.h signal.h spawn.h
    sys/epoll.h sys/eventfd.h sys/file.h sys/random.h sys/resource.h sys/socket.h sys/stat.h
    sys/timerfd.h sys/types.h sys/uio.h sys/un.h sys/utsname.h sys/wait.h unistd.h
""".split())
IN_PUBLIC_HEADERS = {"stddef.h", "stdint.h"}

# Words of the whole library rather than of one file: what stands for malloc() stays short, and
# digests go by their own names. A name that ends in _ stands for all that begin so.
ALSO_NAMED = {
    "lib/base/memory.c": ("als_new", "als_new_array", "als_resize_array", "als_copy_string",
                          "als_copy_bytes", "als_free", "als_free_secret", "als_wipe"),
    "lib/base/crypto.c": ("als_sha256", "als_hmac_sha256"),
}


def check_include(path, layer, name):
    """Why this file may not include this header; None if it may."""
    if name.startswith("awslogsrc/"):
        return None
    for prefix, wrappers in THIRD_PARTY.items():
        if name.startswith(prefix):
            return None if path in wrappers else \
                "only %s may include it" % " and ".join(sorted(wrappers))
    if name in SYSTEM:
        return None
    folder, _, rest = name.partition("/")
    if not rest:
        return "name the layer too: \"%s/%s\"" % (layer, name)
    if folder not in LAYERS:
        return "not a header of C, Linux or this library"
    if LAYERS.index(folder) < LAYERS.index(layer):
        return "%s is above %s" % (folder, layer)
    return None


def is_named(name, path, stem):
    return name in ("als_" + stem,) + ALSO_NAMED.get(path, ()) or \
        name.startswith(("awslogsrc_", "als_%s_" % stem)) or \
        any(name.startswith(word) for word in ALSO_NAMED.get(path, ()) if word.endswith("_"))


def check_names(path, text):
    stem = os.path.splitext(os.path.basename(path))[0]
    for function in c_source.functions(text):
        if not function.static and not is_named(function.name, path, stem):
            yield "%s:%d: %s() is not static and not named als_%s_*" % (
                path, function.line, function.name, stem)


def check_library(root):
    for path in c_source.files(root, (".c", ".h"), ("lib",)):
        parts = path.split(os.sep)
        if len(parts) != 3 or parts[1] not in LAYERS:
            yield "%s:1: not in a layer: lib/{%s}/<file>" % (path, ",".join(LAYERS))
            continue
        text = c_source.read(os.path.join(root, path))
        for line, name, _ in c_source.includes(text):
            why = check_include(path, parts[1], name)
            if why:
                yield "%s:%d: includes %s: %s" % (path, line, name, why)
        yield from check_names(path, text)


def check_public(root):
    headers = c_source.files(root, (".h", ".h.in"), ("include",))
    names = {os.path.basename(path)[:-3 if path.endswith(".in") else None] for path in headers}
    for path in headers:
        for line, name, angled in c_source.includes(c_source.read(os.path.join(root, path))):
            sibling = name[len("awslogsrc/"):] if name.startswith("awslogsrc/") else name
            if sibling not in (IN_PUBLIC_HEADERS if angled else names):
                yield "%s:%d: includes %s: public headers include <stddef.h>, <stdint.h> and " \
                      "each other" % (path, line, name)


if __name__ == "__main__":
    problems = list(check_library(sys.argv[1])) + list(check_public(sys.argv[1]))
    sys.exit(c_source.report(problems, "layers: ok"))
