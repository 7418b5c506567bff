"""What can go wrong, each with the exit code it ends the program with.

NNError
├── WorldError     1   disk, network, memory: nothing is wrong with what was asked
├── UsageError     2   the command or its values make no sense
├── InputError     3   an input or an artifact is missing or unusable
├── TargetMissed   4   the work was done, and its result is below what was asked for
└── Diverged       5   training left the finite numbers

Interrupted      130   stopped by Ctrl-C, or 143 by SIGTERM, after saving

A message is one line: what is wrong, what was expected, what was found, what to do. Anything else that reaches
the top of the program is a bug of ours, and ends it with 70.
"""


class NNError(Exception):
    """The root: whatever a user can bring about or run into."""

    exit_code = 1


class WorldError(NNError):
    """The disk, the network or the memory failed."""


class UsageError(NNError):
    """What was asked for makes no sense, whatever the files hold."""

    exit_code = 2


class InputError(NNError):
    """A file that the stage reads is missing, damaged, or not of the right kind."""

    exit_code = 3


class TargetMissed(NNError):
    """The result is below the one that was asked for."""

    exit_code = 4


class Diverged(NNError):
    """A weight, a bias or the cost is no longer a finite number."""

    exit_code = 5


class Interrupted(BaseException):
    """A signal asked the program to stop.

    No Exception, as Python's own KeyboardInterrupt is none: a library that takes whatever fails in its stride, and
    there are many, would otherwise take this too, and the program would go on.
    """

    def __init__(self, signal_number: int, message: str = "interrupted") -> None:
        super().__init__(message)
        self.exit_code = 128 + signal_number
