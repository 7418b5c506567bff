"""A program `nn` that starts in hundredths of a second, for the tests that run many commands.

The installed nn takes a quarter of a second to import its libraries. Here, a server imports them once and forks a child
for each call. The program asks the server, and ends with the exit code of the child. The child has the arguments, the
environment, the folder and the streams of the program, and runs the entry point of the installed nn. Only the start of
Python is left out, so the installed nn (``support.command()``) remains what is tested with signals, closed streams,
limits of memory and variables that Python reads when it starts.
"""

import gc
import importlib
import marshal
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import NoReturn

PROGRAM = """#!{python} -IS
# The module socket imports others, which would take as long as the rest of this program.
from _socket import AF_UNIX, SCM_RIGHTS, SHUT_WR, SOL_SOCKET, socket
from marshal import dumps
from os import O_RDONLY, environ, open
import sys

server = socket(AF_UNIX)
server.connect({address!r})
files = b"".join(file.to_bytes(4, sys.byteorder) for file in (0, 1, 2, open(".", O_RDONLY)))
server.sendmsg([b"!"], [(SOL_SOCKET, SCM_RIGHTS, files)])
server.sendall(dumps((sys.argv, dict(environ))))
server.shutdown(SHUT_WR)
sys.exit(int(server.recv(3) or 137))  # no answer: the child was killed
"""

LIBRARIES = (
    "matplotlib.backends.backend_agg", "matplotlib.figure", "PIL.Image", "rich.progress", "scipy.linalg",
    "sklearn.datasets", "sklearn.svm", "typer",
)  # fmt: skip
IMPORTED_BY_CHILDREN = "nn.stages.demos"
"""Reads the folder of artifacts from the environment when it is imported, as ``nn.cli`` does."""


@contextmanager
def quick_nn() -> Iterator[Path]:
    """Start the server; yield the path of the program."""
    with tempfile.TemporaryDirectory(prefix="nn-") as folder:  # short: the address of a socket has at most 104 bytes
        address, program = Path(folder) / "server", Path(folder) / "nn"
        program.write_text(PROGRAM.format(python=sys.executable, address=str(address)))
        program.chmod(0o755)
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "MPLCONFIGDIR": folder}
        with subprocess.Popen(
            [sys.executable, __file__, address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=folder,
            start_new_session=True,
        ) as server:
            try:
                server.stdout.readline()  # it is ready
                yield program
            finally:
                os.killpg(server.pid, signal.SIGKILL)  # with the children that still run


def serve(address: str) -> None:
    """Import what commands need, then fork a child for each call until the tests end."""
    import nn.models
    import nn.stages

    for name in [*LIBRARIES, *modules(nn.models), *modules(nn.stages)]:
        if not name.startswith(IMPORTED_BY_CHILDREN):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # otherwise each child copies all memory when it collects garbage
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(Path(address).parent)  # children compile no file twice
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        print("ready", flush=True)
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
    """Become the nn of the caller, and send it the exit code."""
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
    try:
        from nn.cli.entry import main

        main()
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    caller.sendall(b"%d" % code)
    os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1])
