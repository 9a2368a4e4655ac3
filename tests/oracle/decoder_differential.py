#!/usr/bin/python3
"""Compares the page decoder with Python's json module.

usage: decoder_differential.py DECODE_PAGE [--pages N] [--seed N]

Generated pages, every prefix and every one-byte mutation of a small page go through both. What the
decoder accepts Python must accept, with equal fields; what Python accepts the decoder must accept
too, unless a named rule makes it stricter.
"""
import argparse
import codecs
import json
import os
import random
import struct
import subprocess
import sys

INT64 = range(-(2**63), 2**63)
EVENTS_MAX = 10000
DEPTH_MAX = 64
EVENT_TEXT = {"message": 3, "logStreamName": 4, "eventId": 5}
BATCH = 500


class Refused(Exception):
    """A page that must be refused; the text says which rule it breaks."""


class Integer(str):
    pass


class Real(str):
    pass


class Pairs(list):
    """An object: its members in order, doubles and all."""


def refuse_constant(name):
    raise Refused(f"{name} is not JSON")


def depth_of(value):
    if isinstance(value, Pairs):
        return 1 + max((depth_of(v) for _, v in value), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


def members(pairs, known):
    if not isinstance(pairs, Pairs):
        raise Refused("not an object")
    found = {}
    seen = set()
    for name, value in pairs:
        if name not in known:
            if depth_of(value) > DEPTH_MAX:
                raise Refused("too deep")
            continue
        if name in seen:
            raise Refused("a member comes twice")
        seen.add(name)
        if value is not None:
            found[name] = value
    return found


def integer(value):
    if not isinstance(value, Integer) or int(value) not in INT64:
        raise Refused("not a 64-bit integer")
    return int(value)


def text_of(value):
    """-> (UTF-8, was something replaced): surrogates read U+FFFD."""
    if not isinstance(value, str) or isinstance(value, (Integer, Real)):
        raise Refused("not a string")
    mended = "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in value)
    return mended.encode(), mended != value


def expect_event(pairs):
    found = members(pairs, {"timestamp", "ingestionTime", *EVENT_TEXT})
    if "timestamp" not in found:
        raise Refused("no timestamp")
    event = [integer(found["timestamp"]), 0, 0, b"", b"", b""]
    if "ingestionTime" in found:
        event[1] = integer(found["ingestionTime"])
    for name, place in EVENT_TEXT.items():
        if name in found:
            event[place], replaced = text_of(found[name])
            event[2] |= replaced
    return tuple(event)


def mark(error):
    return "\ud800", error.end


# As "replace", one for each maximal subpart, but told apart from a U+FFFD that was sent.
codecs.register_error("mark", mark)


def expect(page):
    """-> (token, events), or Refused."""
    text = page.decode("utf-8", "mark")
    assert text.replace("\ud800", "\ufffd") == page.decode("utf-8", "replace")
    try:
        root = json.loads(text, strict=False, parse_int=Integer, parse_float=Real,
                          parse_constant=refuse_constant, object_pairs_hook=Pairs)
    except (ValueError, RecursionError) as error:
        raise Refused(str(error)) from error
    found = members(root, {"events", "nextToken"})
    token, replaced = text_of(found.get("nextToken", ""))
    if replaced:
        raise Refused("the token is not valid Unicode")
    events = found.get("events", [])
    if isinstance(events, Pairs) or not isinstance(events, list):
        raise Refused("not an array")
    if len(events) > EVENTS_MAX:
        raise Refused("too many events")
    return token, [expect_event(event) for event in events]


# --- Generated pages ---

ESCAPES = ['\\"', "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0000", "\\u001f", "\\u0041",
           "\\u00e9", "\\u20AC", "\\uFFFD", "\\uffff", "\\ud83d\\ude00", "\\uD800\\uDC00",
           "\\udbff\\udfff"]
LONE = ["\\ud800", "\\udc00", "\\ud83d\\u0041", "\\udfff\\ud800", "\\ud800\\ud800\\udc00",
        "\\ud800\\n"]
INVALID = [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\xf0\x9f\x98",
           b"\x80", b"\xf5", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf", b"\xc3", b"\xe1\x80\xe2\xf0\x91\x92"]
BROKEN = [b"\\x", b"\\u12", b"\\uZZZZ", b"\\u-123", b"\\"]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.hostile = False

    def chance(self, probability):
        return self.random.random() < probability

    def blank(self):
        if self.chance(0.8):
            return b""
        return bytes(self.random.choices(b" \t\r\n", k=self.random.randint(1, 4)))

    def piece(self):
        r = self.random.random()
        if r < 0.45:
            size = self.random.choice([1, 3, 7, 8, 9, 15, 16, 17, 40])
            return bytes(self.random.choices(b"abc {}[]:,/0123456789", k=size))
        if r < 0.75:
            return self.random.choice(ESCAPES).encode()
        if r < 0.85:
            return self.random.choice(["é", "€", "日本", "😀", "\u007f", "\ufffd", "\u2028"]).encode()
        if r < 0.88:
            return bytes([self.random.choice([0, 1, 9, 10, 13, 31, 127])])
        if r < 0.93:
            return self.random.choice(LONE).encode()
        if r < 0.98:
            return self.random.choice(INVALID) * self.random.choice([1, 1, 2, 20])
        return self.random.choice(BROKEN) if self.hostile else b""

    def string(self):
        pieces = self.random.choice([0, 1, 1, 2, 4, 8, 30])
        return b'"' + b"".join(self.piece() for _ in range(pieces)) + b'"'

    def clean(self):
        return json.dumps(self.random.choice(["s", "123_CloudTrail_eu-west-1", "日本", "a/b\n"])).encode()

    def number(self):
        if self.chance(0.05):
            return self.random.choice([b"0", b"-0", b"-1", b"9223372036854775807",
                                       b"-9223372036854775808"])
        if self.hostile and self.chance(0.1):
            return self.random.choice([b"9223372036854775808", b"-9223372036854775809", b"1.0",
                                       b"1e3", b"1E-2", b"01", b"-", b"+1", b"1.", b".5", b"1e",
                                       b"NaN", b"Infinity", b"9" * 40, b"null", b'"1"', b"true"])
        return str(self.random.randint(1, 2**42)).encode()

    def value(self, depth=0):
        r = self.random.random()
        if r < 0.3 or depth > 6:
            return self.random.choice([b"null", b"true", b"false", b"0", b"-1.5e+10", b"123", b"1E5",
                                       b"0.25", b"[]", b"{}", b"1" * 50])
        if r < 0.6:
            return self.string()
        if r < 0.62:
            levels = self.random.choice([1, 5, DEPTH_MAX - depth, DEPTH_MAX, DEPTH_MAX + 1])
            return b"[" * levels + b"]" * levels
        if r < 0.8:
            return self.array([self.value(depth + 1) for _ in range(self.random.randint(0, 4))])
        return self.object([(self.string(), self.value(depth + 1))
                            for _ in range(self.random.randint(0, 4))])

    def join(self, brackets, items):
        inner = (self.blank() + b"," + self.blank()).join(items)
        return brackets[:1] + self.blank() + inner + self.blank() + brackets[1:]

    def array(self, items):
        return self.join(b"[]", items)

    def object(self, pairs):
        return self.join(b"{}", [n + self.blank() + b":" + self.blank() + v for n, v in pairs])

    def name(self, name):
        if self.chance(0.03):
            at = self.random.randrange(len(name))
            name = name[:at] + "\\u%04x" % ord(name[at]) + name[at + 1:]
        return b'"' + name.encode() + b'"'

    def event(self):
        pairs = [(self.name("timestamp"), self.number()), (self.name("message"), self.string()),
                 (self.name("ingestionTime"), self.number()),
                 (self.name("logStreamName"), self.string() if self.chance(0.3) else self.clean()),
                 (self.name("eventId"), b'"%056d"' % self.random.getrandbits(100))]
        for i in range(1, 5):
            if self.chance(0.05):
                pairs[i] = (pairs[i][0], b"null")
        if self.chance(0.05):
            del pairs[self.random.randrange(0 if self.hostile else 1, len(pairs))]
        while self.chance(0.2):
            pairs.append((self.string(), self.value()))
        if self.hostile and self.chance(0.05):
            pairs.append(self.random.choice(pairs))
        if self.chance(0.5):
            self.random.shuffle(pairs)
        return self.object(pairs)

    def page(self):
        self.hostile = self.chance(0.3)
        count = self.random.choice([0, 1, 1, 2, 3, 5, 12])
        events = [self.event() for _ in range(count)]
        pairs = [(self.name("events"), self.array(events)),
                 (self.name("nextToken"), self.random.choice([b"null", b'"Bxkq/+=="', b'"a\\/b"',
                                                              self.clean()])),
                 (b'"searchedLogStreams"', self.random.choice(
                     [b"[]", b'[{"logStreamName": "s", "searchedCompletely": true}]']))]
        while self.chance(0.2):
            pairs.append((self.string(), self.value()))
        pairs = self.random.sample(pairs, self.random.choice([len(pairs), len(pairs) - 1]))
        if self.hostile and self.chance(0.05):
            pairs.append(self.random.choice(pairs or [(b'"events"', b"[]")]))
        page = self.blank() + self.object(pairs) + self.blank()
        if self.hostile and self.chance(0.3):
            at = self.random.randrange(len(page))
            page = page[:at] + bytes([self.random.randrange(256)]) + page[at + self.random.randint(0, 1):]
        return page


SMALL = (b'{"events":[{"logStreamName":"s\\u00e9","timestamp":1769903999123,"message":"a\\ud83d'
         b'\\ude00\xc3\xa9b","ingestionTime":-20,"eventId":"37"}],"nextToken":null,"x":[1.5e-3,'
         b'true,{"y":false}]}')


def neighbours(page):
    for size in range(len(page)):
        yield page[:size]
    for at in range(len(page)):
        for byte in range(256):
            yield page[:at] + bytes([byte]) + page[at + 1:]


def generated(count, seed):
    generator = Generator(seed)
    for _ in range(count):
        yield generator.page()


# --- Comparison ---

def decode(program, pages):
    sent = b"".join(struct.pack("<I", len(page)) + page for page in pages)
    run = subprocess.run([program], input=sent, stdout=subprocess.PIPE, check=True)
    lines = iter(run.stdout.decode().split("\n"))
    for _ in pages:
        words = next(lines).split(" ")
        if words[0] == "error":
            yield " ".join(words)
            continue
        events = []
        for _ in range(int(words[1])):
            f = next(lines).split(" ")
            events.append((int(f[0]), int(f[1]), int(f[2]), *(bytes.fromhex(t[1:]) for t in f[3:])))
        yield bytes.fromhex(words[2][1:]), events
    if any(lines):
        sys.exit("decode_page wrote more than it was asked for")


def verdict(page):
    try:
        return expect(page)
    except Refused as refused:
        return f"error: {refused}"


def compare(program, pages, totals):
    for page, got in zip(pages, decode(program, pages)):
        want = verdict(page)
        accepted = not isinstance(got, str)
        totals["accepted" if accepted else "refused"] += 1
        if accepted:
            totals["events"] += len(got[1])
            totals["flagged"] += sum(event[2] for event in got[1])
        if accepted == isinstance(want, str) or (accepted and got != want):
            sys.exit(f"page:    {page!r}\ndecoder: {got}\npython:  {want}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("program")
    parser.add_argument("--pages", type=int, default=100000 if os.environ.get("AWSLOGSRC_LONG") else 2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    totals = dict.fromkeys(["accepted", "refused", "events", "flagged"], 0)
    batch = []
    for source in (neighbours(SMALL), generated(options.pages, options.seed)):
        for page in source:
            batch.append(page)
            if len(batch) == BATCH:
                compare(options.program, batch, totals)
                batch = []
    compare(options.program, batch, totals)
    print(", ".join(f"{count} {name}" for name, count in totals.items()))
    if not all(totals.values()):
        sys.exit("the generator is one-sided")


if __name__ == "__main__":
    main()
