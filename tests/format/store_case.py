"""What the tests of reader.py share: a folder, a key in a variable, an example store, and how a refusal is expected."""

import itertools
import os
import pathlib
import tempfile
import unittest

import reader
from reader import KeySource
from records import Refusal
from writer import Writer

ROOT = bytes(range(32))
OTHER_ROOT = bytes(32)
VARIABLE = "READER_TEST_KEY"


def example_store():
    """Two secrets, one of them with a former version, and a second data key."""
    store = Writer(ROOT)
    store.put("a", b"one", 1)
    store.add_data_key()
    store.put("a", b"two", 2)
    store.put("b", b"three", 3)
    return store


class StoreTest(unittest.TestCase):
    """A folder of its own, and the root key in a variable."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.count = itertools.count()
        os.environ[VARIABLE] = ROOT.hex()
        self.addCleanup(os.environ.pop, VARIABLE)
        self.source = KeySource("key", VARIABLE)

    def saved(self, store):
        path = str(self.folder / f"{next(self.count)}.locket")
        store.save(path)
        return path

    def assert_refused(self, kind, path, source=None, anchor=None):
        with self.assertRaises(Refusal) as caught:
            reader.read(path, source or self.source, anchor)
        self.assertEqual(caught.exception.kind, kind, str(caught.exception))
