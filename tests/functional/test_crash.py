"""kill -9 while eight people post: what was answered with success is there, nothing is torn."""

import http.client
import os
import re
import threading
import time

from communicate.testing.house import House

WRITERS = 8
ENOUGH = 60  # answered posts before the power fails


class TestPosting:
    def test_every_answered_post_is_there_after_a_restart(self, server, password):
        populate(server.folder, password)
        server.start()
        writers = [Writer(server, number, password) for number in range(WRITERS)]
        topic = opened(writers[0].client)
        for writer in writers:
            writer.start(topic)
        wait_until(lambda: sum(len(writer.saved) for writer in writers) >= ENOUGH)
        server.kill()
        for writer in writers:
            writer.join()
        assert [writer.refused for writer in writers if writer.refused] == []
        server.start()
        shown = all_marks(server.client(), topic)
        answered = {mark for writer in writers for mark in writer.saved}
        tried = {mark for writer in writers for mark in writer.sent}
        assert answered <= set(shown), "an answered post is gone"
        assert set(shown) <= tried
        assert len(shown) == len(set(shown)), "a post is there twice"
        assert server.run("doctor")  # raises where a check finds a fault


def populate(folder, password: str) -> None:
    """Make the members of the site in *folder* before it is served: one start, not eight."""
    before = os.umask(0o077)  # as `serve` does
    house = House(folder, ["forums"], {})
    for number in range(WRITERS):
        house.member(f"membre{number}", password=password)
    house.close()
    os.umask(before)


class Writer:
    """A member who replies to a topic until the server is gone."""

    def __init__(self, server, number: int, password: str) -> None:
        self.number = number
        self.client = server.client(f"membre{number}", password)
        self.sent: list[str] = []
        self.saved: list[str] = []
        self.refused = ""

    def start(self, topic: str) -> None:
        self.thread = threading.Thread(target=self.post_until_cut_off, args=(topic,))
        self.thread.start()

    def join(self) -> None:
        self.thread.join(30)
        self.client.close()

    def post_until_cut_off(self, topic: str) -> None:
        for count in range(10_000):
            mark = f"w{self.number}n{count}x"
            self.sent.append(mark)
            try:
                answer = self.client.submit(topic, body=f"Message {mark} de plus")
            except (OSError, http.client.HTTPException):
                return
            if answer.status != 303:
                self.refused = f"{mark} was answered with {answer.status}"
                return
            self.saved.append(mark)


def wait_until(done) -> None:
    """Wait for *done* to be true, at most a minute."""
    until = time.monotonic() + 60
    while not done():
        assert time.monotonic() < until, "too few posts to prove anything"
        time.sleep(0.05)


def opened(client) -> str:
    """Open a topic; return its address without query and fragment."""
    answer = client.submit("/forums/general/new", title="Avant la panne", body="Premier message")
    assert answer.status == 303
    return re.split(r"[?#]", answer.headers["location"])[0]


def all_marks(client, topic: str) -> list[str]:
    """Return the marks of every post of *topic*, page by page."""
    found: list[str] = []
    page: str | None = f"{topic}?after=0000000000000"
    while page:
        text = client.get(page)
        found += re.findall(r"Message (w\dn\d+x) de plus", text.partition("<main")[2])
        more = re.search(
            r'href="([^"]*\?after=\w+)[^"]*" rel="next"|rel="next" href="([^"]*\?after=\w+)', text
        )
        page = (more[1] or more[2]) if more else None
    return found
