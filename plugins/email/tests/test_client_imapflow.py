"""ImapFlow, with which programs written for Node.js read mail."""

import os
import subprocess
import threading
from pathlib import Path

import pytest

from communicate.testing.programs import CLIENTS, needed

from .reading_site import letter

HERE = Path(__file__).with_name("imapflow")
FILES = "package.json", "package-lock.json", ".npmrc"


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    """Return a folder with ImapFlow, the release that is pinned; skip where it cannot be had."""
    npm = needed("npm")
    folder = tmp_path_factory.mktemp("imapflow")
    for name in FILES:
        (folder / name).write_bytes((HERE / name).read_bytes())
    for _attempt in range(3):
        done = subprocess.run(
            [npm, "ci", "--prefer-offline"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if not done.returncode:
            break
    if done.returncode and os.environ.get(CLIENTS) != "1":
        pytest.skip(f"ImapFlow is not to be had: {done.stderr}")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.parametrize("way", ["imap", "imaps"])
def test_a_program_with_imapflow_works_a_day_through(served, place, modules, way):
    node = needed("node", "nodejs")
    place.put(letter("Un"), letter("Deux"), letter("=?utf-8?q?=C3=89t=C3=A9?=", "Là-bas."))
    process = subprocess.Popen(
        [
            *(node, str(HERE / "day.mjs"), str(modules), "localhost", str(served.port(way))),
            *("yes" if way == "imaps" else "no", place.login, str(place.certificate)),
        ],
        env={"PATH": "/usr/bin:/bin", "SECRET": place.secret},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    stop = threading.Timer(120, process.kill)
    stop.start()
    with process:
        said = process.stdout.readline()
        if said == "waiting\n":
            place.put(letter("Trois"))
        said += process.stdout.read()
    stop.cancel()
    assert said == "waiting\ndone\n", said
    webmail = place.webmail()
    assert webmail.subjects() == ["Trois", "Été", "Un"]
    assert webmail.marks("Un") == {"unread", "starred"}
    assert webmail.subjects("L’été & co") == ["Un"]
    assert webmail.subjects("Archives") == ["Deux"]
    assert "Passager" not in webmail.folders()
