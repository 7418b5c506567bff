"""The flags of `nn sweep`: those of `nn train`, each of which may be repeated, or be given a range of numbers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import typer

from nndigits.cli.flags.command import VALUES, flag_of
from nndigits.cli.flags.train_flags import FLAGS, parse_hidden
from nndigits.stages.store.errors import UsageError

if TYPE_CHECKING:
    from nndigits.stages.sweep.space import Range

KINDS: Mapping[str, Any] = {flag.name: flag.kind for flag in FLAGS}
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?"
RANGE = re.compile(rf"({NUMBER}):({NUMBER})(:log)?")

SWEEP_FLAGS = tuple(
    replace(flag, kind=list[str], metavar=flag.metavar or VALUES.get(getattr(flag.kind, "__name__", ""), "NAME"))
    for flag in FLAGS
)


def read(given: Mapping[str, Sequence[str]]) -> dict[str, list[Any]]:
    """Return the values of each flag that was typed, with the types that Parameters has, and ranges of numbers."""
    return {name: [_value(name, text) for text in texts] for name, texts in given.items() if texts}


def _value(name: str, text: str) -> Any:
    if name == "hidden":
        return parse_hidden(text)
    kind = KINDS[name]
    if kind in (int, float):
        return _number(name, text, kind)
    allowed = get_args(kind)
    if allowed and text not in allowed:
        raise typer.BadParameter(f"{text!r}: expected {' or '.join(allowed)}", param_hint=flag_of(name))
    return text


def _number(name: str, text: str, kind: type) -> "int | float | Range":
    try:
        if found := RANGE.fullmatch(text):
            from nndigits.stages.sweep.space import Range

            low, high = (float(kind(end)) for end in found.groups()[:2])
            return Range(low, high, bool(found[3]), kind is int)
        return kind(text)  # type: ignore[no-any-return]
    except UsageError as error:
        raise typer.BadParameter(str(error), param_hint=flag_of(name)) from None
    except ValueError:
        what = "a whole number" if kind is int else "a number"
        example = "5:30" if kind is int else "0.05:2 or 0.05:2:log"
        raise typer.BadParameter(
            f"{text!r}: expected {what}, or with --random a range such as {example}", param_hint=flag_of(name)
        ) from None
