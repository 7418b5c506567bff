"""Mutation operators: change a comparison, a number or an ``and``, leave out a refusal, skip a branch.

One change makes one mutant of a module.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from support import REPOSITORY

COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.BitAnd: ast.BitOr, ast.Mod: ast.Mult}

Change = Callable[[], object]


@dataclass(frozen=True)
class Mutant:
    """A module with one change: the number of the change, and the changed line."""

    module: str
    number: int
    line: str


def mutants(module: str) -> list[Mutant]:
    """Return all mutants of a module of ``stages/``."""
    lines, total = source(module).splitlines(), len(list(sites(ast.parse(source(module)))))
    found, file = [], Path(module).with_suffix(".py").name
    for number in range(total):
        node, change = list(sites(ast.parse(source(module))))[number]
        instead = f", not {ast.unparse(node)[6:]}" if isinstance(node, ast.Raise) else ""
        change()
        line = lines[node.lineno - 1]
        behind = line[node.end_col_offset :].split("  #")[0] if node.end_lineno == node.lineno else ""
        after = " ".join((ast.unparse(node) + instead).split())
        found.append(Mutant(module, number, f"{file}: {line[: node.col_offset].lstrip()}{after}{behind}"[:200]))
    return found


def tree(mutant: Mutant) -> ast.Module:
    """Return the syntax tree of a mutant."""
    whole = ast.parse(source(mutant.module))
    list(sites(whole))[mutant.number][1]()
    return ast.fix_missing_locations(whole)


def source(module: str) -> str:
    """Return the source of a module of ``stages/``, such as ``store/npz``."""
    return (REPOSITORY / "stages" / f"{module}.py").read_text()


def sites(whole: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, Change]]:
    """Yield each node that can be changed, with the function that changes it."""
    for node in list(ast.walk(whole)):
        for change in changes(node):
            yield node, change


def changes(node: ast.AST) -> Iterator[Change]:
    """Yield the changes of one node."""
    match node:
        case ast.Compare():
            for at, operator in enumerate(node.ops):
                yield lambda at=at, operator=operator: node.ops.__setitem__(at, COMPARISONS[type(operator)]())
        case ast.BoolOp():
            yield lambda: setattr(node, "op", ast.And() if isinstance(node.op, ast.Or) else ast.Or())
        case ast.BinOp() if type(node.op) in OPERATORS and not any(map(is_text, (node.left, node.right))):
            yield lambda: setattr(node, "op", OPERATORS[type(node.op)]())
        case ast.Constant() if type(node.value) is int:
            yield lambda: setattr(node, "value", node.value + 1)
        case ast.UnaryOp(op=ast.Not()):
            yield lambda: setattr(node, "op", ast.UAdd())
        case ast.If():
            yield lambda: setattr(node, "test", ast.Constant(False))
        case ast.Raise() if node.exc is not None:
            yield lambda: (setattr(node, "exc", ast.Name("ValueError", ast.Load())), setattr(node, "cause", None))


def is_text(node: ast.AST) -> bool:
    """Return whether a node is a text literal, whose ``+`` joins texts."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
