"""A page as one HTML file: template, styles, script and data, with a policy that forbids everything from outside.

Under ``file://`` a browser refuses modules in other files, so the modules of the script are joined into one. In the
repository they are ordinary ES modules, which an editor, a linter and Node understand.
"""

import base64
import hashlib
import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from markupsafe import Markup

from nndigits.stages.figures.page_texts import Writer, parse
from nndigits.stages.store.errors import UsageError
from nndigits.stages.words.escaping import printable

GENERATOR = '<meta name="generator" content="nn">'

UNSAFE_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
"""What could end a script element, or start a comment in it, is escaped in JSON."""

OF_CLASSES = "-of-classes"
"""The end of the key of a text that replaces another where the classes are no digits."""


def assemble(
    name: str,
    data: Mapping[str, Any],
    *,
    rooms: Sequence[str] = (),
    tables: Sequence[str] = (),
    workers: Sequence[str] = (),
    of_digits: bool = True,
    **values: Any,
) -> str:
    """Return the page ``name`` of ``pages/``.

    Parameters
    ----------
    data
        What the script reads, as JSON.
    rooms
        Other folders of ``pages/`` whose texts and styles the page needs. Each has a ``texts.json`` and a style sheet
        of its own name.
    tables
        Further tables of texts, such as ``chapter/solutions.json``.
    workers
        Modules of ``pages/`` that the script starts as workers, such as ``learning/worker.js``. Each is in the data, as
        text and with all that it imports, since a page without a server cannot load a worker from a file.
    of_digits
        If false, texts that have a version for other classes, such as ``title-of-classes``, take that one.
    values
        What the template reads. Text is escaped, unless it is Markup.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    folder = files("nndigits.pages")
    parts = ("shared", *rooms, name)
    texts: dict[str, Any] = {}
    for table in (*(f"{part}/texts.json" for part in parts), *tables):
        texts |= parse(_read(folder, table))
    of_classes = {key.removesuffix(OF_CLASSES): texts.pop(key) for key in [*texts] if key.endswith(OF_CLASSES)}
    texts |= {} if of_digits else of_classes
    writer = Writer(texts)
    environment = Environment(
        loader=FunctionLoader(lambda path: _read(folder, path)),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    script = "\n" + joined(folder, f"{name}/{name}.js")
    page = environment.get_template(f"{name}/{name}.html").render(
        text=writer.text,
        label=writer.label,
        texts=texts,
        policy=_policy(script, bool(workers)),
        styles=trusted("".join(_read(folder, f"{part}/{part}.css") for part in parts)),
        script=trusted(script),
        data=json_for_script({**_visible(data), "texts": texts, "workers": _joined_workers(folder, workers)}),
        **values,
    )
    return page.encode(errors="backslashreplace").decode()  # a name in markup, too, may not be UTF-8


def naming(page: str, inputs: Mapping[str, str]) -> bytes:
    """Return the bytes of a page that names the sha256 of the files that it was made from, for `nn status`."""
    named = " ".join(f"{role}:{sha256}" for role, sha256 in inputs.items())
    return page.replace(GENERATOR, f'{GENERATOR}\n<meta name="nn-inputs" content="{named}">', 1).encode()


def check_ending(out: Path) -> None:
    """Raise UsageError unless the file of a page ends in .html, by which a browser knows it."""
    if out.suffix != ".html":
        raise UsageError("expected a file ending in .html", "out", out)


def _visible(value: Any) -> Any:
    """Escape what does not show in the texts of a value, such as the names of files, and what is not UTF-8."""
    if type(value) is str:
        return "\n".join(map(printable, value.split("\n")))
    if isinstance(value, dict):
        return {_visible(key): _visible(item) for key, item in value.items()}
    return [_visible(item) for item in value] if isinstance(value, (list, tuple)) else value


def json_for_script(data: Any) -> Markup:
    """Return data as JSON that no string in it can break out of, for a script element."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))  # in ASCII: U+2028 and others are escaped
    for letter, escaped in UNSAFE_IN_SCRIPT.items():
        text = text.replace(letter, escaped)
    return trusted(text)


def trusted(markup: str) -> Markup:
    """Let text into a page as it is: text of this project, or made by it, in which names are escaped already."""
    return Markup(markup)  # noqa: S704


def _read(folder: Traversable, path: str) -> str:
    return folder.joinpath(path).read_text(encoding="utf-8")


def _joined_workers(folder: Traversable, workers: Sequence[str]) -> dict[str, str]:
    """Return the script of each worker by its module. It is no module, so it asks for strictness itself."""
    return {name: '"use strict";\n' + joined(folder, name) for name in workers}


def _policy(script: str, has_workers: bool = False) -> str:
    """Return the content security policy: only this script runs, with its workers, and nothing is loaded."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data: blob:; "
        f"{'worker-src blob:; ' if has_workers else ''}base-uri 'none'; form-action 'none'"
    )


COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*(?:(?!\*/).)*\*/)\n", re.MULTILINE | re.DOTALL)
"""A line or a block of comment, which a page can do without: a third of a script."""

IMPORT = re.compile(r'^import (\{[^}]*\}) from "(\.{1,2}/[\w./-]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)


def joined(folder: Traversable, name: str) -> str:
    """Return a module with all that it imports before it, each module in a scope of its own.

    Every import has the form ``import { ... } from "../shared/file.js";``, and no module imports itself through others.
    """
    seen: dict[str, str] = {}
    _collect(folder, name, seen)
    return "\n".join(seen.values())


def _collect(folder: Traversable, name: str, seen: dict[str, str]) -> None:
    if name in seen:
        return
    source = folder.joinpath(name).read_text(encoding="utf-8")
    here = posixpath.dirname(name)
    paths = {path: posixpath.normpath(posixpath.join(here, path)) for _, path in IMPORT.findall(source)}
    for path in paths.values():
        _collect(folder, path, seen)
    exported = ", ".join(EXPORT.findall(source))
    inside = IMPORT.sub(lambda found: f"const {found[1]} = {_variable(paths[found[2]])};\n", COMMENT.sub("", source))
    seen[name] = f"const {_variable(name)} = (() => {{\n{EXPORT.sub('', inside)}return {{ {exported} }};\n}})();\n"


def _variable(path: str) -> str:
    """Return the variable that holds what a module exports: ``shared$language`` for ``shared/language.js``."""
    return "$".join(re.sub(r"\W", "_", part) for part in path.removesuffix(".js").split("/"))
