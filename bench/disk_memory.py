"""How far memory rises in transfers: each notes it in `disk_site.GROWN`."""

import importlib
import sys
from typing import Any

import disk_site

TRANSFERS = {
    "upload_vs_apache": "disk_uploads",
    "dav_put_vs_apache": "disk_dav",
    "download_vs_nginx": "disk_downloads",
}


def memory_mb(options: Any) -> tuple[float, str]:
    """Return the most MB by which memory rose in any transfer; what was not done yet is done."""
    for name, part in TRANSFERS.items():
        if name not in disk_site.GROWN:
            importlib.import_module(part).FIGURES[name](options)
    print(f"memory: {disk_site.GROWN}", file=sys.stderr)
    return max(disk_site.GROWN[name] for name in TRANSFERS), "<=100"


FIGURES = {"memory_mb": memory_mb}
