"""Any truth table as a circuit of NAND gates: NAND is universal for computation (chapter 1, "Perceptrons").

First as anybody would write it down: for each input that should give 1 an AND that recognises it, and an OR of
these. Then smaller: nothing is built twice, NOT NOT x is x, and what is always 0 or 1 needs no gate.
"""

from collections.abc import Sequence

from nn.models.chapter.circuit import Circuit
from nn.models.chapter.gates import Builder

ZERO, ONE = -1, -2  # signals that never change


class SharingBuilder(Builder):
    """A builder that adds a gate only where none does its work already."""

    def __init__(self, inputs: int) -> None:
        super().__init__(inputs)
        self.known: dict[tuple[int, int], int] = {}
        self.opposite: dict[int, int] = {ZERO: ONE, ONE: ZERO}

    def nand(self, one: int, other: int) -> int:
        """Give the signal NAND of two signals, with a new gate only if it must be."""
        one, other = sorted((one, other))
        if ZERO in (one, other) or self.opposite.get(one) == other:
            return ONE
        if one == ONE:  # NAND(1, x) is NOT x
            one = other
        if one == other and one in self.opposite:
            return self.opposite[one]
        if (one, other) not in self.known:
            self.known[one, other] = made = super().nand(one, other)
            if one == other:
                self.opposite[one], self.opposite[made] = made, one
        return self.known[one, other]


def direct_circuit(table: Sequence[int]) -> Circuit:
    """Build a table of 2**n outputs, in counting order, as the OR of an AND for each 1: nothing is spared."""
    build = Builder(_inputs(table))
    return build.circuit(_either(build, table))


def simplified(table: Sequence[int]) -> Circuit:
    """Build the same table with fewer gates: the smallest of four ways, each without any gate twice.

    Two write the table as the OR of ANDs again, or ask one input after the other which of two smaller tables holds;
    two do the same for the opposite table, and end with a NOT. None promises the fewest gates that there could be.
    """
    opposite = tuple(1 - output for output in table)
    circuits = []
    for way in (_either, _asked):
        for wanted in (table, opposite):
            build = SharingBuilder(_inputs(table))
            found = way(build, wanted)
            found = found if wanted is table else _not(build, found)
            circuits.append(_without_unused(build, _as_signal(build, found)))
    return min(circuits, key=lambda circuit: len(circuit.neurons))


def _inputs(table: Sequence[int]) -> int:
    return len(table).bit_length() - 1


def _either(build: Builder, table: Sequence[int]) -> int:
    """The OR of an AND for each row that is 1: the NAND of the NANDs of its inputs or their opposites."""
    rows = [row for row, output in enumerate(table) if output]
    if not rows:  # never 1: x and not x
        opposite = build.nand(0, 0)
        return _not(build, build.nand(0, opposite))
    terms = [_row(build, row) for row in rows]
    found = terms[0]
    for term in terms[1:]:
        found = build.nand(_not(build, found), _not(build, term))
    return found


def _row(build: Builder, row: int) -> int:
    """An AND that is 1 for one row only."""
    n = build.inputs
    literals = [place if row >> (n - 1 - place) & 1 else _not(build, place) for place in range(n)]
    found = literals[0]
    for literal in literals[1:]:
        found = _not(build, build.nand(found, literal))
    return found


def _not(build: Builder, signal: int) -> int:
    return build.nand(signal, signal)


def _asked(build: Builder, table: Sequence[int]) -> int:
    """Ask the first input, and take the half of the table that holds: NAND(NAND(x, if 1), NAND(not x, if 0))."""
    if len(set(table)) == 1:
        return ONE if table[0] else ZERO
    x, half = build.inputs - _inputs(table), len(table) // 2
    if_0 = _asked(build, table[:half])
    if tuple(table[:half]) == tuple(table[half:]):
        return if_0
    if all(one != other for one, other in zip(table[:half], table[half:], strict=True)):
        return build.half_add(x, if_0)[0]  # x turns the answer round: exclusive or, the sum of two bits
    return build.nand(build.nand(x, _asked(build, table[half:])), build.nand(_not(build, x), if_0))


def _as_signal(build: Builder, signal: int) -> int:
    """A gate's number also for what never changes: made of an input and its opposite."""
    if signal not in (ZERO, ONE):
        return signal
    always = Builder.nand(build, 0, build.nand(0, 0))
    return Builder.nand(build, always, always) if signal == ZERO else always


def _without_unused(build: Builder, output: int) -> Circuit:
    """The circuit without gates that nothing hears in the end."""
    used, waiting = set(), [output]
    while waiting:
        signal = waiting.pop()
        if signal >= build.inputs and signal not in used:
            used.add(signal)
            waiting += build.neurons[signal - build.inputs].sources
    kept = sorted(used)
    number = {signal: signal for signal in range(build.inputs)}
    number |= {signal: build.inputs + place for place, signal in enumerate(kept)}
    neurons = [build.neurons[signal - build.inputs] for signal in kept]
    renumbered = tuple(neuron._replace(sources=tuple(number[heard] for heard in neuron.sources)) for neuron in neurons)
    return Circuit(build.inputs, renumbered, (number[output],))
