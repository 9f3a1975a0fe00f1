"""The gateway that sends: the ways of the settings, a runner in a thread, and what comes back."""

import threading
from functools import partial
from pathlib import Path
from typing import Any

from communicate.storage.work import work
from communicate_sms.brought import Brought
from communicate_sms.incoming import take_in
from communicate_sms.queue import Queue
from communicate_sms.runner import Runner
from communicate_sms.transports.passing import Incoming, Receipt
from communicate_sms.ways import made

RECEIPTS = "/texting/receipts/"


class Unknown(Exception):
    """Nothing here belongs to what an operator brought: it may bring it once more."""


class Server:
    """Whoever sends, in a thread of its own."""

    def __init__(self, registry: Any) -> None:
        settings = registry.settings
        ways = settings["sms.ways"]
        told = partial(tell, registry)
        here = Path(settings["communicate.var"])
        self.transports = {way.name: made(way, here, told) for way in ways}
        self.runner = Runner(
            registry, self.transports, {way.name: way.sender for way in ways}, _receipts(settings)
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self.runner.serve, args=(self._stop,), name="communicate-sms", daemon=True
        )

    def start(self) -> "Server":
        """Begin to send."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Settle what is on its way, and end the sessions."""
        self._stop.set()
        self.runner.wake()
        self._thread.join()
        for each in self.transports.values():
            each.stop()


def tell(registry: Any, way: str, what: Receipt | Incoming) -> None:
    """Write down *what* an operator brings by *way*; raise Unknown where it belongs to nothing."""
    if not work(registry, partial(_write_down, way, what)):
        raise Unknown("a receipt for nothing that left here")


def _write_down(way: str, what: Receipt | Incoming, request: Any) -> bool:
    """Write down *what* came; tell whether it is to be brought no more.

    A receipt may come before it is written down what the operator calls the message: it is to be
    brought once more.  What is unknown then, too, is for a message that is forgotten.
    """
    if isinstance(what, Incoming):
        take_in(request, way, what)
        return True
    queue = Queue(request)
    message = queue.by_reference(way, what.reference)
    if message is None:
        return not Brought(request).note_for_a_day("unknown", way, what.reference)
    queue.receive(message, what)
    return True


def _receipts(settings: Any) -> str:
    """Return the address that receipts are brought to, empty where the site has none."""
    url = settings["communicate.url"]
    return f"{str(url).rstrip('/')}{RECEIPTS}" if url else ""


def start(registry: Any) -> Server:
    """Start the gateway."""
    return Server(registry).start()
