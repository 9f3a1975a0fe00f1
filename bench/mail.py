"""E-mail: what comes in, lists as mailboxes grow, searches, imports.

``--only NAME`` measures one figure; the other options make smaller ones.  A part is a module with
``FIGURES``, which maps the name of a figure to a function of the options that returns its value
and its goal; it is imported when one of them is measured.
"""

import argparse
import importlib
import logging
from collections.abc import Iterator
from typing import Any

import harness

PARTS = {
    "receive_vs_files": "mail_receiving",
    "import_vs_parse": "mail_import",
    "list_growth": "mail_store",
    "search_seconds": "mail_store",
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
    parser.add_argument("--messages", type=int, default=2000, help="that come in, each turn")
    parser.add_argument("--large", type=int, default=100_000, help="messages of a large mailbox")
    parser.add_argument("--searched", type=int, default=20_000, help="messages that are searched")
    parser.add_argument("--imported", type=int, default=10_000, help="messages that are imported")
    harness.report("mail", dict(measured(parser.parse_args())))


if __name__ == "__main__":
    main()
