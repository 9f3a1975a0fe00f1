"""Compiled templates, kept on disk and made ahead of time, in a process of their own.

Compiling a template takes a twentieth of a second, a large one a third, in which the interpreter
does little else: whoever first opened a page after a start had everybody wait.
"""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

from chameleon.config import CACHE_DIRECTORY
from chameleon.loader import ModuleLoader
from chameleon.template import BaseTemplate, get_pkg_digest
from pyramid_chameleon.zpt import PyramidPageTemplateFile

from communicate.storage.folders import make_private

WHOLE = "whole"  # the file that says of which folders every template is there
NICE = 10  # everything else goes first
log = logging.getLogger(__name__)


def keep(place: Path) -> Path | None:
    """Keep compiled templates under *place* from now on; return the folder for these versions.

    Those of other versions are removed.  It holds code, so it must be nobody else's: otherwise,
    and where Chameleon has been given a folder (``CHAMELEON_CACHE``), nothing changes.
    """
    if CACHE_DIRECTORY is not None:
        return None
    folder = place / f"{sys.implementation.cache_tag}-{get_pkg_digest().hexdigest()}"
    make_private(folder)
    if not (is_ours(place) and is_ours(folder)):
        log.warning("others may write to %s: compiled templates are not kept there", place)
        return None
    for other in place.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    BaseTemplate.loader = ModuleLoader(str(folder))
    return folder


def is_ours(folder: Path) -> bool:
    """Tell whether nobody but this account may write to *folder*."""
    found = folder.lstat()
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022


def fill(folder: Path, packages: Sequence[str]) -> Callable[[], None]:
    """Have another process compile every template of *packages* into *folder*.

    It does nothing where all of them are there.  Return what ends it.
    """
    sources = [str(files(package)) for package in packages]
    if is_whole(folder, sources):
        return lambda: None
    command = [sys.executable, "-W", "ignore", "-m", __name__, str(folder), *sources]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603

    def stop() -> None:
        process.terminate()
        process.wait()

    return stop


def is_whole(folder: Path, sources: Sequence[str]) -> bool:
    """Tell whether every template of the folders *sources* has been compiled into *folder*."""
    try:
        return (folder / WHOLE).read_text(encoding="utf-8").splitlines() == list(sources)
    except FileNotFoundError:
        return False


def compile_all(folder: Path, sources: Sequence[str]) -> int:
    """Compile every template of *sources* into *folder*; return how many there are."""
    BaseTemplate.loader = ModuleLoader(str(folder))
    paths = [path for source in sources for path in sorted(Path(source).rglob("*.pt"))]
    for path in paths:
        try:
            PyramidPageTemplateFile(str(path), macro=None).cook_check()
        except Exception:  # whatever is wrong with it, the page that needs it will tell
            log.debug("%s cannot be compiled", path)
    (folder / WHOLE).write_text("\n".join(sources), encoding="utf-8")
    return len(paths)


if __name__ == "__main__":
    os.umask(0o077)
    os.nice(NICE)
    compile_all(Path(sys.argv[1]), sys.argv[2:])
