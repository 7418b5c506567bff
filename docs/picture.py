"""Draw docs/eval.svg: the output of `nn eval`, as a picture that looks the same everywhere.

Letters are text. The half blocks of the digits are rectangles, because fonts draw them differently.

    nn fetch && nn train && COLUMNS=120 nn eval | python docs/picture.py
"""

import sys
from html import escape
from pathlib import Path

COMMAND = "$ nn fetch && nn train && nn eval"
WIDTH, HEIGHT, MARGIN = 8.4, 17, 16  # of a letter; around the text
VERDICT = 3  # lines: the accuracy, the comparison, the calibration error
BLOCKS = {"▀": (0, 0.5), "▄": (0.5, 0.5), "█": (0, 1)}  # top and height within a line


def main() -> None:
    """Read the output from stdin, drop all but the first row of digits, draw the rest."""
    lines = [line.rstrip() for line in sys.stdin.read().splitlines()]
    captions = [number for number, line in enumerate(lines) if line.startswith("#")]
    lines = [COMMAND, "", *lines[: captions[1]], *lines[-VERDICT:]]
    width = max(map(len, lines)) * WIDTH + 2 * MARGIN
    height = len(lines) * HEIGHT + 2 * MARGIN
    drawn = "\n".join(draw(line, MARGIN + number * HEIGHT) for number, line in enumerate(lines))
    Path(__file__).with_name("eval.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" fill="#e6e6e6">\n'
        f'<rect width="100%" height="100%" rx="8" fill="#1e1e24"/>\n{drawn}\n</svg>\n'
    )


def draw(line: str, top: float) -> str:
    """Draw one line of text."""
    parts = [
        f'<rect x="{MARGIN + column * WIDTH:.1f}" y="{top + HEIGHT * BLOCKS[letter][0]:.1f}" '
        f'width="{WIDTH + 0.3:.1f}" height="{HEIGHT * BLOCKS[letter][1] + 0.3:.1f}"/>'
        for column, letter in enumerate(line)
        if letter in BLOCKS
    ]
    column = 0
    for word in line.split(" "):
        if word and not set(word) & set(BLOCKS):
            parts.append(f'<text x="{MARGIN + column * WIDTH:.1f}" y="{top + 13:.1f}">{escape(word)}</text>')
        column += len(word) + 1
    return "".join(parts)


if __name__ == "__main__":
    main()
