"""The disk: transfers against plain servers, and folders as they grow.

``--only NAME`` measures one figure; ``--megabytes`` and ``--entries`` make smaller ones.  A part
is a module with ``FIGURES``, which maps the name of a figure to a function of the options that
returns its value and its goal; it is imported when one of them is measured.
"""

import argparse
import importlib
import logging
from collections.abc import Iterator
from typing import Any

import harness

PARTS = {
    "upload_vs_apache": "disk_uploads",
    "dav_put_vs_apache": "disk_dav",
    "download_vs_nginx": "disk_downloads",
    "memory_mb": "disk_memory",  # after those whose memory it tells
    "folder_growth": "disk_folders",
    "audience_growth": "disk_folders",
    "propfind_vs_fs": "disk_dav",
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
    parser.add_argument("--megabytes", type=int, default=512, help="of the file that is sent")
    parser.add_argument("--entries", type=int, default=100_000, help="of the large folder")
    harness.report("disk", dict(measured(parser.parse_args())))


if __name__ == "__main__":
    main()
