"""The modules of a page's script, joined into one.

Under ``file://`` a browser refuses modules in other files, so a page has a single inline module. In the repository
they are ordinary ES modules, which an editor, a linter and Node understand.
"""

import posixpath
import re
from importlib.resources.abc import Traversable

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
    inside = IMPORT.sub(lambda found: f"const {found[1]} = {_variable(paths[found[2]])};\n", source)
    seen[name] = f"const {_variable(name)} = (() => {{\n{EXPORT.sub('', inside)}return {{ {exported} }};\n}})();\n"


def _variable(path: str) -> str:
    """Return the variable that holds what a module exports: ``shared$language`` for ``shared/language.js``."""
    return "$".join(re.sub(r"\W", "_", part) for part in path.removesuffix(".js").split("/"))
