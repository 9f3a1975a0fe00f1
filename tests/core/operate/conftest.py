"""A house with an operator, Claire, and a member, Rose."""

import pytest


@pytest.fixture
def claire(house):
    """Return the browser of the operator."""
    house.member("claire", "operators")
    return house.browser("claire")


@pytest.fixture
def rose(house):
    """Return the uid of a member."""
    return house.member("rose")
