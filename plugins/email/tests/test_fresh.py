"""Open pages are told that mail has come, by an id, once it is there, and nobody else is."""

import pytest

from communicate_email.interfaces import IDelivery, ISending
from communicate_email.letters import Letter
from communicate_email.store.delivery import CAME

from .conftest import DOMAIN, make_office


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("fresh"))
    yield made
    made.house.close()


@pytest.fixture
def told(office, monkeypatch):
    """Return what open pages are told from now on: uids, what, number."""
    hub, found = office.house.registry.communicate_live, []
    monkeypatch.setattr(type(hub), "listens", True, raising=False)
    monkeypatch.setattr(hub, "post", lambda uids, what, number: found.append((set(uids), what)))
    return found


def test_whoever_gets_mail_is_told_once(office, told):
    office.deliver(office.letter("Un"), "ines", "ines+liste", "paul")
    uids = office.uids
    assert sorted(told, key=str) == sorted(
        [({uids["ines"]}, CAME), ({uids["paul"]}, CAME)], key=str
    )
    told.clear()
    letter = Letter(office.letter("Deux", From=f"paul@{DOMAIN}").raw, author=uids["paul"])
    office.do(lambda r: r.find_service(ISending).send(letter, [f"ines@{DOMAIN}"]))
    assert told == [({uids["ines"]}, CAME)]


def test_of_what_is_not_kept_nobody_is_told(office, told):
    def fail(request):
        request.find_service(IDelivery).deliver(office.letter("Trois"), [f"ines@{DOMAIN}"])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        office.do(fail)
    office.deliver(office.letter("Quatre"), "nobody")
    assert told == []
