"""The page of a list of mail: as the mailbox grows, and against a bare view."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import harness
from mail_store import DOMAIN, filled

from communicate.testing.client import Client
from communicate.testing.house import PASSWORD, House

FEW, SOME, SIZE = 100, 1_000, 400  # messages; characters of one


@contextmanager
def served(**boxes: int) -> Iterator[list[tuple[Client, str]]]:
    """Serve a site; yield for each of *boxes*, login and number of messages, the list's page.

    That is a client who is signed in, and the address.
    """
    settings = {"email.domain": DOMAIN, "quota": "0", "threads": 4}
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), ["email"], settings)
        for login, count in boxes.items():
            filled(house, login, count, SIZE)
        house.close()
        with harness.Served(Path(folder), "email", **settings) as server:
            yield [page(server, login) for login in boxes]


def page(server: harness.Served, login: str) -> tuple[Client, str]:
    """Return the client of *login* and the address of the inbox, which shows a whole page."""
    client = server.client(login, PASSWORD)
    path = urlsplit(client.ask("GET", f"/members/{login}/mail").headers["location"]).path
    rows = client.get(path).count('<input class="form-check-input" type="checkbox" name="')
    if rows < 20:
        raise RuntimeError(f"{rows} messages on a page")
    return client, path


def list_growth(options: Any) -> tuple[float, str]:
    """Return the time of a page of a list of very many messages ÷ that of one of a hundred."""
    with served(few=FEW, many=options.large) as pages:
        few, many = harness.side_by_side(*(partial(client.get, path) for client, path in pages))
    print(f"list: {few * 1000:.1f} ms, {many * 1000:.1f} ms", file=sys.stderr)
    return many / few, "<=1.15"


def list_vs_bare(_options: Any) -> tuple[float, str]:
    """Return how many pages of a list there are a second ÷ those of a bare view."""
    with served(some=SOME) as [(client, path)], harness.bare() as bare:
        listed, constant = harness.side_by_side(lambda: client.get(path), lambda: bare.get("/"))
    print(f"list: {listed * 1000:.2f} ms, bare: {constant * 1000:.2f} ms", file=sys.stderr)
    return constant / listed, ">=0.12"


FIGURES = {"list_growth": list_growth, "list_vs_bare": list_vs_bare}
