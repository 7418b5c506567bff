"""A process that has imported nn, and runs it in a forked child for each line of its input.

Starting it costs a third of a second, each run some milliseconds. Each line is a JSON object with the arguments of
``serve_one``; the reply is an Outcome as JSON.

    echo '{"folder": ".", "arguments": ["show", "w.npz"]}' | python -m torture.harness.fork_server
"""

import ctypes
import gc
import importlib
import io
import json
import os
import pkgutil
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, suppress
from dataclasses import asdict
from pathlib import Path

import nndigits.stages
from torture.harness.run import Child, Outcome, nn_main

PATIENCE = 60
"""Seconds after which a command counts as hanging, and is killed."""


def serve() -> None:
    """Import what commands need, then run a child for each line."""
    for module in pkgutil.walk_packages(nndigits.stages.__path__, "nndigits.stages."):
        importlib.import_module(module.name)
    with redirect_stderr(io.StringIO()), suppress(SystemExit):  # imports inside functions
        sys.argv = ["nn", "show", "none.npz"]
        nn_main()
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(asdict(serve_one(**json.loads(line)))), flush=True)


def serve_one(
    folder: str,
    arguments: Sequence[str],
    user: int | None = None,
    fault: tuple[str, int, int, int] | None = None,
) -> Outcome:
    """Run one command.

    Parameters
    ----------
    user
        Run as this user, if this process may change users.
    fault
        (folder, number, mode, error): disturb the n-th system call on files of the folder; see ``faults.c``.
    """

    def before() -> None:
        if user is not None and not os.getuid():
            os.setuid(user)

    def failing_main() -> None:
        library = ctypes.CDLL(None)
        library.fault_trace.restype = ctypes.c_char_p
        library.fault_arm(fault[0].encode(), ctypes.c_long(fault[1]), *fault[2:])
        try:
            nn_main()
        finally:
            fired = library.fault_fired()
            print(f"{'fired' if fired else 'untouched'}: {library.fault_trace().decode()}", file=sys.stderr)

    home = {name: os.environ[name] for name in ("HOME", "XDG_CACHE_HOME") if name in os.environ}
    child = Child(arguments, Path(folder), before=before, main=failing_main if fault else nn_main, environment=home)
    return child.wait(PATIENCE)


if __name__ == "__main__":
    serve()
