"""Errors name parameters as Python does, and the command line writes flags instead."""

import ast
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from support import REPOSITORY

from nndigits.cli.main import app
from nndigits.cli.terminal.typer_command import flag_of
from nndigits.stages.demos.shared.index import BY_NAME
from nndigits.stages.store.errors import UsageError

FILES = sorted((REPOSITORY / "stages").rglob("*.py"))
COMMAND = re.compile(r"`(?:nn|dask) [^`]+`|^(nn|" + "|".join(BY_NAME) + r") .*")
"""A whole command may have flags: between backticks, or as a string of its own."""

PIECE = re.compile(r" ?--[a-z]+( \w*)?")
"""So may a command that is put together of flags and values, such as that of ``fallback.command``."""

FLAG = re.compile(r'(?<!style=")--[a-z]')  # a style of HTML may set --width


def strings(tree: ast.AST) -> Iterator[str]:
    """Yield every string in a file but its docstrings."""
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings:
            yield node.value


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_stages_spell_no_flag(path: Path) -> None:
    texts = [text for text in strings(ast.parse(path.read_text())) if not PIECE.fullmatch(text)]
    found = [text for text in texts if FLAG.search(COMMAND.sub("", text))]
    assert not found


def test_every_parameter_that_errors_name_is_a_flag() -> None:
    named = {
        node.args[1].value
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "UsageError" and len(node.args) > 1
        if isinstance(node.args[1], ast.Constant)
    }
    assert {"l2", "source", "indices", "runs", "train_size"} <= named
    assert {flag_of(name) for name in named} <= set(options(typer.main.get_command(app)))


def options(command) -> Iterator[str]:
    """Yield every flag of a command and of those below it."""
    for parameter in command.params:
        yield from parameter.opts
    for name in command.list_commands(None) if hasattr(command, "list_commands") else ():
        yield from options(command.get_command(None, name))


@pytest.mark.parametrize(
    ("error", "python", "typed"),
    [
        (UsageError("is a folder"), "is a folder", "is a folder"),
        (UsageError("too small", "l2", -1.0), "l2 -1: too small", "--l2 -1: too small"),
        (UsageError("too long", "warm_up", 1.5), "warm_up 1.5: too long", "--warm-up 1.5: too long"),
        (UsageError("too many", "hidden", (30, 0)), "hidden 30,0: too many", "--hidden 30,0: too many"),
        (UsageError("is none", "source"), "source: is none", "--from: is none"),
    ],
    ids=str,
)
def test_a_message_names_the_parameter_in_the_spelling_of_its_reader(
    error: UsageError, python: str, typed: str
) -> None:
    assert str(error) == python
    assert error.message(flag_of) == typed
    assert str(pickle.loads(pickle.dumps(error))) == python
