"""What the files of the baselines hold, in words and as a table of classes."""

from collections.abc import Sequence

from nndigits.stages.datasets.known_sets import class_names
from nndigits.stages.inspection.tables import TableReport
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.words.classes import are_digits, counted_classes, noun, nouns

CHOSEN = {
    "defaults": "with the default C and gamma",
    "given": "with the C and gamma that were given",
    "search": "with the C and gamma that a search found best on the validation images",
}


def in_words(artifact: Artifact) -> tuple[str, ...]:
    """Say what a baseline is and what it learned."""
    about, arrays, names = artifact.about, artifact.arrays, class_names(artifact.meta["dataset"])
    match artifact.kind:
        case "random":
            seed = artifact.meta["parameters"]["seed"]
            classes = counted_classes(names)
            return (f"Guesses each of {classes} with equal probability, from seed {seed}. It learned nothing.",)
        case "darkness":
            return (
                f"Takes the {noun(names)} whose mean darkness is closest to that of the image.",
                f"The means are of {about['train']:,} training images, in fully black pixels:",
            )
        case "svm":
            pairs, vectors = len(arrays["intercepts"]), len(arrays["support"])
            return (
                f"A support vector machine with the kernel exp(-gamma |x - z|^2), C {about['c']:g} and gamma "
                f"{about['gamma']:.4g}, {CHOSEN.get(about['chosen'], about['chosen'])}.",
                f"One machine for each of {pairs} pairs of {nouns(names)}, trained on {about['train']:,} images in "
                f"{about['steps']:,} steps; {vectors:,} images are support vectors:",
            )
        case "svm-pairs":
            return (
                f"{len(arrays['lengths'])} finished pairs of an interrupted run; the same command goes on with them.",
            )
    return ()


def table(artifact: Artifact) -> TableReport | None:
    """Return what a baseline learned of each class; None if there is no such table."""
    arrays, names = artifact.arrays, class_names(artifact.meta["dataset"])
    first: Sequence[str | int] = range(len(names)) if are_digits(names) else names
    if artifact.kind == "darkness":
        rows = zip(first, arrays["counts"].tolist(), arrays["means"].tolist(), strict=True)
        return TableReport((noun(names), "images", "mean darkness"), tuple(rows))
    if artifact.kind == "svm":
        return TableReport((noun(names), "support vectors"), tuple(zip(first, arrays["counts"].tolist(), strict=True)))
    return None
