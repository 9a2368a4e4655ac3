"""What events say is what the library says of each of them, whatever is in their texts."""
import json
import os
import tempfile
import time
import unittest

import support
import awslogsrc
from awslogsrc._library import lib, text_of

MESSAGES = ["plain and longer than a view", "short", "", "twelve bytes", "thirteen byte", "Gr\u00fc\u00dfe", "\u65e5\u672c\u8a9e\u306e\u30ed\u30b0",
            "with a NUL \0 and \u20ac in it", "beyond: \U0001f512", "\"quoted\\\" and\ttabbed", "x" * 70000]
NOT_UNICODE = "//8AQf/+"  # in base 64


class Columns(unittest.TestCase):
    def read(self, messages, **options):
        """Batches with these messages; None is one that is not valid Unicode."""
        now = int(time.time() * 1000)
        lines = [{"timestamp": now - 3600000 + number, "stream": "stream-%d" % (number % 3) * (1 + number % 2),
                  **({"message_base64": NOT_UNICODE} if text is None else {"message": text})}
                 for number, text in enumerate(messages)]
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
        self.addCleanup(os.unlink, file.name)
        simulator = support.Simulator("--from", file.name)
        self.addCleanup(simulator.stop)
        with awslogsrc.Source(**simulator.options(once=True, start_time="-2h", **options)) as source:
            return list(source.batches())

    def assert_says_what_the_library_says(self, batches, count):
        self.assertEqual(sum(map(len, batches)), count)
        for batch in batches:
            for event in reversed(batch):
                handle = event._handle
                for name in "message", "payload", "identifier", "log_stream", "event_id":
                    self.assertEqual(getattr(event, name), text_of(getattr(lib, "event_" + name), handle))
                self.assertEqual(event.message_bytes, event.message.encode())
                self.assertEqual(event.timestamp_ms, lib.event_timestamp_ms(handle))
                self.assertEqual(event.ingestion_time_ms, lib.event_ingestion_time_ms(handle))
                self.assertEqual(event.replaced_text, bool(lib.event_flags(handle)))

    def test_columns__of_ascii__say_what_the_library_says(self):
        texts = [text for text in MESSAGES if text.isascii() and text]
        self.assert_says_what_the_library_says(self.read(texts), len(texts))

    def test_columns__of_any_text__say_what_the_library_says(self):
        for extract in True, False:
            batches = self.read(MESSAGES[:2] + MESSAGES[3:], extract_original_event=extract)
            self.assert_says_what_the_library_says(batches, len(MESSAGES) - 1)

    def test_columns__where_text_was_replaced__say_what_the_library_says(self):
        batches = self.read(["one that is valid and long enough", None, "another that is valid", None])
        self.assert_says_what_the_library_says(batches, 4)
        self.assertEqual(sum(event.replaced_text for batch in batches for event in batch), 2)

    def test_columns__of_a_gateway__say_what_the_library_says(self):
        batches = self.read(["host=a an event", "host=a-longer-name-of-a-host another", "none"],
                            use_as_gateway_log_source=True, log_source_identifier_pattern={"$1": r"host=(\S+)"})
        self.assert_says_what_the_library_says(batches, 3)
        self.assertEqual({event.identifier for batch in batches for event in batch},
                         {"a", "a-longer-name-of-a-host", support.GROUP})

    def test_columns__all_the_same__say_what_the_library_says(self):
        self.assert_says_what_the_library_says(self.read(["the same message again"] * 50), 50)


if __name__ == "__main__":
    support.main()
