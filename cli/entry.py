"""Where the installed `nn` begins: Ctrl-C is seen to before the imports, where Python would answer with a traceback."""

from typing import NoReturn

from nn.cli import signals


def main() -> NoReturn:
    """Run the command line."""
    signals.end_on_signals()
    from nn.cli.main import main as run

    run()
