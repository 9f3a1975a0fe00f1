"""Comments, articles, messages: their pages as they grow, and news without a reload.

``--only NAME`` measures one figure; ``--messages``, ``--articles`` and ``--connected`` make
smaller sites.  A part is a module with ``FIGURES``, which maps the name of a figure to a function
of the options that returns its value and its goal; it is imported when one of them is measured.
"""

import argparse
import importlib
import logging
from collections.abc import Iterator
from typing import Any

import harness

PARTS = {
    "article_vs_bare": "words_articles",
    "conversation_growth": "words_messages",
    "articles_sparse": "words_articles",
    "live_kept": "words_live",
    "live_delay": "words_live",
}
Figure = tuple[float, str]


def measured(options: Any) -> Iterator[tuple[str, Figure]]:
    """Yield each figure that is asked for."""
    for name, part in PARTS.items():
        if options.only in (None, name):
            yield name, importlib.import_module(part).FIGURES[name](options)


def main() -> None:
    """Measure what is asked for."""
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="the one figure to measure")
    parser.add_argument("--messages", type=int, default=100_000, help="of the long conversation")
    parser.add_argument("--articles", type=int, default=100_000, help="on the site")
    parser.add_argument("--connected", type=int, default=2_000, help="members with a page open")
    harness.report("words", dict(measured(parser.parse_args())))


if __name__ == "__main__":
    main()
