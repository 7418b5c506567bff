"""The entry point of the installed `nn`.

Ctrl-C during the slow imports ends it without a traceback, and too little memory for them with one line. The folder of
the default paths is known before they are imported.
"""

import os
import signal
import sys

FOLDER = "--artifacts"


def main() -> None:
    """Run the command line; during its imports, Ctrl-C ends the program silently."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # already ignored, as under nohup
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from nndigits.cli import memory

    sys.argv[1:] = take_folder(sys.argv[1:])
    try:
        from nndigits.cli.main import main as run

        run()
    except (MemoryError, ImportError, SyntaxError) as error:
        if not (isinstance(error, MemoryError) or "map segment" in str(error) or not memory.has(memory.LEFT)):
            raise  # a SyntaxError is one of memory where Python has none left to compile with
        # There is not even memory for the code that prints errors.
        os.write(2, b"nn: there is not enough memory to start\n")
        sys.exit(1)


def take_folder(arguments: list[str]) -> list[str]:
    """Move ``--artifacts DIR``, before or behind the command, into ``NN_ARTIFACTS``; return the other arguments.

    Without a folder, return the flag alone, which is then refused as any option without its argument.
    """
    others, rest = [], iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if argument == "--":
            others += [argument, *rest]
        elif name == FOLDER:
            folder = value if equals else next(rest, "")
            if not folder or (folder.startswith("-") and not equals):
                return [FOLDER]
            os.environ["NN_ARTIFACTS"] = folder
        else:
            others.append(argument)
    return others
