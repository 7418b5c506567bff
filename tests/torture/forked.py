"""A process that has imported nn, and runs its ``main``, or another function, in a fork of itself for each line.

echo '{"folder": ".", "arguments": ["show", "w.npz"]}' | python -m torture.forked
"""

import ctypes
import gc
import importlib
import io
import json
import os
import signal
import sys
import time
from contextlib import redirect_stderr, suppress
from typing import Any

from nn.cli.main import main

STAGES = (
    "show",
    "train",
    "evaluate",
    "darkness",
    "guess",
    "svm",
    "fetch",
    "compare",
    "checkpoint",
    "readers",
    "recipe",
)
PATIENCE = 60
"""Seconds after which a command counts as hanging, and is ended by a signal."""


def serve() -> None:
    """Answer each line with the exit code, stderr, CPU seconds, and peak memory in MB."""
    for stage in STAGES:
        importlib.import_module(f"nn.stages.{stage}")
    with redirect_stderr(io.StringIO()), suppress(SystemExit):  # what is imported when it is needed, is needed once
        sys.argv = ["nn", "show", "none.npz"]
        main()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        said = os.memfd_create("stderr")
        process = os.fork()
        if not process:
            _be(said, **asked)
        if asked.get("kill_after") is not None:
            time.sleep(asked["kill_after"])
            os.kill(process, signal.SIGKILL)
        _, status, used = os.wait4(process, 0)
        err = os.pread(said, 2**24, 0).decode(errors="replace")
        os.close(said)
        cost = (used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6)
        print(json.dumps([os.waitstatus_to_exitcode(status), err, *cost]), flush=True)


def _be(said: int, folder: str, arguments: list[str], **options: Any) -> None:
    """Be the command, or the function that ``options`` name; never return.

    ``user`` it shall be run as; ``fault`` is a call that shall fail, (folder, number, mode); ``call`` is a function,
    "module:name", that is given the arguments; ``kill_after`` is seen to by the parent.
    """
    signal.alarm(PATIENCE)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor, number in ((null, 0), (null, 1), (said, 2)):
        os.dup2(descriptor, number)
    code: Any = -1
    try:
        os.chdir(folder)
        if options.get("user") is not None and not os.getuid():
            os.setuid(options["user"])
        if options.get("fault"):
            _arm(*options["fault"])
        if options.get("call"):
            module, name = options["call"].split(":")
            getattr(importlib.import_module(module), name)(*arguments)
            code = 0
        else:
            sys.argv = ["nn", *arguments]
            main()
    except SystemExit as end:
        code = end.code
    finally:
        if options.get("fault"):
            _report()
        sys.stderr.flush()
        os._exit(code)


def _arm(folder: str, number: int, mode: int) -> None:
    ctypes.CDLL(None).fault_arm(folder.encode(), ctypes.c_long(number), mode)


def _report() -> None:
    """Say on stderr whether the call failed, and which calls there were."""
    library = ctypes.CDLL(None)
    fired = library.fault_fired()
    library.fault_trace.restype = ctypes.c_char_p
    print(f"{'fired' if fired else 'untouched'}: {library.fault_trace().decode()}", file=sys.stderr)


if __name__ == "__main__":
    serve()
