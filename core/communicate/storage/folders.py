"""Folders that only the site's own account may open."""

from pathlib import Path


def make_private(folder: Path) -> None:
    """Make *folder* and what leads to it where missing, each new one with mode 0700."""
    if not folder.exists():
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
