"""What the files of the baselines hold, in words and as a table of digits."""

from nn.stages.inspection.tables import TableReport
from nn.stages.store.artifacts import Artifact

CHOSEN = {
    "defaults": "with the default C and gamma",
    "given": "with the C and gamma that were given",
    "search": "with the C and gamma that a search found best on the validation images",
}


def in_words(artifact: Artifact) -> tuple[str, ...]:
    """Say what a baseline is and what it learned."""
    about, arrays = artifact.about, artifact.arrays
    match artifact.kind:
        case "random":
            seed = artifact.meta["parameters"]["seed"]
            classes = artifact.meta["dataset"]["classes"]
            return (f"Guesses each of {classes} digits with equal probability, from seed {seed}. It learned nothing.",)
        case "darkness":
            return (
                "Takes the digit whose mean darkness is closest to that of the image.",
                f"The means are of {about['train']:,} training images, in fully black pixels:",
            )
        case "svm":
            pairs, vectors = len(arrays["intercepts"]), len(arrays["support"])
            return (
                f"A support vector machine with the kernel exp(-gamma |x - z|^2), C {about['c']:g} and gamma "
                f"{about['gamma']:.4g}, {CHOSEN.get(about['chosen'], about['chosen'])}.",
                f"One machine for each of {pairs} pairs of digits, trained on {about['train']:,} images in "
                f"{about['steps']:,} steps; {vectors:,} images are support vectors:",
            )
        case "svm-pairs":
            return (
                f"{len(arrays['lengths'])} finished pairs of an interrupted run; the same command goes on with them.",
            )
    return ()


def table(artifact: Artifact) -> TableReport | None:
    """Return what a baseline learned of each digit; None if there is no such table."""
    arrays = artifact.arrays
    if artifact.kind == "darkness":
        rows = zip(arrays["counts"].tolist(), arrays["means"].tolist(), strict=True)
        return TableReport(("digit", "images", "mean darkness"), tuple((d, n, m) for d, (n, m) in enumerate(rows)))
    if artifact.kind == "svm":
        return TableReport(("digit", "support vectors"), tuple(enumerate(arrays["counts"].tolist())))
    return None
