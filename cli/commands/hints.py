"""Commands and advice in hints. Every command runs as it is printed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nndigits.cli.terminal.options import COMES_WITH_NN, OWN_NETWORKS
from nndigits.cli.terminal.output import Output, call
from nndigits.stages.store.environment import PRETRAINED
from nndigits.stages.words.classes import noun, nouns, short

if TYPE_CHECKING:
    from nndigits.stages.runs.parameters import Parameters
    from nndigits.stages.runs.verdict import StartProblem, Verdict

STANDARD_INPUT = Path("-")
CHAPTER_ETA = 3.0


def in_words(what: str, weights: Sequence[Path]) -> str:
    """Name a classifier and its files; the network that comes with nn, whose layers are many, by that."""
    if list(weights) == [PRETRAINED]:
        return COMES_WITH_NN
    return f"{what} ({', '.join(map(str, weights))})"


def offer_other(output: Output, command: str, weights: Sequence[Path], files: Sequence[Path], *, weak: bool) -> None:
    """Offer to read the same pictures with other weights.

    After weak ones, this is the network that comes with nn. After that network, it is the newest one that was trained
    in the usual folder. Standard input can be read only once.
    """
    if STANDARD_INPUT in files:
        return
    own = sorted((path for path in OWN_NETWORKS if path.is_file()), key=lambda path: path.stat().st_mtime)
    if weak:
        output.note("Better weights come with nn:", call(command, *files))
    elif own and list(weights) == [PRETRAINED]:
        output.note("Your own network:", call(command, "--weights", own[-1], *files))


def judgement(verdict: "Verdict", names: Sequence[str], weights: Path) -> str:
    """Say what a network has not learned, why, and which flag helps; empty if it has learned everything."""
    if verdict.state == "nothing":
        smaller = f"a smaller --eta than {verdict.eta:g}" if verdict.eta else "a smaller --eta"
        smaller += f" (the chapter uses {CHAPTER_ETA})" if verdict.eta > CHAPTER_ETA else ""
        why = {
            "diverged": f"Training diverged: its weights are huge. Train with {smaller}.",
            "dead": "Its ReLU neurons are dead: the outputs are the same for every image. Train with "
            f"{smaller}, with --init he, or with --activation leaky-relu.",
            "saturated": "Its neurons are saturated: the outputs are the same for every image. Train with "
            f"{smaller}, or with --init 'N(0,1/n)'.",
            "slow": "Train with more --epochs, a smaller --batch, or the --eta that `nn find-eta` proposes.",
        }[verdict.cause]
        return f"{weights}: the network has learned nothing: its accuracy is close to that of guessing. {why}"
    if verdict.state == "fine":
        return ""
    *others, last = (short(names[label]) for label in verdict.classes)
    them = f"{nouns(names)} {', '.join(others)} and {last}" if others else f"{noun(names)} {last}"
    why = (
        "Their output neurons are saturated: close to 0 for every image, where they hardly learn."
        if others
        else "Its output neuron is saturated: close to 0 for every image, where it hardly learns."
    )
    return (
        f"{weights}: the network has not learned the {them}. {why} First weights from N(0, 1) are often too large. "
        "Train with another --seed, or with --init 'N(0,1/n)'."
    )


def start_hint(problem: "StartProblem", parameters: "Parameters", images: int) -> str:
    """Say why a run has learned nothing in its first epochs, and which flag helps."""
    eta, batch = parameters.eta, parameters.batch
    book = "" if eta == CHAPTER_ETA else f" (the chapter uses {CHAPTER_ETA})"
    near = f"Hint: after the first epochs at --eta {eta:g}, the accuracy is close to guessing, and "
    size = "larger than" if batch > images else "as large as"
    smaller = "A smaller --batch learns more in an epoch (the chapter uses 10)."
    return {
        "one update": f"Hint: --batch {batch:,} is {size} the training set of {images:,} images, so an epoch is a "
        f"single update of the weights. {smaller}",
        "few updates": f"Hint: with --batch {batch:,}, an epoch of {images:,} images has only {-(-images // batch)} "
        f"updates of the weights. {smaller}",
        "slow": f"{near}the cost falls slowly: a larger --eta would learn faster{book}.",
        "saturated": f"{near}the cost does not fall: --eta is large, and the neurons are probably saturated{book}.",
        "too small": f"{near}the cost hardly changes: --eta is probably too small{book}.",
    }.get(problem, "")
