"""The flags of a training run, in groups: what a network is and how it learns. A flag left out leaves it to the recipe.

Each sets the field of Parameters of the same name. Its help adds the values of tables, such as the optimizers, and the
default: they are read when the help is asked for, because Parameters imports NumPy. `nn sweep` has the same flags, each
of which may be repeated, or be given a range of numbers.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import typer

from nndigits.cli.terminal.completion import one_of
from nndigits.cli.terminal.typer_command import ELSEWHERE, Flag, HelpfulCommand, flag_of

MANY_NEURONS = "Neurons of the hidden layer; 100,30 for two layers, none for no hidden layer."
LAYERS = "Instead of --hidden: 'conv 16 5x5 relu, max 2x2, dense 100 relu, dense 10 softmax'."
DISTORT = (
    "Random distortion of each image in each epoch, at most 'rotate 10, scale 0.1, translate 1.5, elastic 24'; "
    "without a value: the usual."
)
DRAWN = "With --rejects: also learn drawn letters, signs and scribbles as non-digits, this many per image."


def _of_table(name: str, help: str) -> Flag:
    """Return a flag whose values are the names of a table of ``constraints.py``."""

    def names() -> list[str]:
        from nndigits.stages.runs.constraints import choices

        return choices(name)

    return Flag(name, str, help, "NAME", complete=one_of(names))


GROUPS = {
    "As in chapter 1": (
        Flag("hidden", str, MANY_NEURONS, "N[,N...]"),
        Flag("epochs", int, "Passes through the training images."),
        Flag("batch", int, "Images in a mini-batch."),
        Flag("eta", float, "The learning rate.", "RATE"),
        Flag("seed", int, "The seed of the first weights and of the order of the images."),
        Flag("dtype", Literal["float32", "float64"], "Precision of all arithmetic."),
        Flag("keep", Literal["best", "last"], "Keep the weights of the best epoch on validation, or of the last."),
        Flag("threads", int, "Threads that share each mini-batch; the fastest number if not given."),
    ),
    "The network": (
        Flag("layers", str, LAYERS, "LAYERS"),
        _of_table("activation", "Of --hidden: {choices}."),
        _of_table("cost", "{choices}; log-likelihood with a softmax output."),
        _of_table("init", "First weights: {choices}; n is the number of inputs, he is for ReLU."),
    ),
    "How it learns": (
        _of_table("optimizer", "{choices}."),
        Flag("momentum", float, "The momentum coefficient; for Adam, beta 1.  [default: 0.9]", "SHARE"),
        _of_table("schedule", "Of eta: {choices}. Linear, cosine and one-cycle end at 0."),
        Flag("warm_up", float, "Fraction of the run over which eta rises to its full value.", "SHARE"),
        Flag("patience", int, "Epochs without a new best on validation before training stops, or halves eta."),
        Flag("average", float, "Keep a moving average of the weights with this decay, such as 0.999.", "SHARE"),
    ),
    "Against overfitting": (
        Flag("l2", float, "L2 regularization (weight decay): the book's lambda.", "LAMBDA"),
        Flag("l1", float, "L1 regularization: lambda times the absolute weights.", "LAMBDA"),
        Flag("max_norm", float, "The largest norm of a neuron's weights; 0 for no limit.", "NORM"),
        Flag("label_smoothing", float, "Share of each target that is spread over all outputs, such as 0.1.", "SHARE"),
        Flag("distort", str, DISTORT, "[TEXT]"),
        Flag("rejects", float, "Also learn non-digits, this many per image, such as 0.5; for nn read.", "SHARE"),
        Flag("drawn", float, DRAWN, "SHARE"),
    ),
}

FLAGS = tuple(replace(flag, group=group) for group, flags in GROUPS.items() for flag in flags)
KINDS: Mapping[str, Any] = {flag.name: flag.kind for flag in FLAGS}


def _in_a_sweep(flag: Flag) -> Flag:
    kind = "N" if flag.kind is int else "X" if flag.kind is float else "NAME"
    return replace(flag, kind=list[str], metavar=flag.metavar or kind, group=ELSEWHERE)


SWEEP_FLAGS = tuple(map(_in_a_sweep, FLAGS))


class TrainCommand(HelpfulCommand):
    """A command whose help has the defaults of a training run and the names in its tables."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Complete the help of each parameter of the run."""
        from nndigits.stages.runs.constraints import TABLES, choices
        from nndigits.stages.runs.parameters import DEFAULTS

        params: list[Any] = self.params
        for one in params:
            if one.name in TABLES:
                one.help = one.help.format(choices=", ".join(choices(one.name)))
            default = DEFAULTS.get(one.name)
            if default not in (None, ""):
                one.help += f"  [default: {','.join(map(str, default)) if isinstance(default, list) else default}]"
        super().format_options(ctx, formatter)


def read(given: dict[str, Any]) -> dict[str, Any]:
    """Return the flags that were typed, with the types that Parameters has."""
    return {**given, "hidden": parse_hidden(given["hidden"])} if "hidden" in given else given


def words(given: dict[str, Any]) -> list[str]:
    """Return the words that give these flags on a command line."""
    return [word for name, value in given.items() for word in (flag_of(name), _text(value))]


def _text(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def parse_hidden(text: str) -> tuple[int, ...]:
    """Return the sizes of hidden layers written as ``30``, ``100,30`` or ``none``; the stage knows their limits."""
    if text.strip() == "none":
        return ()
    if not re.fullmatch(r"\s*[0-9]{1,18}\s*(,\s*[0-9]{1,18}\s*)*", text):
        raise typer.BadParameter(f"{text!r}: expected 30, or 100,30, or none", param_hint="--hidden")
    return tuple(int(number) for number in text.split(","))
