"""kill -9 while eight people post: whatever was answered with success is there, and nothing is torn."""

import http.client
import re
import threading
import time

import pytest

WRITERS = 8


class TestPosting:
    def test_every_answered_post_is_there_after_a_restart(self, server, password):
        server.start()
        for number in range(WRITERS):
            server.member(f"membre{number}", password)
        clients = [server.client(f"membre{number}", password) for number in range(WRITERS)]
        topic = opened(clients[0])
        saved: list[list[str]] = [[] for _ in clients]
        sent: list[list[str]] = [[] for _ in clients]
        threads = [
            threading.Thread(
                target=post_until_cut_off, args=(clients[n], topic, n, sent[n], saved[n])
            )
            for n in range(WRITERS)
        ]
        for thread in threads:
            thread.start()
        time.sleep(3)
        server.kill()
        for thread in threads:
            thread.join(30)
        server.start()
        shown = all_marks(server.client(), topic)
        answered = {mark for marks in saved for mark in marks}
        tried = {mark for marks in sent for mark in marks}
        assert len(answered) > WRITERS, "too few posts to prove anything"
        assert answered <= set(shown), "an answered post is gone"
        assert set(shown) <= tried
        assert len(shown) == len(set(shown)), "a post is there twice"
        assert "torn" not in server.run("doctor")


def opened(client) -> str:
    """Open a topic; return its address without query and fragment."""
    answer = client.submit("/forums/general/new", title="Avant la panne", body="Premier message")
    assert answer.status == 303
    return re.split(r"[?#]", answer.headers["location"])[0]


def post_until_cut_off(client, topic: str, writer: int, sent: list[str], saved: list[str]) -> None:
    """Reply to *topic* until the server is gone."""
    for number in range(10_000):
        mark = f"w{writer}n{number}x"
        try:
            sent.append(mark)
            answer = client.submit(topic, body=f"Message {mark} de plus")
        except (OSError, http.client.HTTPException):
            return
        if answer.status == 303:
            saved.append(mark)
        else:
            pytest.fail(f"{mark} was answered with {answer.status}")


def all_marks(client, topic: str) -> list[str]:
    """Return the marks of every post of *topic*, page by page."""
    found: list[str] = []
    page: str | None = f"{topic}?after=0000000000000"
    while page:
        text = client.get(page)
        found += re.findall(r"Message (w\dn\d+x) de plus", text)
        more = re.search(
            r'href="([^"]*\?after=\w+)[^"]*" rel="next"|rel="next" href="([^"]*\?after=\w+)', text
        )
        page = (more[1] or more[2]) if more else None
    return found
