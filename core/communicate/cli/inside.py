"""Commands that run inside the serving site: known by their words, before anything is loaded.

Loading what commands do takes two seconds, and the site that serves has done so already.
"""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

from communicate.cli.config import Config
from communicate.serving.lock import NAME as LOCK
from communicate.serving.sockets import connect
from communicate.settings import BadSettings, load

NAMES = """
    member add, member list, member invite, member suspend, member resume, member reset-factors,
    member import, member recount, plugin list, plugin purge, reindex, evolve, pack, doctor,
    keys rotate-master, outbox show, demo, backup make, backup refresh, backup forget, restore,
    privacy inventory, case list, case export
"""
INSIDE = frozenset(" ".join(NAMES.split()).split(", "))


def runs_inside(words: Sequence[str]) -> bool:
    """Tell whether *words* certainly call one of core's commands that open data."""
    if not {"--help", "-h"}.isdisjoint(words):
        return False
    return " ".join(words[:1]) in INSIDE or " ".join(words[:2]) in INSIDE


def serving(config: Config) -> socket.socket | None:
    """Return a connection to the server of *config*, None where there may be more to say.

    That is so where none serves, where core finds a fault in the settings, and where the ini file
    has changed since the server read it: then plugins may find one too.
    """
    run: Path = config.settings["communicate.run"]
    try:
        load(config.merged, config.ini, environ=os.environ, extra_nodes={}, enabled=())
        if config.path.stat().st_mtime_ns > (run / LOCK).stat().st_mtime_ns:
            return None
    except (BadSettings, FileNotFoundError):
        return None
    return connect(run)
