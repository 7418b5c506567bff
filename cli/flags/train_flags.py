"""The flags of a training run, in groups: what a network is and how it learns. A flag left out leaves it to the recipe.

Each sets the field of Parameters of the same name, and its help repeats the default. Both are written here, and
checked by a test: importing Parameters would make `nn --help` wait for NumPy.
"""

import re
from dataclasses import replace
from typing import Any, Literal

import typer

from nndigits.cli.flags.command import Spelling, flag_of
from nndigits.cli.flags.completion import table
from nndigits.cli.flags.from_table import Flag

GROUPS = {
    "As in chapter 1": (
        Flag(
            "hidden",
            str,
            "Neurons of the hidden layer; 100,30 for two layers, none for no hidden layer.",
            shown="30",
            metavar="N[,N...]",
        ),
        Flag("epochs", int, "Passes through the training images.", shown="30"),
        Flag("batch", int, "Images in a mini-batch.", shown="10"),
        Flag("eta", float, "The learning rate.", shown="3.0", metavar="RATE"),
        Flag("seed", int, "The seed of the first weights and of the order of the images.", shown="0"),
        Flag("dtype", Literal["float32", "float64"], "Precision of all arithmetic.", shown="float32"),
        Flag(
            "keep",
            Literal["best", "last"],
            "Keep the weights of the best epoch on validation, or of the last.",
            shown="best",
        ),
        Flag("threads", int, "Threads that share each mini-batch; the fastest number if not given."),
    ),
    "The network": (
        Flag(
            "layers",
            str,
            "Instead of --hidden: 'conv 16 5x5 relu, max 2x2, dense 100 relu, dense 10 softmax'.",
            metavar="LAYERS",
        ),
        Flag(
            "activation",
            str,
            "Of --hidden: sigmoid, tanh, relu, leaky-relu, softplus.",
            shown="sigmoid",
            metavar="NAME",
            complete=table("activation"),
        ),
        Flag(
            "cost",
            str,
            "quadratic, cross-entropy, or log-likelihood with a softmax output.",
            shown="quadratic",
            metavar="NAME",
            complete=table("cost"),
        ),
        Flag(
            "init",
            str,
            "First weights: N(0,1), N(0,1/n) for n inputs, or he for ReLU.",
            shown="N(0,1)",
            metavar="NAME",
            complete=table("init"),
        ),
    ),
    "How it learns": (
        Flag(
            "optimizer",
            str,
            "sgd, momentum, nesterov or adam.",
            shown="sgd",
            metavar="NAME",
            complete=table("optimizer"),
        ),
        Flag("momentum", float, "The momentum coefficient; for Adam, beta 1.", shown="0.9", metavar="SHARE"),
        Flag(
            "schedule",
            str,
            "Of eta: constant; linear, cosine or one-cycle to 0; halve.",
            shown="constant",
            metavar="NAME",
            complete=table("schedule"),
        ),
        Flag(
            "warm_up",
            float,
            "Fraction of the run over which eta rises to its full value.",
            shown="0.0",
            metavar="SHARE",
        ),
        Flag("patience", int, "Epochs without a new best on validation before training stops, or halves eta."),
        Flag(
            "average",
            float,
            "Keep a moving average of the weights with this decay, such as 0.999.",
            shown="0.0",
            metavar="SHARE",
        ),
    ),
    "Against overfitting": (
        Flag("l2", float, "L2 regularization (weight decay): the book's lambda.", shown="0.0", metavar="LAMBDA"),
        Flag("l1", float, "L1 regularization: lambda times the absolute weights.", shown="0.0", metavar="LAMBDA"),
        Flag("max_norm", float, "The largest norm of a neuron's weights; 0 for no limit.", shown="0.0", metavar="NORM"),
        Flag(
            "distort",
            str,
            "Random distortion of each image in each epoch, at most 'rotate 10, scale 0.1, translate 1.5, elastic 24'; "
            "without a value: the usual.",
            shown="none",
            metavar="[TEXT]",
        ),
        Flag(
            "rejects",
            float,
            "Also learn non-digits, this many per image, such as 0.5; for nn read.",
            shown="0.0",
            metavar="SHARE",
        ),
        Flag(
            "drawn",
            float,
            "With --rejects: also learn drawn letters, signs and scribbles as non-digits, this many per image.",
            shown="0.0",
            metavar="SHARE",
        ),
    ),
}

FLAGS = tuple(replace(flag, group=group) for group, flags in GROUPS.items() for flag in flags)


class Grouped(Spelling):
    """A command whose help lists its options under the headings of their groups."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write each group under its heading, in the order of the options."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for option in self.get_params(ctx):
            record = option.get_help_record(ctx)
            if record is not None:
                groups.setdefault(getattr(option, "rich_help_panel", None) or "Options", []).append(record)
        for group, records in groups.items():
            with formatter.section(group):
                formatter.write_dl(records)


def read(given: dict[str, Any]) -> dict[str, Any]:
    """Return the flags that were typed, with the types that Parameters has."""
    return {**given, "hidden": parse_hidden(given["hidden"])} if "hidden" in given else given


def words(given: dict[str, Any]) -> list[str]:
    """Return the words that give these flags on a command line."""
    return [word for name, value in given.items() for word in (flag_of(name), _text(value))]


def _text(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def parse_hidden(text: str) -> tuple[int, ...]:
    """Return the sizes of hidden layers written as ``30``, ``100,30`` or ``none``."""
    if text.strip() == "none":
        return ()
    if not re.fullmatch(r"\s*[0-9]{1,6}\s*(,\s*[0-9]{1,6}\s*)*", text):
        raise typer.BadParameter(f"{text!r}: expected 30, or 100,30, or none", param_hint="--hidden")
    return tuple(int(number) for number in text.split(","))
