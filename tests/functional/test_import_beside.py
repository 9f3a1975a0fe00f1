"""An archive is imported beside a serving site, which goes on serving; cut off, it goes on."""

import signal
import subprocess
import sys
import time

import pytest

from communicate.testing.house import PASSWORD
from communicate.testing.server import COMMAND, Server

pytestmark = pytest.mark.slow  # a process is cut off in the middle
COUNT = 1_200
MESSAGE = """From a@example.org Mon Jan  1 10:00:00 2001
From: Jeanne {author} <jeanne{author}@example.org>
Subject: Sujet {topic}
Date: Thu, 3 Mar 2011 10:{minute:02}:00 +0100
Message-ID: <m{number}@example.org>
{answers}
> Bonjour

Oui, et un mot rare : quincaillerie.

"""


def archive(path):
    """Write an mbox of topics with ten messages each."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(COUNT):
            topic, place = divmod(number, 10)
            answers = f"In-Reply-To: <m{number - 1}@example.org>\n" if place else ""
            values = {"author": number % 7, "topic": topic, "minute": place, "number": number}
            file.write(MESSAGE.format(answers=answers, **values))
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Return a serving site with a member, and an archive beside it."""
    with Server(tmp_path_factory.mktemp("site"), "forums") as server:
        server.member("vera", PASSWORD)
        archive(server.folder / "list.mbox")
        yield server


def begin(server):
    """Begin an import as a person does."""
    words = ["forum", "import-mbox", "general", "list.mbox", "--config", str(server.ini)]
    return subprocess.Popen(
        [COMMAND, *words],
        cwd=server.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_site_goes_on_serving_and_a_cut_off_import_goes_on(server):
    client = server.client("vera", PASSWORD)
    process = begin(server)
    pages, posted = 0, 0
    while process.poll() is None:
        assert 'href="/forums/general"' in client.get("/forums")
        pages += 1
        if pages == 2:
            answer = client.submit("/forums/general/new", title="Pendant", body="Ce temps")
            posted += answer.status == 303
        if "Sujet" in client.get("/forums/general"):
            process.send_signal(signal.SIGKILL)
    process.communicate()
    assert posted == 1 or pages < 2
    until = time.monotonic() + 60
    while True:
        # What was cut off may be writing its last messages still.
        done = begin(server)
        out, err = done.communicate(timeout=120)
        assert (done.returncode, err) == (0, "")
        if " 0 of them to import" in out or time.monotonic() > until:
            break
    assert f"{COUNT:,} left out: they were imported before." in out, out
    found = client.get("/search?q=quincaillerie")
    assert "plus de 500" in found.casefold() or "more than 500" in found.casefold()
    assert "quincaillerie</mark>" in found


@pytest.mark.skipif(sys.platform != "linux", reason="script(1) of util-linux")
def test_a_terminal_is_shown_a_bar(server):
    (server.folder / "one.mbox").write_text(
        MESSAGE.format(author=1, topic="un", minute=1, number="one", answers="")
    )
    words = f"{COMMAND} forum import-mbox general one.mbox --config {server.ini}"
    done = subprocess.run(
        ["script", "-qec", words, "/dev/null"], cwd=server.folder, capture_output=True, text=True
    )
    assert "Importing  [" in done.stdout
    assert "1/1" in done.stdout
