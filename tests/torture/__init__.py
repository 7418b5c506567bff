"""The project attacked on purpose, with a figure for each promise: `make torture`, or `make torture-gate` in short.

A module is a section, or a part of one: it names it in ``SECTION`` and has ``figures(size)``, an iterator of Figure.
Modules without ``figures`` are tools of the others. ``make test`` does not come here, it has small cases of its own.
"""
