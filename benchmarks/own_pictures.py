"""Measure the accuracy of `nn predict` on a folder of your own pictures, with the truth in the file names.

A name that begins with one digit, as in `3_blue-pen.jpg`, is a picture of that digit. One that begins with more, as in
`2026.png`, shows several digits. Any other name is a picture without a digit.

    python benchmarks/own_pictures.py FOLDER WEIGHTS [WEIGHTS ...] [--list]
"""

import argparse
import re
from collections import Counter
from pathlib import Path

from nndigits.stages.predict import UNSURE, Prediction, predict


def truth(name: str) -> str:
    """Return what a picture shows according to its file name: a digit, ``several`` or ``none``.

    >>> [truth(name) for name in ("3.png", "a/7_chalk.jpg", "12.png", "letter-b.png")]
    ['3', '7', 'several', 'none']
    """
    digits = re.match(r"\d*", Path(name).name)[0]
    return digits if len(digits) == 1 else "several" if digits else "none"


def answer(prediction: Prediction) -> str:
    """Return the prediction as text: a digit, ``several``, ``none`` or ``unreadable``."""
    if prediction.candidates:
        return str(prediction.candidates[0].digit)
    return prediction.trouble or "unreadable"


def is_claimed(prediction: Prediction) -> bool:
    """Return whether a digit is predicted with the probability from which predictions are not called unsure."""
    return bool(prediction.candidates) and prediction.candidates[0].probability >= UNSURE


def table(shown: str, predictions: list[Prediction]) -> str:
    """Return the counts for the pictures of one kind: ``digit``, ``several`` or ``none``."""
    outcomes: Counter[str] = Counter()
    for one in predictions:
        said = answer(one)
        outcome = ("right" if said == truth(one.name) else "wrong") if one.candidates else said
        outcomes[outcome + (", unsure" if one.candidates and not is_claimed(one) else "")] += 1
    counts = "; ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    return f"{shown:8} {len(predictions):5} pictures: {counts}"


def main(arguments: list[str] | None = None) -> None:
    """Classify the pictures of a folder, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--list", action="store_true", help="print each picture whose prediction is not right and sure")
    options = parser.parse_args(arguments)
    report = predict([options.folder], options.weights)
    print(report.what)
    digits = [one for one in report.predictions if truth(one.name) not in ("several", "none")]
    for shown, chosen in {
        "digit": digits,
        **{kind: [one for one in report.predictions if truth(one.name) == kind] for kind in ("several", "none")},
    }.items():
        if chosen:
            print(table(shown, chosen))
    right = sum(answer(one) == truth(one.name) for one in digits)
    claims = [one for one in digits if is_claimed(one)]
    true_claims = sum(answer(one) == truth(one.name) for one in claims)
    if digits:
        print(f"right: {right / len(digits):.2%} of the digits")
    if claims:
        print(f"claims of {UNSURE:.0%} and more: {true_claims / len(claims):.2%} of {len(claims)} are right")
    if options.list:
        for one in report.predictions:
            if answer(one) != truth(one.name) or (one.candidates and not is_claimed(one)):
                sure = f", {one.candidates[0].probability:.1%}" if one.candidates else ""
                print(f"{one.name}: {answer(one)}{sure}")


if __name__ == "__main__":
    main()
