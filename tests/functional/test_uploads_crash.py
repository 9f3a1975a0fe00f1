"""kill -9 in the middle of twenty uploads: nothing torn is seen, and each goes on to its end."""

import base64
import http.client
import os
import re
import threading
import time

import pytest

from communicate.interfaces import IQuota
from communicate.testing.client import fields_of
from communicate.testing.house import House
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.uploads.services import folder_of

COUNT = 20
HOME = "/members/ines/disk"
PART = {"Content-Type": "application/offset+octet-stream"}
GONE = (http.client.HTTPException, OSError)


class Sender:
    """Sends one file, part after part, until it is there or the server is gone."""

    def __init__(self, name, size, part, cookies):
        self.name, self.part, self.cookies = name, part, cookies
        self.data = os.urandom(size)
        self.address = ""
        self.confirmed = 0
        self.refused = ""
        self.whole = False

    def start(self, server, token):
        self.client = server.client()
        self.client.cookies.update(self.cookies)
        self.headers = {"Tus-Resumable": "1.0.0", "X-CSRF-Token": token}
        self.thread = threading.Thread(target=self.send)
        self.thread.start()

    def send(self):
        try:
            while not self.whole and not self.refused:
                self.step()
        except GONE:
            pass

    def ask(self, method, address, *wanted, body=None, **headers):
        answer = self.client.ask(method, address, body, **self.headers, **headers)
        if answer.status not in wanted:
            self.refused = f"{method} {address}: {answer.status} {answer.text[:200]}"
        return answer

    def step(self):
        size = len(self.data)
        if not self.address:
            said = base64.b64encode(self.name.encode()).decode()
            given = {"Upload-Length": str(size), "Upload-Metadata": f"filename {said}"}
            begun = self.ask("POST", f"{HOME}/uploads", 201, **given)
            self.address = begun.headers.get("location", "")
            return
        there = self.ask("HEAD", self.address, 200, 423)
        offset = int(there.headers.get("upload-offset", "0"))
        if there.status == 200 and offset < self.confirmed:
            self.refused = f"{offset} bytes are left of {self.confirmed}"
        while offset < size and not self.refused:
            body = self.data[offset : offset + self.part]
            given = {**PART, "Upload-Offset": str(offset)}
            if self.ask("PATCH", self.address, 204, body=body, **given).status == 204:
                offset = self.confirmed = offset + len(body)
        self.whole = offset == size


class Crowd:
    """Twenty senders of one member."""

    def __init__(self, server, size, part, password):
        before = os.umask(0o077)
        house = House(server.folder, ["vdisk"], {})
        house.member("ines", password=password)
        house.close()
        os.umask(before)
        server.configure("vdisk", **{"vdisk.part": "8 MB"})
        server.start()
        client = server.client("ines", password)
        self.token = fields_of(client.get("/disk"), "csrf_token")["csrf_token"]
        client.post("/disk/begin", {"csrf_token": self.token})
        self.server, self.client = server, client
        self.senders = [
            Sender(f"{number}.bin", size, part, client.cookies) for number in range(COUNT)
        ]

    def go_on(self, enough):
        """Send until *enough* bytes are confirmed and the server is killed, or to the end."""
        for sender in self.senders:
            if not sender.whole:
                sender.start(self.server, self.token)
        if enough is not None:
            until = time.monotonic() + 120
            while sum(sender.confirmed for sender in self.senders) < enough:
                assert time.monotonic() < until
                time.sleep(0.005)
            self.server.kill()
        for sender in self.senders:
            sender.thread.join()
        assert [sender.refused for sender in self.senders if sender.refused] == []

    def shown(self):
        """Return the bytes of each file that the page of the disk shows, by name."""
        self.client.close()  # the server that it spoke to may be gone
        page = self.client.get(HOME)
        found = {}
        for address, name in re.findall(r'class="row-title"[^>]*href="([^"]+)">([^<]+)<', page):
            self.client.connection.request(
                "GET",
                f"{address}/download",
                headers={"Cookie": "; ".join(f"{k}={v}" for k, v in self.client.cookies.items())},
            )
            found[name] = self.client.connection.getresponse().read()
        return found


def check(crowd):
    """What is shown is whole; the quota counts it, and what is on its way."""
    data = {sender.name: sender.data for sender in crowd.senders}
    for name, found in crowd.shown().items():
        assert found == data[name], f"{name} is torn"
    assert crowd.server.run("doctor")  # raises where a check finds a fault, a drifted count too


@pytest.mark.parametrize(
    ("size", "part", "kills"),
    [(300_000, 50_000, 1), pytest.param(9_000_000, 700_000, 3, marks=pytest.mark.slow)],
)
def test_nothing_torn_is_seen_and_each_goes_on(server, password, size, part, kills):
    crowd = Crowd(server, size, part, password)
    for number in range(1, kills + 1):
        crowd.go_on(COUNT * size * number // (kills + 2))
        server.start()
        check(crowd)
    crowd.go_on(None)
    check(crowd)
    assert len(crowd.shown()) == COUNT
    server.stop()
    house = House(server.folder, ["vdisk"], {})
    try:
        assert house.work(used) == COUNT * size
        assert list(folder_of(house.registry).glob("*.part")) == []
    finally:
        house.close()


def used(request):
    disk = request.site["members"]["ines"]["disk"]
    uid = request.find_service(IDisk).find(next(iter(disk.names.values()))).owner
    return request.find_service(IQuota).used(uid)
