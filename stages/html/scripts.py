"""The modules of a page's script, joined into one.

Under ``file://`` a browser refuses modules in other files, so a page has a single inline module. In the repository
they are ordinary ES modules, which an editor, a linter and Node understand.
"""

import posixpath
import re
from importlib.resources.abc import Traversable

IMPORT = re.compile(r'^import \{[^}]*\} from "(\.{1,2}/[\w./-]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class)\b)", re.MULTILINE)


def joined(folder: Traversable, name: str) -> str:
    """Return a module with all that it imports before it, in one scope.

    Every import has the form ``import { ... } from "../shared/file.js";``, on one line.
    """
    seen: dict[str, str] = {}
    _collect(folder, name, seen)
    return "\n".join(seen.values())


def _collect(folder: Traversable, name: str, seen: dict[str, str]) -> None:
    if name in seen:
        return
    source = folder.joinpath(name).read_text(encoding="utf-8")
    for imported in IMPORT.findall(source):
        _collect(folder, posixpath.normpath(posixpath.join(posixpath.dirname(name), imported)), seen)
    seen[name] = EXPORT.sub("", IMPORT.sub("", source))
