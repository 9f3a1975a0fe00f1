"""Erase an account in a process that is killed after each step in turn.

Usage: killed.py FOLDER.  For each step a child boots a site in ``FOLDER/<step>``, writes a marker
into every store, erases its author, and kills itself with SIGKILL as soon as the step is done.
The number of the account is left in ``FOLDER/<step>/uid``.
"""

import os
import signal
import sys
from functools import partial
from pathlib import Path

from communicate.catalog import Entry
from communicate.erasure import declared, jobs
from communicate.erasure.services import ErasureService
from communicate.erasure.steps import STEPS
from communicate.interfaces import IAuthored, ICatalog, IMailer, ISeals
from communicate.outbox.runner import run_due
from communicate.testing.house import House

MARKER = "marqueurtue90b2"  # one word, as the catalog would keep it
ITEM = 1 << 50


def plant(request, uid):
    """Let the member *uid* have something in every store."""
    root = request.root_map
    root["note"] = request.find_service(ISeals).seal(uid, "note", MARKER)
    request.find_service(IAuthored).add(uid, "communicate.note", ITEM)
    request.find_service(ICatalog).put(
        Entry(ITEM, "communicate.note", ITEM, ("public",), ("note",), 0, author=uid, words=MARKER)
    )
    request.find_service(IMailer).queue("rose@example.org", MARKER, MARKER, owner=uid)


def kill_after(wanted, step):
    """End this process without any farewell once *wanted* is done."""
    if step == wanted:
        os.kill(os.getpid(), signal.SIGKILL)


def erase_and_die(folder, step):
    """Boot, plant, erase, and be killed after *step*."""
    house = House(folder, [], {})
    uid = house.member("rose")
    (folder / "uid").write_text(str(uid))
    house.work(lambda request: plant(request, uid))
    after = partial(kill_after, step)
    house.work(lambda request: ErasureService(request, after).start(uid))
    declared.handle = partial(jobs.handle, after=after)
    run_due(house.registry)


def main():
    """Fork one child for each step, before anything has started a thread."""
    folder = Path(sys.argv[1])
    for step in STEPS:
        child = os.fork()
        if not child:
            try:
                erase_and_die(folder / step, step)
            finally:
                os._exit(1)
        _pid, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            sys.exit(f"nothing was killed after {step}")


if __name__ == "__main__":
    main()
