"""A command whose ``--distort`` may stand alone: Typer's options take a value always or never."""

import re
from typing import Any

from typer.core import TyperCommand

TEXT = re.compile(r"\s*[A-Za-z]+(\s|,|$)|$")
"""How a text begins, and a file or another option does not: a word, then a space, a comma or the end."""


class DistortAlone(TyperCommand):
    """Gives ``--distort`` its usual text where none follows."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Put the text in before Typer looks."""
        given = []
        for argument, following in zip(args, [*args, "-"][1:], strict=True):
            given.append(argument)
            if argument == "--distort" and not TEXT.match(following):
                given.append("usual")
        return super().parse_args(ctx, given)
