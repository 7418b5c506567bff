"""The comparison as a table of formatted text, and as Markdown."""

from collections.abc import Sequence

from nn.stages.comparison.entries import Entry

COLUMNS = ("", "right", "accuracy", "95 % interval", "the book", "numbers", "file", "learning", "reading")

NOTE = (
    "Accuracy is on the test images; ± is the standard deviation over runs from different seeds. The interval is "
    "for the chance in the choice of the test images. Learning and reading (all test images) are in seconds on "
    "this machine; a dash is what is not known."
)


def cells(entry: Entry, *, with_book: bool = True) -> tuple[str, ...]:
    """Return the formatted columns of one row."""
    runs = f", {entry.runs} runs" if entry.runs > 1 else ""
    book = entry.book.says if entry.book and with_book else ""
    return (
        entry.name + runs,
        "" if entry.correct is None else f"{entry.correct:.10g}" if entry.runs == 1 else f"{entry.correct:.1f}",
        _accuracy(entry),
        "" if entry.interval is None else "{:.2f} to {:.2f}".format(*(100 * limit for limit in entry.interval)),
        book,
        "" if entry.numbers is None else f"{entry.numbers:,}",
        "" if entry.bytes is None else _size(entry.bytes),
        _seconds(entry.train_seconds, entry.runs),
        _seconds(entry.read_seconds, entry.runs),
    )


def markdown(entries: Sequence[Entry], dataset: str, *, with_book: bool) -> str:
    """Return the table as a page of Markdown."""
    rows = [COLUMNS, ("---", *["---:"] * (len(COLUMNS) - 1)), *(cells(one, with_book=with_book) for one in entries)]
    name = dataset if with_book else f"{dataset} (not MNIST: the book's figures do not apply)"
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"# What reads {name}, side by side\n\n{table}\n\n{NOTE}\n"


def _accuracy(entry: Entry) -> str:
    if entry.accuracy is None:
        return ""
    spread = "" if entry.spread is None else f" ± {100 * entry.spread:.2f}"
    return f"{100 * entry.accuracy:.2f} %{spread}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.1f} kB"


def _seconds(seconds: float | None, runs: int) -> str:
    if seconds is None:
        return "–" if runs else ""
    return f"{seconds:.2f}" if seconds < 10 else f"{seconds:.1f}"
