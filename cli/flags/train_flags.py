"""The flags that say what a network is and how it learns, in groups; a flag that is not given leaves it to the recipe.

They have the names of the fields of Parameters, whose defaults the help repeats (a test holds it to that): reading
those here would make `nn --help` wait for NumPy.
"""

import inspect
import re
from collections.abc import Callable
from typing import Annotated, Any, Literal, NamedTuple

import typer

from nn.cli.flags.spelling import Spelling
from nn.cli.flags.spelling import flag as spelled

CHAPTER, NETWORK, LEARNING, LIMITS = "As in chapter 1", "The network", "How it learns", "Against overfitting"


class Flag(NamedTuple):
    """A flag: ``default`` is what its help says that it is otherwise."""

    name: str
    group: str
    kind: Any
    help: str
    default: str = ""
    short: tuple[str, ...] = ()


FLAGS = (
    Flag("hidden", CHAPTER, str, "Neurons of the hidden layer; 100,30 for two layers, none for no hidden layer.", "30"),
    Flag("epochs", CHAPTER, int, "How often to go through the training images.", "30"),
    Flag("batch", CHAPTER, int, "Images in a mini-batch.", "10", ("--mini-batch",)),
    Flag("eta", CHAPTER, float, "How far to step each time.", "3.0", ("--learning-rate",)),
    Flag("seed", CHAPTER, int, "Decides all that is drawn: the first weights, the order of the images.", "0"),
    Flag("dtype", CHAPTER, Literal["float32", "float64"], "Precision.", "float32"),
    Flag(
        "keep", CHAPTER, Literal["best", "last"], "Which epoch's weights: the best on validation, or the last.", "best"
    ),
    Flag("threads", CHAPTER, int, "Parts of a mini-batch learned from side by side; not given, what is fastest here."),
    Flag("layers", NETWORK, str, "Instead of --hidden: 'conv 16 5x5 relu, max 2x2, dense 100 relu, dense 10 softmax'."),
    Flag("activation", NETWORK, str, "Of --hidden: sigmoid, tanh, relu, leaky-relu, softplus.", "sigmoid"),
    Flag("cost", NETWORK, str, "quadratic; cross-entropy; log-likelihood, with a last layer of softmax.", "quadratic"),
    Flag("init", NETWORK, str, "First weights: N(0,1); N(0,1/n) by a neuron's inputs; he, for ReLU.", "N(0,1)"),
    Flag("optimizer", LEARNING, str, "sgd, momentum, nesterov or adam.", "sgd"),
    Flag("momentum", LEARNING, float, "How much of the velocity stays; for Adam, of the mean gradient.", "0.9"),
    Flag("schedule", LEARNING, str, "Of eta: constant; linear, cosine, one-cycle to nothing; halve.", "constant"),
    Flag("warm_up", LEARNING, float, "The share of the run over which eta rises to its full value.", "0.0"),
    Flag("patience", LEARNING, int, "Epochs without a new best on validation before it stops (or halves eta)."),
    Flag("average", LEARNING, float, "Keep averaged weights: how much of the average stays at a step, 0.999.", "0.0"),
    Flag("l2", LIMITS, float, "Weight decay: the book's lambda.", "0.0"),
    Flag("l1", LIMITS, float, "The same, with the weights' sizes for their squares.", "0.0"),
    Flag("max_norm", LIMITS, float, "The longest that a neuron's weights may be together; 0 for no limit.", "0.0"),
    Flag(
        "distort",
        LIMITS,
        str,
        "Anew each epoch, at most: 'rotate 10, scale 0.1, translate 1.5, elastic 24'; alone: the usual.",
        "none",
    ),
    Flag(
        "rejects",
        LIMITS,
        float,
        "Learn what is no digit, too: so many cut halves, pairs and blots, 0.5 of the images; for nn read.",
        "0.0",
    ),
)


class Grouped(Spelling):
    """A command whose help lists its options in groups."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options below the names of their groups, in the order of the first of each."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for option in self.get_params(ctx):
            record = option.get_help_record(ctx)
            if record is not None:
                groups.setdefault(getattr(option, "rich_help_panel", None) or "Options", []).append(record)
        for group, records in groups.items():
            with formatter.section(group):
                formatter.write_dl(records)


def with_flags(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the flags, in place of its ``**given``, where it finds those that were typed."""
    own = [p for p in inspect.signature(command).parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
    names = [flag.name for flag in FLAGS]

    def wrapped(**arguments: Any) -> None:
        given = {name: arguments.pop(name) for name in names}
        command(**arguments, **{name: value for name, value in given.items() if value is not None})

    parameters = [*map(_parameter, FLAGS), *own]
    wrapped.__doc__ = command.__doc__
    wrapped.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return wrapped


def _parameter(flag: Flag) -> inspect.Parameter:
    text = f"{flag.help}  [default: {flag.default}]" if flag.default else flag.help
    names = (spelled(flag.name), *flag.short)
    annotation: Any = Annotated[flag.kind | None, typer.Option(*names, help=text, rich_help_panel=flag.group)]
    return inspect.Parameter(flag.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=annotation)


def read(given: dict[str, Any]) -> dict[str, Any]:
    """What was typed, as Parameters wants it."""
    return {**given, "hidden": parse_hidden(given["hidden"])} if "hidden" in given else given


def parse_hidden(text: str) -> tuple[int, ...]:
    """Read ``30``, ``100,30`` or ``none``."""
    if text.strip() == "none":
        return ()
    if not re.fullmatch(r"\s*[0-9]{1,6}\s*(,\s*[0-9]{1,6}\s*)*", text):
        raise typer.BadParameter(f"{text!r}: expected 30, or 100,30, or none", param_hint="--hidden")
    return tuple(int(number) for number in text.split(","))
