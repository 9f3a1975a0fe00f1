"""kill -9 while a thousand messages come in: every one that was promised is there."""

import os
import re
import smtplib
import threading
import time
from collections import Counter

import pytest

from communicate.testing.house import House
from communicate.testing.server import Server, free_port
from communicate_email.store import rows
from communicate_email.store.boxes import account_of
from communicate_email.store.reading import Reading

pytestmark = pytest.mark.slow

COUNT, THREADS = 1000, 10
NUMBER = re.compile(rb"\r\nSubject: number (\d+)\r\n")


class Senders:
    """Ten that send a hundred messages each, once more until each was promised."""

    def __init__(self, port):
        self.port = port
        self.promised = set()
        self.unexpected = []

    def go_on(self, enough, kill):
        """Send until *enough* are promised and *kill* was called, or to the end."""
        threads = [threading.Thread(target=self.send, args=(first,)) for first in range(THREADS)]
        for thread in threads:
            thread.start()
        last = time.monotonic() + 300
        while len(self.promised) < enough:
            assert time.monotonic() < last
            time.sleep(0.005)
        kill()
        for thread in threads:
            thread.join()

    def send(self, first):
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as client:
                for number in range(first, COUNT, THREADS):
                    if number not in self.promised:
                        client.sendmail("ada@example.net", ["ines@localhost"], message(number))
                        self.promised.add(number)
        except (OSError, smtplib.SMTPServerDisconnected):
            pass
        except smtplib.SMTPException as error:
            self.unexpected.append(error)


def message(number):
    """Return a message of 4 KB that says its number."""
    head = f"From: ada@example.net\r\nSubject: number {number}\r\n\r\n"
    return (head + "Sous le tilleul.\r\n" * 220).encode()


def stored(folder, uid):
    """Return how often each number is in the mailbox of *uid*."""

    def read(request):
        account = account_of(request, uid)
        reading = Reading(request, account)
        raws = (reading.raw(row.id) for row in rows.every(account.box("inbox")))
        return Counter(int(NUMBER.search(raw)[1]) for raw in raws)

    house = House(folder, ["email"], {})
    try:
        return house.work(read)
    finally:
        house.close()


def test_every_promise_is_kept(tmp_path):
    port = free_port()
    server = Server(
        tmp_path / "site",
        "email",
        **{
            "email.smtp": f"127.0.0.1:{port}",
            "email.senders": "off",
            "email.smtp_messages": "100000/hour",
        },
    )
    before = os.umask(0o077)
    house = House(server.folder, ["email"], {})
    uid = house.member("ines")
    house.close()
    os.umask(before)
    senders = Senders(port)
    doubled = 0
    try:
        for enough in (300, 650):
            server.start()
            senders.go_on(enough, server.kill)
            found = stored(server.folder, uid)
            assert senders.promised <= set(found)
            doubled += THREADS  # what was kept, and not promised any more, is sent again
            assert sum(found.values()) <= len(senders.promised) + doubled
        server.start()
        senders.go_on(COUNT, lambda: None)
    finally:
        server.stop()
    assert senders.unexpected == []
    found = stored(server.folder, uid)
    assert set(found) == set(range(COUNT))
    assert sum(found.values()) <= COUNT + doubled
