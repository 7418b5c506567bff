"""Measure what each rule of `nn read` is worth: the pictures that are read right with the rule, and without it.

The pictures are those of `ocr_comparison.py`, strips whose digits wander up and down, and pictures without any digit,
of which nothing should be read. A network without a reject class is read with other rules, which are measured on
strips only: it takes letters and words for digits in any case.

    python benchmarks/reading_rules.py artifacts/data.npz [artifacts/weights.npz] [--pictures 16] [--only RULE ...]
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

import no_digit
import numpy as np
import ocr_comparison
import sloping_strips
import strips
from ocr_comparison import MARGIN, SIGNS, Writer, photographed, printed

from nndigits.models.images import foreground
from nndigits.models.strings import cells, crops, cuts, reading, reject_scores, segmentation, shape_scores, text_lines
from nndigits.stages import read
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.store import artifacts
from nndigits.stages.store.environment import PRETRAINED

WORDS = "Account", "Address", "Chapter", "Evening", "Harbour", "Kitchen", "Machine", "Picture", "Quarter", "Weather"


def unchanged(first, *_):
    """Return the first argument: the rule in whose place this stands does nothing."""
    return first


BOTH = {
    "lines without a digit above another are joined": (text_lines, "_joined", lambda _, lines: lines),
    "small marks form lines of their own": (text_lines, "MIN_LINE_FRACTION", np.inf),
    "the slant of the line": (segmentation, "estimate_slant", lambda _: 0.0),
    "cuts that bend": (cuts, "STEP_COST", 1e9),
    "wide candidates with free ends": (segmentation, "MAX_ISOLATED_WIDTH", segmentation.MAX_WIDTH),
    "signs are left out of the digits": (reading, "find_signs", lambda *_, **__: []),
    "the whole picture as one digit": (reading, "whole_digit", lambda _: None),
    "nine shifts": (reading, "all_shifts", lambda images, _: [images]),
    "ruled lines are removed": (foreground, "remove_ruled_lines", unchanged),
    "boxes are removed": (foreground, "remove_boxes", unchanged),
    "faint pictures are smoothed": (foreground, "MAX_SMOOTHINGS", 0),
    "small specks are removed": (read, "MIN_COMPONENT_FRACTION", 0),
}
"""A module, the name of the rule in it, and what stands in its place when it is off."""

WITH_REJECT_CLASS = {
    **BOTH,
    "fractions": (reading, "find_fractions", lambda _, lines: (lines, [])),
    "the rest of the line in grey": (crops, "CONTEXT_INTENSITY", 0.0),
    "temperature": (reject_scores, "TEMPERATURE", 1.0),
    "the weight of the non-digit": (reject_scores, "NON_DIGIT_WEIGHT", 0.0),
    "the penalty for skipping a large candidate": (reject_scores, "SKIP_PENALTY", 0.0),
    "how closely the digits of the line stand": (reject_scores, "with_touching_prior", lambda _, scores, __: scores),
    "a cell must be a number": (cells, "MIN_SCORE", -1e9),
    "a wide gap ends a cell": (cells, "MIN_GAP", 1e9),
    "the width of a mark at least": (cells, "MIN_WIDTH", 0.0),
    "a single letter is no digit": (reading, "MIN_WHOLE_PROBABILITY", 0.0),
    "a single letter is no pair of digits": (reading, "MIN_TOUCHING_PROBABILITY", 0.0),
}


def without_weight(*numbers):
    """Return the weights of the shape scores, some of them 0."""
    return tuple(0.0 if number in numbers else weight for number, weight in enumerate(shape_scores.DIGIT_WEIGHTS))


WITHOUT_REJECT_CLASS = {
    **BOTH,
    "temperature": (shape_scores, "TEMPERATURE", 1.0),
    "strokes that the ends cut": (shape_scores, "DIGIT_WEIGHTS", without_weight(2, 3)),
    "the width of each digit": (shape_scores, "DIGIT_WEIGHTS", without_weight(4)),
    "small candidates": (shape_scores, "DIGIT_WEIGHTS", without_weight(5)),
    "tiny candidates that stand apart": (shape_scores, "DIGIT_WEIGHTS", without_weight(6)),
    "how closely the digits of the line stand": (shape_scores, "with_touching_rate", lambda _, scores, __: scores),
    "the bonus of the whole picture": (reading, "WHOLE_BONUS", 0.0),
    "the slant of each digit": (crops, "OWN_SLANT", 0.0),
}


def composed(writer, compose):
    """Five random images, composed to a strip of spaced digits."""
    numbers = writer.rng.integers(0, len(writer.images), 5)
    ink = compose(writer.images[numbers], "spaced", writer.rng)
    return strips.pictured(ink, writer.rng) / 255, "".join(map(str, writer.labels[numbers]))


def paragraph(writer, lines=3, words=4):
    """Printed words on some lines."""
    texts = (" ".join(writer.rng.choice(WORDS, words)) for _ in range(lines))
    ink = np.vstack([printed(text, 24, 150 * words) for text in texts])
    return photographed(np.pad(ink, MARGIN), writer.rng), ""


def barcode(writer):
    """Bars of four widths."""
    bars = np.repeat(np.arange(60) % 2, writer.rng.integers(1, 5, 60) * 2)
    return photographed(np.pad(np.tile(bars, (90, 1)).astype(float), 20), writer.rng), ""


def ruled(writer):
    """Blank paper with lines."""
    ink = np.zeros((400, 600))
    distance = int(writer.rng.integers(24, 60))
    ink[distance::distance] = ink[distance + 1 :: distance] = 0.5
    return photographed(ink, writer.rng), ""


def drawn(writer, kind):
    """A letter, a sign, a figure, a scribble or a mark of `no_digit.py`."""
    return no_digit.KINDS[kind](writer.rng) / 255, ""


STRIPS = {
    **ocr_comparison.STRIPS,
    "each digit with a size, a slant and a height of its own": partial(
        composed, compose=partial(strips.uneven_ink, enlarged=2)
    ),
    "on a line that rises or falls": partial(composed, compose=sloping_strips.sloping_ink),
}
NOTHING = {
    "a printed word": partial(paragraph, lines=1, words=1),
    "a paragraph": paragraph,
    "a barcode": barcode,
    "ruled paper": ruled,
    **{kind: partial(drawn, kind=kind) for kind in no_digit.KINDS},
}
ROWS = {**ocr_comparison.ROWS, **STRIPS, **NOTHING}

SIGNED = "fractions", "sums", "times"
FORMS = [kind for kind in ocr_comparison.ROWS if "form" in kind or "table" in kind]
GROUPS = {
    "strips": [*STRIPS],
    "pens, paper and light": [kind for kind in ocr_comparison.ROWS if kind not in (*STRIPS, *SIGNED, *FORMS)],
    "signs": SIGNED,
    "forms and tables": FORMS,
    "no digits": [*NOTHING],
}


def rules_of(reader):
    """Return the rules by which a network reads."""
    return WITH_REJECT_CLASS if reader.has_reject_class else WITHOUT_REJECT_CLASS


def count_right(rule, weights, data, pictures):
    """Return how many pictures of each group are read right with a rule switched off, or with all if it is None."""
    arrays, reader = artifacts.load(data, "dataset").arrays, EnsemblePredictor(weights)
    with patch.object(*rules_of(reader)[rule]) if rule else nullcontext():
        return {
            group: sum(
                is_read(kind, Writer(arrays, [1, list(ROWS).index(kind), number]), reader)
                for kind in kinds
                for number in range(pictures)
            )
            for group, kinds in GROUPS.items()
            if reader.has_reject_class or group == "strips"
        }


def is_read(kind, writer, reader):
    """Return whether everything on a picture of a kind is read, or nothing where there is nothing."""
    grey, truth = ROWS[kind](writer)
    signs = bool(set(SIGNS) & set(truth))
    try:
        found = read.read_grey(ocr_comparison.in_bytes(grey), reader, signs=signs)
    except ValueError:  # too many marks for digits
        return not truth
    text = "\n".join(map("\t".join, read.texts_of(found, reader.names, signs=signs)))
    return ocr_comparison.is_right(kind, text, truth) if truth else not text


def main() -> None:
    """Print a row for each rule: the pictures of each group that are right without it, compared with all rules."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path, nargs="?", default=PRETRAINED)
    parser.add_argument("--pictures", type=int, default=16, help="of each kind")
    parser.add_argument("--only", nargs="*", metavar="RULE")
    options = parser.parse_args()
    count = partial(count_right, weights=options.weights, data=options.data, pictures=options.pictures)
    names = [None, *(options.only or rules_of(EnsemblePredictor(options.weights)))]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as workers:
        for name, right in zip(names, workers.map(count, names), strict=True):
            if name is None:
                everything = right
                shown = {group: f"{n} of {len(GROUPS[group]) * options.pictures}" for group, n in right.items()}
                print(f"| rule switched off | {' | '.join(right)} |\n|---|{'---:|' * len(right)}")
            else:
                shown = {group: f"{n - everything[group]:+}" for group, n in right.items()}
            print(f"| {name or 'none'} | {' | '.join(shown.values())} |", flush=True)


if __name__ == "__main__":
    main()
