"""kill -9 between any two steps of an erasure: the next start completes it."""

import subprocess
import sys
from pathlib import Path

import pytest

from communicate.erasure import jobs
from communicate.erasure.steps import LEDGER, STEPS
from communicate.interfaces import IErasure, IKeyRing, IMembers, ISeals
from communicate.outbox.runner import Runner, run_due
from communicate.storage.pack import pack
from communicate.stores import stores_of

MARKER = b"marqueurtue90b2"


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Return the folder with one site for each step, each killed right after it."""
    folder = tmp_path_factory.mktemp("killed")
    program = Path(__file__).with_name("killed.py")
    command = [sys.executable, "-W", "ignore", str(program), str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert holding(folder / LEDGER / "var") != []  # what the marker proves to be gone was there
    return folder


def holding(var):
    """Return the names of the files under *var* that hold the marker in clear."""
    return [path.name for path in var.rglob("*") if path.is_file() and MARKER in path.read_bytes()]


@pytest.mark.slow  # a site for each step
@pytest.mark.parametrize("step", STEPS)
def test_killed_after_any_step_it_completes(killed, make_house, step):
    house = make_house([], folder=killed / step)
    uid = int((killed / step / "uid").read_text())
    jobs.replay(house.registry)
    runner = Runner(house.registry, threads=1, alone=True)
    runner.start()
    runner.stop(30)
    run_due(house.registry)

    def look(request):
        erasure = request.root_map["erasures"].by_uid[uid]
        return {
            "unfinished": [name for name in STEPS if name not in erasure.states],
            "finished": erasure.finished is not None,
            "key": request.find_service(IKeyRing).holds(uid),
            "member": request.find_service(IMembers).by_uid(uid, closed=True),
            "note": request.find_service(ISeals).text(request.root_map["note"]),
            "authored": uid in request.root_map["authored"].by_member,
            "jobs": list(request.root_map["outbox"].of_owner(uid, 10)),
            "again": request.find_service(IErasure).start(uid),
        }

    assert house.work(look) == {
        "unfinished": [],
        "finished": True,
        "key": False,
        "member": None,
        "note": None,
        "authored": False,
        "jobs": [],
        "again": "",
    }
    pack(stores_of(house.registry))
    assert holding(house.registry.settings["communicate.var"]) == []
