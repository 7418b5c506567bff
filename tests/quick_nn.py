"""A program `nn` that starts in hundredths of a second, for the tests that run many commands.

The installed nn takes a quarter of a second to import its libraries. Here, a server imports them once and forks a
child for each call. The program asks the server, and ends with the exit code of the child. The modules of
``nndigits.cli`` read the folder of artifacts when they are imported: one server has them already, with the usual
folder, and for calls that name another there is a second one, whose children import them. The child has the
arguments, the environment, the folder and the streams of the program, and runs the entry point of the installed nn.
Only the start of Python is left out, so the installed nn (``support.command()``) remains what is tested with signals,
closed streams, limits of memory and variables that Python reads when it starts.
"""

import gc
import importlib
import marshal
import os
import pkgutil
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import NoReturn

PROGRAM = """#!{python} -IS
# The module socket imports others, which would take as long as the rest of this program.
from _socket import AF_UNIX, SCM_RIGHTS, SHUT_WR, SOL_SOCKET, socket
from marshal import dumps, loads
from os import O_RDONLY, environ, open
import sys

names_a_folder = "NN_ARTIFACTS" in environ or any(word.startswith("--artifacts") for word in sys.argv)
server = socket(AF_UNIX)
server.connect({other!r} if names_a_folder else {usual!r})
files = b"".join(file.to_bytes(4, sys.byteorder) for file in (0, 1, 2, open(".", O_RDONLY)))
server.sendmsg([b"!"], [(SOL_SOCKET, SCM_RIGHTS, files)])
server.sendall(dumps((sys.argv, dict(environ))))
server.shutdown(SHUT_WR)
answer = server.recv(99)
sys.exit(loads(answer)[0] if answer else 137)  # no answer: the child was killed
"""

LIBRARIES = (
    "matplotlib.backends.backend_agg", "matplotlib.figure", "PIL.Image", "rich.progress", "scipy.linalg",
    "sklearn.datasets", "sklearn.svm", "typer",
)  # fmt: skip
MAIN = "nndigits.cli.entry:main"
READ_THE_FOLDER = ("nndigits.stages.demos", "nndigits.stages.chapter", "nndigits.cli")
"""Packages that read the folder of artifacts from the environment when they are imported."""


@contextmanager
def quick_nn(libraries: Sequence[str] = LIBRARIES, **variables: str) -> Iterator[Path]:
    """Start the server, with variables of its environment; yield the path of the program, beside the addresses."""
    with tempfile.TemporaryDirectory(prefix="nn-") as folder:  # short: the address of a socket has at most 104 bytes
        usual, other, program = (f"{folder}/{name}" for name in ("usual", "other", "nn"))
        Path(program).write_text(PROGRAM.format(python=sys.executable, usual=usual, other=other))
        Path(program).chmod(0o755)
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "MPLCONFIGDIR": folder, **variables}
        environment.pop("NN_ARTIFACTS", None)
        with subprocess.Popen(
            [sys.executable, __file__, usual, other, *libraries],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=folder,
            start_new_session=True,
        ) as server:
            try:
                server.stdout.readline()  # it is ready
                yield Path(program)
            finally:
                os.killpg(server.pid, signal.SIGKILL)  # with the children that still run


def serve(usual: str, other: str, *libraries: str) -> None:
    """Import what commands need, and answer at both addresses until the tests end."""
    import nndigits.cli
    import nndigits.models
    import nndigits.stages

    names = [*libraries, *modules(nndigits.models), *modules(nndigits.stages), *modules(nndigits.cli)]
    load([name for name in names if not name.startswith(READ_THE_FOLDER)])
    with listening(usual) as at_usual, listening(other) as at_other:
        if not os.fork():
            answer_calls(at_other)
            return
        load(names)
        print("ready", flush=True)
        answer_calls(at_usual)


def load(names: list[str]) -> None:
    """Import modules, for all children."""
    for name in names:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # otherwise each child copies all memory when it collects garbage


@contextmanager
def listening(address: str) -> Iterator[socket.socket]:
    """Listen at an address."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        yield server


def answer_calls(server: socket.socket) -> None:
    """Fork a child for each call, until the tests end."""
    while server in select.select([server, sys.stdin], [], [])[0]:  # stdin ends with the process of the tests
        caller, _ = server.accept()
        with caller:
            if not os.fork():
                answer(caller)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:  # those that have ended
                pass


def modules(package: ModuleType) -> list[str]:
    """Return the names of all modules of a package."""
    return [module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]


def answer(caller: socket.socket) -> NoReturn:
    """Become the nn of the caller, and send it the exit code, the peak memory in bytes and the CPU seconds.

    ``NN_MAIN`` in the environment names a function that is run in place of the entry point, as ``module:function``.
    """
    _, files, _, _ = socket.recv_fds(caller, 1, 4)
    with caller.makefile("rb") as call:
        sys.argv, environment = marshal.load(call)
    os.environ.clear()
    os.environ.update(environment)
    os.fchdir(files[3])
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
    for file in files:
        os.close(file)
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    sys.stdin = open(0, encoding=encoding, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding=encoding, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding=encoding, errors="backslashreplace", closefd=False)  # noqa: SIM115
    code = 1
    module, _, name = os.environ.pop("NN_MAIN", MAIN).partition(":")
    try:
        getattr(importlib.import_module(module), name)()
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    caller.sendall(marshal.dumps((code, usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime)))
    os._exit(0)


if __name__ == "__main__":
    serve(*sys.argv[1:])
