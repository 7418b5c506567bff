"""What the report says first: what the network has learned, and the command that helps most."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nndigits.stages.results.wording import changed_parameters
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.runs.verdict import Verdict, overfits
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.result_files import History
from nndigits.stages.words.escaping import shell_word
from nndigits.stages.words.numbers import percent
from nndigits.stages.words.values import typed

WIDER = {"hidden": "100", "init": "N(0,1/n)"}
"""From N(0, 1), some output neurons of a wider network are likely to start saturated."""


@dataclass(frozen=True)
class Advice:
    """The key of a text of the page, its values, and a command that runs as it is printed."""

    key: str
    values: dict[str, str]
    command: str


def advice(leader: Artifact, verdict: Verdict, run: History | None, classes: Sequence[str], data: str) -> Advice:
    """Return what to say of a network, given its verdict and its training run."""
    own = {name: typed(value) for name, value in changed_parameters(leader.meta).items()}
    smaller = {"eta": f"{min(Parameters.eta, (verdict.eta or Parameters.eta) / 10):g}"}
    if verdict.state == "partly":
        names = ", ".join(classes[label] for label in verdict.classes)
        return Advice("judged-partly", {"classes": names}, _train(own | {"init": "N(0,1/n)"}, data))
    if verdict.cause == "slow":
        return Advice("judged-slow", {}, f"nn find-eta --data {shell_word(data)}")
    if verdict.state == "nothing":
        return Advice(f"judged-{verdict.cause}", {"eta": f"{verdict.eta:g}"}, _train(own | smaller, data))
    row = run.rows[run.kept] if run else None
    if row and overfits(row):
        shares = {"training": (row.training_correct, row.training_total)}
        shares["validation"] = (row.validation_correct, row.validation_total)
        values = {name: percent(correct / total, 1) for name, (correct, total) in shares.items()}
        helps: dict[str, Any] = {"l2": "5"} if "distort" in own else {"distort": ""}
        return Advice("judged-overfits", values, _train(own | helps, data))
    if set(own) <= {"seed", "epochs"}:
        return Advice("judged-fine-narrow", {}, _train(own | WIDER, data))
    command = f"nn draw --weights {shell_word(leader.path.name)} --data {shell_word(data)}"
    return Advice("judged-fine", {}, command)


def _train(flags: dict[str, str], data: str) -> str:
    words = [f"--{name.replace('_', '-')}{' ' + shell_word(value) if value else ''}" for name, value in flags.items()]
    return " ".join(["nn train", *words, "--data", shell_word(data), "-o", "improved.npz"])
