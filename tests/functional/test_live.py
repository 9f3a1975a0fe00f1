"""`serve` tells open pages what is new, and ends them with their sessions and its own end."""

import signal
import socket
import time

import pytest

from communicate.testing.house import PASSWORD, House
from communicate.testing.live import Ears, ticket
from communicate.testing.server import Server


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A served site with two members, whose open pages wait for news."""
    folder = tmp_path_factory.mktemp("live")
    house = House(folder, ["forums"], {})
    for login in ("chloe", "denis"):
        house.member(login)
    house.close()
    with Server(folder, live_listen="127.0.0.1:0") as server:
        yield server


@pytest.fixture(scope="module")
def chloe(site):
    """A browser of Chloé, who has no notices left to be told of."""
    client = site.client("chloe", PASSWORD)
    time.sleep(1)
    return client


def figure(site, name):
    text = site.client().ask("GET", "/metrics").text
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(name))


def next_notice(ears):
    while (heard := ears.hear())["what"] != "notices":
        pass
    return heard


class TestServe:
    @pytest.mark.slow
    def test_an_answer_reaches_the_author_of_the_topic(self, site, chloe):
        topic = chloe.submit("/forums/general/new", title="Le tilleul", body="Il penche.")
        denis = site.client("denis", PASSWORD)
        with Ears(chloe, int(time.time() * 1000)) as ears:
            denis.submit(topic.headers["location"], body="Oui, il penche.")
            heard = next_notice(ears)
            assert set(heard) == {"what", "id"}
            assert figure(site, "communicate_live_connections") == 1

    def test_a_command_ends_what_is_open(self, site, chloe):
        with Ears(chloe) as ears:
            site.run("member", "suspend", "chloe")
            assert ears.closed() == 4001
        with pytest.raises(RuntimeError):
            ticket(chloe)

    def test_doctor_finds_nothing(self, site):
        for path in (site.folder / "var").rglob("*"):  # made by this test, not by the server
            path.chmod(path.stat().st_mode & ~0o077)
        assert "ok   News on open pages" in site.run("doctor")

    def test_the_log_holds_no_ticket(self, site):
        denis = site.client("denis", PASSWORD)
        made = ticket(denis)
        with Ears(denis):
            assert made["ticket"][:20] not in site.log()
        logs = "".join(path.read_text() for path in site.folder.rglob("*.log*"))
        assert made["ticket"][:20] not in logs
        assert "Sec-WebSocket" not in logs

    def test_it_stops_at_once_and_says_goodbye(self, site):
        denis = site.client("denis", PASSWORD)
        with Ears(denis) as ears:
            process = site.process
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert ears.closed() == 1001
        assert process.wait(30) == 0
        assert time.monotonic() - began < 15
        assert "Traceback" not in site.log()


class TestTaken:
    @pytest.mark.slow
    def test_an_address_that_is_taken_is_said_in_a_sentence(self, server):
        with socket.create_server(("127.0.0.1", 0)) as other:
            server.configure("", live_listen=f"127.0.0.1:{other.getsockname()[1]}")
            with pytest.raises(RuntimeError, match="Cannot listen on"):
                server.start()
        assert "Traceback" not in server.log()
