"""How often pages are opened, by day and kind of page: nothing of any person, and no cookie.

A request adds one to a number in memory (`counting`); now and then, and when the server stops,
the numbers are added to those in the tree (`services`).
"""

from typing import Any

from pyramid.config import Configurator
from pyramid.events import NewResponse


def includeme(config: Configurator) -> None:
    """Count every page that is answered, and name the address of the chart."""
    from communicate.statistics.counting import Counter

    registry: Any = config.registry
    registry.communicate_counter = counter = Counter(registry)
    config.add_subscriber(counter.heard, NewResponse)
    config.add_route("operate_statistics", "/operate/statistics")
