"""Which values every run tries, and which take their turn with the slow tests."""

import pytest


def shortly(value):
    """Return *value* as the short name of a test."""
    return ascii(value)[:40]


def some(values, fast, shown=str):
    """Return *values* as parameters called what *shown* makes of them.

    Those not in *fast* are slow: another of their kind stands for them in every run.
    """
    marks = {True: (), False: pytest.mark.slow}
    return [pytest.param(one, marks=marks[one in fast], id=shown(one)) for one in values]
