"""Equivalent mutants, which no test can distinguish from the original: their changed lines, and why."""

EQUIVALENT = {
    "idx.py: return zlib.decompressobj(32)": "zlib then detects the format, and it is known to be gzip",
    'idx.py: more = "more" if found >= expected else f"{found:,}"': "they are never equal at that point",
    "json_text.py: raise ValueError, not ValueError(number)": "its message is not used",
    "zip_members.py: content = stream.decompress(content, unpacked + 2)": "one byte too many is enough",
    "pictures.py: if False: from PIL.Image import Image": "only type checkers read it",
    "pictures.py: blob = file.read(MOST_BYTES + 2)": "one byte too many is enough",
    'pictures.py: white = Image.new("L", opened.size, 256)': "Pillow takes it for 255",
    "pictures.py: pixels: Bytes = np.asarray(grey.reduce(factor) if factor >= 1 else grey)": "1 changes nothing",
    "pictures.py: if False: return opened.convert('L')": "an opaque picture on white is the same picture",
    'files.py: descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 1) | getattr(os, "O_BINARY", 0))': (
        "the default is used only on systems without the flag"
    ),
}
