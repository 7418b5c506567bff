"""Where the installed `nn` begins: Ctrl-C is seen to before the imports, where Python would answer with a traceback."""

import signal


def main() -> None:
    """Run the command line; until it is there, Ctrl-C ends the program without a word."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # ignored by who started us, as nohup does
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from nn.cli.main import main as run

    run()
