"""Chinese versions of what the demonstrations say."""


def translate(name: str, english: str) -> str | None:
    """Return the Chinese version of a text of the demonstration ``name``, or None where there is none.

    The text is a title, an idea, a finding, the title, a column head or a cell of a table, or a label in a figure, as
    the page shows it: without folders, and with its numbers written out.
    """
    return None
