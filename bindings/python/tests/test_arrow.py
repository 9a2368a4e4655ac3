"""Batches through the Arrow PyCapsule interface, read by hand, by pyarrow, by polars and by DuckDB."""
import asyncio
import collections
import collections.abc
import ctypes
import gc
import importlib
import unittest

import support
import awslogsrc
from awslogsrc import _arrow

COLUMNS = ["region", "log_group", "log_stream", "timestamp", "ingestion_time", "event_id", "message", "payload",
           "identifier", "flags"]


def need(name):
    """The module, or a skipped test that says what is missing."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise unittest.SkipTest("%s is not installed" % name) from None


class Arrow(support.SimulatedCase):
    EVENTS = 2000

    def batch(self, **options):
        """The largest. Of a gateway: an identifier made of the level, or the log group where there is no such."""
        with self.source(use_as_gateway_log_source=True, extract_original_event=options.pop("extract", False),
                         log_source_identifier_pattern=["lines-of-level-$1=(DEBUG|ERROR|WARN)"], **options) as source:
            return max(source.batches(), key=len)

    def test_capsules__not_taken__are_released(self):
        batch = self.batch()
        for _ in range(3000):
            batch.to_arrow().__arrow_c_array__()
        gc.collect()
        before = support.resident_kib()
        for _ in range(3000):
            batch.to_arrow().__arrow_c_array__()
        self.assertLess(support.resident_kib() - before, 4 * 1024)

    def test_capsules__held__are_not_released(self):
        batch = self.batch()
        capsules = batch.__arrow_c_array__()
        del batch
        gc.collect()
        _arrow.sweep()
        array = _arrow.Array.from_address(_arrow._pointer(capsules[1], b"arrow_array"))
        self.assertTrue(array.release)
        self.assertGreater(array.length, 0)
        del capsules
        _arrow.sweep()
        self.assertEqual(_arrow._exported, [])

    def test_capsules__dropped_while_an_exception_is_on_its_way__leave_it_alone(self):
        async def read():  # returns by an exception, in CPython 3.9
            capsules = batch.__arrow_c_array__()
            return [len(capsules), batch[0].message]
        batch = self.batch()
        self.assertEqual(asyncio.run(read())[0], 2)

        class Host:
            def __init__(self):
                self.capsules = batch.__arrow_c_array__()
        with self.assertRaisesRegex(ValueError, "invalid literal"):
            (lambda host: int("none"))(Host())

    def test_capsules__hold_the_columns(self):
        capsules = self.batch().__arrow_c_array__()
        schema = _arrow.Schema.from_address(_arrow._pointer(capsules[0], b"arrow_schema"))
        children = [_arrow.Schema.from_address(schema.children[i]) for i in range(schema.n_children)]
        self.assertEqual([child.name.decode() for child in children], COLUMNS)
        array = _arrow.Array.from_address(_arrow._pointer(capsules[1], b"arrow_array"))
        self.assertGreater(array.length, 0)
        times = _arrow.Array.from_address(ctypes.cast(array.children, ctypes.POINTER(ctypes.c_void_p))[3])
        buffer = ctypes.cast(times.buffers, ctypes.POINTER(ctypes.c_void_p))[1]
        self.assertGreater(ctypes.c_int64.from_address(buffer).value, 10 ** 12)

    def test_pyarrow__has_what_the_events_have(self):
        pyarrow = need("pyarrow")
        batch = self.batch()
        for layout in (batch, batch.to_arrow(copy=True)):
            table = pyarrow.record_batch(layout)
            table.validate(full=True)
            rows = table.set_column(3, "timestamp", table["timestamp"].cast("int64")).set_column(
                4, "ingestion_time", table["ingestion_time"].cast("int64")).to_pylist()
            self.assertEqual(rows, [event.as_dict() for event in batch])

    def test_pyarrow__outlives_batch_and_source(self):
        pyarrow = need("pyarrow")
        column = pyarrow.record_batch(self.batch())["message"]
        gc.collect()
        column.validate(full=True)
        self.assertTrue(all(text.as_py() for text in column))

    def test_pyarrow__asks_for_utf8__gets_it(self):
        pyarrow = need("pyarrow")
        batch = self.batch()
        schema = pyarrow.schema([field.with_type(pyarrow.utf8()) if field.type == pyarrow.string_view() else field
                                 for field in pyarrow.schema(batch.to_arrow())])
        self.assertEqual(pyarrow.record_batch(batch, schema=schema).schema, schema)

    def test_pyarrow__no_payload__leaves_the_column_out(self):
        pyarrow = need("pyarrow")
        table = pyarrow.record_batch(self.batch().to_arrow(payload=False))
        self.assertEqual(table.schema.names, [name for name in COLUMNS if name != "payload"])

    def test_schema__is_the_one_of_the_array(self):
        batch = self.batch()
        schemas = [_arrow.Schema.from_address(_arrow._pointer(capsule, b"arrow_schema"))
                   for capsule in (batch.__arrow_c_schema__(), batch.__arrow_c_array__()[0])]
        names, formats = [[[getattr(_arrow.Schema.from_address(schema.children[i]), field)
                            for i in range(schema.n_children)] for schema in schemas]
                          for field in ("name", "format")]
        self.assertEqual(names[0], names[1])
        self.assertEqual(formats[0], formats[1])

    def test_batch__is_no_sequence_by_name(self):  # who takes those for rows looks at nothing else
        self.assertNotIsInstance(self.batch(), collections.abc.Sequence)

    def test_polars__of_the_batch_itself__has_its_columns(self):
        polars = need("polars")
        frame = polars.DataFrame(self.batch())
        self.assertEqual(frame.columns, COLUMNS)

    # ---- records ----

    def records(self):
        """A batch of CloudTrail events, and what normalize() says of each."""
        simulator = support.Simulator(events=200, kind="cloudtrail")
        self.addCleanup(simulator.stop)
        with awslogsrc.Source(**simulator.options(once=True)) as source:
            batch = max(source.batches(), key=len)
        return batch, [record for event in batch for record in awslogsrc.normalize(event)]

    def test_normalized__columns_are_the_fields(self):
        batch, records = self.records()
        capsules = batch.to_arrow(normalized=True).__arrow_c_array__()
        schema = _arrow.Schema.from_address(_arrow._pointer(capsules[0], b"arrow_schema"))
        names = [_arrow.Schema.from_address(schema.children[i]).name.decode() for i in range(schema.n_children)]
        self.assertEqual(names[:3], ["identifier", "kind", "message"])
        self.assertLessEqual(set().union(*records), set(names))
        array = _arrow.Array.from_address(_arrow._pointer(capsules[1], b"arrow_array"))
        self.assertEqual(array.length, len(records))

    def test_normalized__pyarrow_has_what_normalize_says(self):
        pyarrow = need("pyarrow")
        batch, records = self.records()
        for copy in False, True:
            table = pyarrow.record_batch(batch.to_arrow(normalized=True, copy=copy))
            table.validate(full=True)
            for number, field in enumerate(table.schema):
                if pyarrow.types.is_timestamp(field.type):
                    table = table.set_column(number, field.name, table[field.name].cast("int64"))
            for row, record in zip(table.to_pylist(), records):
                self.assertEqual({name: row[name] for name in record}, record)
                more = {name for name, value in row.items() if value is not None} - set(record)
                self.assertLessEqual(more, {"identifier", "message"})
            self.assertEqual(table.num_rows, len(records))

    def test_normalized__duckdb_and_polars_group_by_user(self):
        duckdb, polars, pyarrow = need("duckdb"), need("polars"), need("pyarrow")
        batch, records = self.records()
        expected = dict(collections.Counter(record.get("actor_user") for record in records))

        events = pyarrow.table(batch.to_arrow(normalized=True))
        counts = duckdb.sql("SELECT actor_user, count(*) FROM events GROUP BY actor_user")
        self.assertEqual(dict(counts.fetchall()), expected)

        frame = polars.DataFrame(batch.to_arrow(normalized=True))
        self.assertEqual(dict(frame.group_by("actor_user").len().iter_rows()), expected)
        self.assertEqual(len(events), len(records))

    # ---- counted and grouped by identifier, in three lines each ----

    def expected(self, batch):
        counts = dict(collections.Counter(event.identifier for event in batch))
        self.assertGreater(len(counts), 2)
        self.assertIn(support.GROUP, counts)
        return counts

    def test_pyarrow__groups_by_identifier(self):
        pyarrow = need("pyarrow")
        batch = self.batch()

        table = pyarrow.table(batch.to_arrow(copy=True))
        counts = table.group_by("identifier").aggregate([([], "count_all")])
        found = dict(zip(counts["identifier"].to_pylist(), counts["count_all"].to_pylist()))

        self.assertEqual(found, self.expected(batch))

    def test_polars__groups_by_identifier(self):
        polars = need("polars")
        batch = self.batch()

        frame = polars.DataFrame(batch.to_arrow())
        counts = frame.group_by("identifier").len()
        found = dict(counts.iter_rows())

        self.assertEqual(found, self.expected(batch))
        self.assertEqual(frame["message"].to_list(), [event.message for event in batch])

    def test_duckdb__groups_by_identifier(self):
        duckdb = need("duckdb")
        pyarrow = need("pyarrow")
        batch = self.batch()

        events = pyarrow.table(batch)
        counts = duckdb.sql("SELECT identifier, count(*) FROM events GROUP BY identifier")
        found = dict(counts.fetchall())

        self.assertEqual(found, self.expected(batch))
        messages = duckdb.sql("SELECT message FROM events").fetchall()
        self.assertEqual([text for text, in messages], [event.message for event in batch])
        self.assertEqual(len(events), len(batch))


if __name__ == "__main__":
    support.main()
