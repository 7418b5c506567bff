"""The errors of nn, each with its exit code.

NNError
├── WorldError     1   the disk, the network or the memory failed
├── UsageError     2   the command or a parameter is wrong
├── InputError     3   an input or an artifact is missing or unusable
├── TargetMissed   4   the result is below the required one
└── Diverged       5   a weight or the cost is no longer finite

Interrupted      130   stopped by Ctrl-C, or 143 by SIGTERM, after saving

A message is one line: what is wrong, what was expected, what was found, what to do. It names a parameter as Python
does; the command line writes its flag instead. Any other exception that reaches the top of the program is a bug of
ours, and ends it with 70.
"""

import errno
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

from nndigits.stages.words.values import typed


class NNError(Exception):
    """The base class of every error that a user can cause or meet.

    >>> str(UsageError("expected 0 for none, or a positive number", "l2", -1.0))
    'l2 -1: expected 0 for none, or a positive number'

    Attributes
    ----------
    problem
        What is wrong, and what to do about it.
    parameter
        The parameter that is wrong, by its name in Python; None where no single one is.
    value
        Its value; None to leave it out of the message.
    """

    exit_code = 1

    def __init__(self, problem: str, parameter: str | None = None, value: Any = None) -> None:
        super().__init__(problem, parameter, value)
        self.problem, self.parameter, self.value = problem, parameter, value

    def __str__(self) -> str:
        return self.message(str)

    def message(self, spelling: Callable[[str], str]) -> str:
        """Return the message, with the parameter's name as ``spelling`` writes it: as a flag or a key of a file."""
        if self.parameter is None:
            return self.problem
        name = spelling(self.parameter)
        return f"{name}: {self.problem}" if self.value is None else f"{name} {typed(self.value)}: {self.problem}"


class WorldError(NNError):
    """The disk, the network or the memory failed."""


class UsageError(NNError):
    """A parameter is wrong, or parameters contradict each other."""

    exit_code = 2


class InputError(NNError):
    """A file that a stage reads is missing, damaged, or of the wrong kind."""

    exit_code = 3


class TargetMissed(NNError):
    """The result is below the required one."""

    exit_code = 4


class Diverged(NNError):
    """A weight, a bias or the cost is no longer a finite number."""

    exit_code = 5


class Interrupted(BaseException):
    """A signal asked the program to stop.

    Like KeyboardInterrupt, it does not derive from Exception: libraries that catch Exception would otherwise catch it,
    and the program would continue. ``command`` is what continues the work, if anything does.
    """

    def __init__(self, signal_number: int, message: str = "interrupted", command: str = "") -> None:
        super().__init__(message)
        self.command = command
        self.exit_code = 128 + signal_number


NO_MEMORY = ("failed to map segment", "cannot allocate memory", "out of memory", "can't start new thread")
"""What libraries and the system say where memory is missing, in errors of other types."""


def is_out_of_memory(error: BaseException | None) -> bool:
    """Return whether an error, or one that it was raised for, is due to too little memory."""
    while error is not None:
        if isinstance(error, MemoryError):
            return True
        if isinstance(error, (OSError, ImportError, RuntimeError)):
            said = getattr(error, "strerror", None) or str(error)  # not the name of a file
            if any(words in said.lower() for words in NO_MEMORY):
                return True
        error = error.__cause__ or error.__context__
    return False


OF_THE_MACHINE = (errno.EIO, errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.EROFS)


def is_of_the_machine(error: BaseException) -> bool:
    """Return whether an error of a library says that the disk fails or is full, or that too many files are open."""
    return isinstance(error, OSError) and error.errno in OF_THE_MACHINE


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question that suggests the known name closest to a mistyped one; empty if none is close.

    The dashes of options do not count.

    >>> did_you_mean("bset", ["best", "record"])
    'Did you mean best?'
    """
    by_word = {one.lstrip("-"): one for one in known}
    longer = [word for word in by_word if len(name) > 2 and word.startswith(name.lstrip("-"))]
    near = longer if len(longer) == 1 else get_close_matches(name.lstrip("-"), list(by_word), n=1)
    return f"Did you mean {by_word[near[0]]}?" if near else ""
