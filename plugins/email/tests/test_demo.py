"""The mail of a demo: something of every kind, in both languages, the same from the same seed."""

from datetime import UTC, datetime

import pytest

from communicate.demo import running
from communicate.interfaces import IClock
from communicate.testing.house import House
from communicate_email import mime
from communicate_email.interfaces import IMailStore
from communicate_email.store import rows

NOW = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
COUNT = 30


class StandingClock:
    """A clock that stands still."""

    def now(self):
        return NOW


def mails(house, people):
    """Return who has which messages: login, folder, marks, and what is shown of each."""

    def look(request):
        store, found = request.find_service(IMailStore), []
        for person in people:
            account = store.account(person.uid)
            for box in account.boxes.values() if account is not None else ():
                for row in sorted(rows.every(box), key=lambda one: one.uid):
                    raw = store.reading(account).raw(row.id)
                    shown = mime.shown(mime.read(raw))
                    name = box.role or store.boxes(account).name(box)
                    found.append((person.login, name, row.flags, row.date, shown.subject, shown))
        return sorted(found, key=lambda one: one[:2])  # folders are in the order of their ids

    return house.work(look)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return what two sites of the same seed hold, and the first of them."""
    found, houses = [], []
    for _twin in range(2):
        house = House(
            tmp_path_factory.mktemp("demo"), ["email"], {"email.domain": "canal.example"}
        )
        house.registry.registerUtility(StandingClock(), IClock)
        houses.append(house)
        demo = running.make(house.registry, COUNT, 3, lambda _said: None)
        found.append(mails(house, demo.people))
    yield (*found, houses[0], demo)
    for house in houses:
        house.close()


def test_there_is_something_of_every_kind(made):
    found, _twin, _house, demo = made
    names = {name for _login, name, *_rest in found}
    assert {"inbox", "sent", "drafts", "junk"} < names
    assert names - {"inbox", "sent", "drafts", "junk", "archive", "trash"}  # what filters sort
    shown = [one[-1] for one in found]
    assert any(one.html for one in shown)
    assert any(one.attachments for one in shown)
    assert any(one.in_reply_to for one in shown)
    flags = [one[2] for one in found]
    assert {bool(flag & rows.SEEN) for flag in flags} == {True, False}
    assert len(found) > 3 * len(demo.people)
    assert {one.subject for one in shown} >= {"Votre facture", "Your bill"}


def test_the_same_seed_makes_the_same_mail(made):
    found, twin, *_rest = made
    assert [one for one in zip(found, twin, strict=True) if one[0] != one[1]] == []


def test_the_pages_of_somebody_show_it(made):
    found, _twin, house, demo = made
    login = next(login for login, name, *_rest in found if name == "inbox")
    browser = house.browser(login, demo.password)
    page = browser.get("/mail").follow().follow()
    link = page.html.main.select_one("a[href*='/read/']")["href"]
    assert browser.get(link).status_int == 200
