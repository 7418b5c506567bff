"""A process that has imported nn, and runs its ``main`` in a fork of itself, once for each line that it is sent.

echo '{"folder": ".", "arguments": ["show", "w.npz"]}' | python -m torture.forked
"""

import gc
import importlib
import io
import json
import os
import signal
import sys
from contextlib import redirect_stderr, suppress

from nn.cli.main import main

STAGES = ("show", "train", "evaluate", "darkness", "fetch", "compare", "checkpoint", "readers", "recipe")


def serve() -> None:
    """Answer each line with the exit code, stderr, CPU seconds, and peak memory in MB."""
    for stage in STAGES:
        importlib.import_module(f"nn.stages.{stage}")
    with redirect_stderr(io.StringIO()), suppress(SystemExit):  # what is imported when it is needed, is needed once
        sys.argv = ["nn", "show", "none.npz"]
        main()
    gc.freeze()
    for line in sys.stdin:
        said = os.memfd_create("stderr")
        process = os.fork()
        if not process:
            run(said, **json.loads(line))
        _, status, used = os.wait4(process, 0)
        err = os.pread(said, 2**24, 0).decode(errors="replace")
        os.close(said)
        cost = (used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6)
        print(json.dumps([os.waitstatus_to_exitcode(status), err, *cost]), flush=True)


def run(said: int, folder: str, arguments: list[str], user: int | None, patience: int) -> None:
    """Be the command; never return. What hangs is ended by a signal."""
    signal.alarm(patience)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor, number in ((null, 0), (null, 1), (said, 2)):
        os.dup2(descriptor, number)
    code = -1
    try:
        os.chdir(folder)
        if user is not None and not os.getuid():
            os.setuid(user)
        sys.argv = ["nn", *arguments]
        main()
    except SystemExit as end:
        code = end.code
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
