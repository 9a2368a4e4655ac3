"""A context in an asyncio loop, by ctypes alone, beside a timer of the host's own: counts the events of a log group,
and says ten times a second how many there were.

    asyncio_loop.py LIBRARY REGIONS LOG_GROUP
"""
import asyncio
import ctypes
import sys


class Collector:
    def __init__(self, library, regions, log_group):
        self.lib = library
        self.events = 0
        self.context, options, self.source = (ctypes.c_void_p() for _ in range(3))
        self.callback = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_void_p] * 3)(self.count)
        library.awslogsrc_batch_count.restype = ctypes.c_size_t
        self.must(library.awslogsrc_context_new(ctypes.byref(self.context), None))
        self.must(library.awslogsrc_options_new(ctypes.byref(options), None))
        for name, value in (b"regions", regions.encode()), (b"log_group", log_group.encode()):
            self.must(library.awslogsrc_options_set(options, name, value, None))
        self.must(library.awslogsrc_source_new(self.context, options, ctypes.byref(self.source), None))
        self.must(library.awslogsrc_source_on_batch(self.source, self.callback, None, None))
        self.must(library.awslogsrc_source_start(self.source, None))
        library.awslogsrc_options_free(options)

    @staticmethod
    def must(status):
        if status != 0:
            sys.exit("status %d" % status)

    def count(self, _user_data, _source, batch):
        self.events += self.lib.awslogsrc_batch_count(ctypes.c_void_p(batch))
        return 0

    def process(self):
        self.lib.awslogsrc_context_process(self.context)


async def main():
    collector = Collector(ctypes.CDLL(sys.argv[1]), *sys.argv[2:])
    fd = collector.lib.awslogsrc_context_fd(collector.context)
    asyncio.get_running_loop().add_reader(fd, collector.process)
    while True:
        await asyncio.sleep(0.1)
        print(collector.events, "events", flush=True)


asyncio.run(main())
