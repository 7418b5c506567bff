"""The entry point of the installed `nn`. Ctrl-C during the slow imports ends it without a traceback."""

import signal


def main() -> None:
    """Run the command line; during its imports, Ctrl-C ends the program silently."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # already ignored, as under nohup
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from nn.cli.main import main as run

    run()
