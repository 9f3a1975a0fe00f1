"""One site with a listener, for all tests of a module: pages without a browser or a process."""

import json
import re
import time
from functools import cached_property
from itertools import count

import pytest
from websockets.sync.client import connect

from communicate.live import listener
from communicate.live.interfaces import ILive
from communicate.live.serving import Live
from communicate.serving.sockets import bind
from communicate.testing.house import House

ORIGIN = "http://localhost"
TOKEN = re.compile('name="csrf_token" value="([^"]+)"')


class Town:
    """A house whose open pages wait for news."""

    def __init__(self, folder):
        self.house = House(folder, ["forums"], {"communicate.limits.live": "1000/minute"})
        self.registry = self.house.registry
        self.hub = self.registry.communicate_live
        bound = bind("127.0.0.1:0")
        self.port = bound.getsockname()[1]
        self.live = Live(self.registry, bound).start()
        self._numbers = count(1)

    def close(self):
        self.live.stop()
        self.house.close()

    def member(self):
        """Return uid and browser of a new member."""
        login = f"member{next(self._numbers)}"
        return self.house.member(login), self.house.browser(login)

    @cached_property
    def someone(self):
        """The browser of a member, for tests that end no session."""
        return self.member()[1]

    def ticket(self, browser, since=0, status=200):
        """Return what the site answers who asks for a ticket, in the form it has."""
        token = TOKEN.search(browser.get("/notices").text)
        form = {"csrf_token": token and token[1], "since": str(since)}
        return browser.post("/live/ticket", form, status=status)

    def connect(self, ticket, *, origin=ORIGIN, path="/live", protocols=None, **more):
        """Return what opens a WebSocket with *ticket*, or raises what refuses it."""
        protocols = ["communicate.live", ticket] if protocols is None else protocols
        address = f"ws://127.0.0.1:{self.port}{path}"
        return connect(address, origin=origin, subprotocols=protocols, compression=None, **more)

    def page(self, browser, since=None):
        """Return what opens a WebSocket of *browser*, for a page that is new."""
        since = int(time.time() * 1000) if since is None else since
        return self.connect(self.ticket(browser, since).json["ticket"])

    def tell(self, *uids, what="messages.message", number=7):
        """Tell members *uids* that there is something."""
        self.house.work(lambda request: request.find_service(ILive).tell(uids, what, number))

    def shows(self, count):
        """Tell whether that many connections are there, soon."""
        return soon(lambda: self.hub.count == count)


def soon(true, seconds=5.0):
    """Return whether *true* comes true within *seconds*."""
    until = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < until:
        time.sleep(0.01)
    return found


def hears(socket, timeout=5.0):
    """Return the next thing that is told."""
    return json.loads(socket.recv(timeout))


def silence(socket):
    """Return whether nothing is told for a moment."""
    try:
        socket.recv(0.2)
    except TimeoutError:
        return True
    return False


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Yield a town of one's own module."""
    town = Town(tmp_path_factory.mktemp("town"))
    yield town
    town.close()


@pytest.fixture(scope="module")
def hasty(tmp_path_factory):
    """Yield a town where what comes round every minute comes round at once."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("REVIEW", "PING", "HANDSHAKE"):
            patch.setattr(listener, name, 0.3)
        town = Town(tmp_path_factory.mktemp("hasty"))
        yield town
        town.close()
