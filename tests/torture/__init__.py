"""Attacks on each promise of the project, measured: `make torture`, or `make torture-gate` in short.

A module is a section, or a part of one. It names its section in ``SECTION`` and has ``results(size)``, an iterator of
Result. Modules without ``results`` are tools of the others. `make test` does not run these; it has small cases of its
own. This is not a pytest suite because pytest reports pass or fail, and these attacks report values and targets.
"""
