"""Compile truth tables to circuits of NAND gates: NAND is universal for computation (chapter 1, "Perceptrons").

The direct circuit is the OR of an AND for each input that should give 1. The simplified one shares equal gates, uses
NOT NOT x = x, and has no gates for constants.
"""

from collections.abc import Sequence

from nndigits.models.chapter.circuit import Builder, Circuit

ZERO, ONE = -1, -2
"""The numbers of the constant signals."""


class SharingBuilder(Builder):
    """A builder that adds a gate only if no equivalent one exists."""

    def __init__(self, inputs: int) -> None:
        super().__init__(inputs)
        self.gates: dict[tuple[int, int], int] = {}
        self.negated: dict[int, int] = {ZERO: ONE, ONE: ZERO}

    def nand(self, one: int, other: int) -> int:
        """Return the NAND of two signals, with a new gate only if necessary."""
        one, other = sorted((one, other))
        if ZERO in (one, other) or self.negated.get(one) == other:
            return ONE
        if one == ONE:  # NAND(1, x) is NOT x
            one = other
        if one == other and one in self.negated:
            return self.negated[one]
        if (one, other) not in self.gates:
            self.gates[one, other] = gate = super().nand(one, other)
            if one == other:
                self.negated[one], self.negated[gate] = gate, one
        return self.gates[one, other]


def direct_circuit(table: Sequence[int]) -> Circuit:
    """Compile a table of 2**n outputs, in counting order, to the OR of an AND for each 1, without simplification."""
    build = Builder(_inputs(table))
    return build.circuit(_or_of_ands(build, table))


def simplified(table: Sequence[int]) -> Circuit:
    """Compile the same table to fewer gates: the smallest of four circuits without duplicate gates.

    They are the OR of ANDs and the Shannon expansion of the table, and both for the negated table, followed by a NOT.
    The result need not have the smallest possible number of gates.
    """
    negated = tuple(1 - output for output in table)
    circuits = []
    for compile_table in (_or_of_ands, _shannon_expansion):
        for target in (table, negated):
            build = SharingBuilder(_inputs(table))
            output = compile_table(build, target)
            output = output if target is table else _not(build, output)
            circuits.append(_without_unused(build, _as_signal(build, output)))
    return min(circuits, key=lambda circuit: len(circuit.neurons))


def _inputs(table: Sequence[int]) -> int:
    """Return the number of inputs of a table."""
    return len(table).bit_length() - 1


def _or_of_ands(build: Builder, table: Sequence[int]) -> int:
    """Return the OR of an AND for each row that is 1. An OR is the NAND of the negated signals."""
    rows = [row for row, output in enumerate(table) if output]
    if not rows:  # never 1: x and not x
        negated = build.nand(0, 0)
        return _not(build, build.nand(0, negated))
    terms = [_row(build, row) for row in rows]
    result = terms[0]
    for term in terms[1:]:
        result = build.nand(_not(build, result), _not(build, term))
    return result


def _row(build: Builder, row: int) -> int:
    """Return an AND that is 1 for one row only."""
    n = build.inputs
    literals = [signal if row >> (n - 1 - signal) & 1 else _not(build, signal) for signal in range(n)]
    result = literals[0]
    for literal in literals[1:]:
        result = _not(build, build.nand(result, literal))
    return result


def _not(build: Builder, signal: int) -> int:
    return build.nand(signal, signal)


def _shannon_expansion(build: Builder, table: Sequence[int]) -> int:
    """Return the Shannon expansion by the first input x: NAND(NAND(x, f if x = 1), NAND(NOT x, f if x = 0))."""
    if len(set(table)) == 1:
        return ONE if table[0] else ZERO
    x, half = build.inputs - _inputs(table), len(table) // 2
    if_0 = _shannon_expansion(build, table[:half])
    if tuple(table[:half]) == tuple(table[half:]):
        return if_0
    if all(one != other for one, other in zip(table[:half], table[half:], strict=True)):
        return build.half_add(x, if_0)[0]  # x negates f: exclusive or, the sum of two bits
    return build.nand(build.nand(x, _shannon_expansion(build, table[half:])), build.nand(_not(build, x), if_0))


def _as_signal(build: Builder, signal: int) -> int:
    """Return a signal, with gates for a constant: NAND(x, NOT x) is always 1."""
    if signal not in (ZERO, ONE):
        return signal
    one = Builder.nand(build, 0, build.nand(0, 0))
    return Builder.nand(build, one, one) if signal == ZERO else one


def _without_unused(build: Builder, output: int) -> Circuit:
    """Return the circuit without the gates that the output does not depend on."""
    used, waiting = set(), [output]
    while waiting:
        signal = waiting.pop()
        if signal >= build.inputs and signal not in used:
            used.add(signal)
            waiting += build.neurons[signal - build.inputs].sources
    kept = sorted(used)
    number = {signal: signal for signal in range(build.inputs)}
    number |= {signal: build.inputs + index for index, signal in enumerate(kept)}
    neurons = [build.neurons[signal - build.inputs] for signal in kept]
    renumbered = tuple(neuron._replace(sources=tuple(number[one] for one in neuron.sources)) for neuron in neurons)
    return Circuit(build.inputs, renumbered, (number[output],))
