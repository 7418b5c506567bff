"""Mutants of the readers that no test can tell from the original, by how their line reads, and why."""

EQUIVALENT = {
    "idx.py: return zlib.decompressobj(32)": "zlib finds out by itself that it is gzip, which is certain already",
    'idx.py: more = "more" if found >= expected else f"{found:,}"': "they are never equal there",
    "keras.py: content = memoryview(stream.decompress(content, unpacked + 2))": "one byte too many is enough",
    "store.py: raise ValueError, not ValueError(number)": "what it says is passed over",
    "pictures.py: if False: from PIL.Image import Image": "only type checkers read it",
    "pictures.py: blob = file.read(MOST_BYTES + 2)": "one byte too many is enough",
    'pictures.py: white = Image.new("L", opened.size, 256)': "Pillow takes it for 255",
    "pictures.py: pixels: Bytes = np.asarray(grey.reduce(factor) if factor >= 1 else grey)": "by 1 it stays as it is",
    "pictures.py: if False: return opened.convert('L')": "what is not transparent is itself on white, too",
    "files.py: descriptor = os.open("
    'path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 1) | getattr(os, "O_BINARY", 0))': "where there is such a flag",
}
