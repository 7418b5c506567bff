"""Mutants of the readers that no test can tell from the original, by how their line reads, and why."""

EQUIVALENT = {
    "idx.py: return zlib.decompressobj(32)": "zlib finds out by itself that it is gzip, which is certain already",
    'idx.py: more = "more" if found >= expected else f"{found:,}"': "they are never equal there",
    "keras.py: content = memoryview(stream.decompress(content, unfolded + 2))": "one byte too many is enough",
    "store.py: raise ValueError, not ValueError(number)": "what it says is passed over",
}
