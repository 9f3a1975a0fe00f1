"""Numbers are kept sealed, go home with their member, and are nobody's after an erasure."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from communicate.audience import PRIVATE, Audience
from communicate.interfaces import IMembers
from communicate.mydata.importing import bring_back
from communicate.principals import contacts
from communicate.principals import member as principal
from communicate.testing import kit, promises
from communicate.testing.archives import Opened, exported
from communicate.testing.house import House
from communicate_sms.books import made_book
from communicate_sms.interfaces import INumbers
from communicate_sms.queue import exchange_of

from .test_numbering import MINE, YOURS, Phones

DIGITS = MINE[3:]


@pytest.fixture(scope="module")
def phones(site: House) -> Phones:
    """Return telephones of two members, and a number that awaits its code."""
    found = Phones(site)
    for login in ("agathe", "bruno"):
        site.member(login)
    found.has("agathe")
    found.begin("agathe", YOURS)

    def choose(request: Any) -> None:
        one, other = (Phones.member(request, login) for login in ("agathe", "bruno"))
        chosen = Audience("chosen", [contacts(one.uid), principal(other.uid)])
        made_book(request, one.uid).open_to = chosen

    site.work(choose)
    return found


def written(folder: Path, archive: Opened) -> Path:
    """Return a file with *archive*."""
    path = folder / "home.zip"
    path.write_bytes(archive.data)
    return path


def test_what_is_kept_is_declared_and_nothing_is_in_clear(phones: Phones) -> None:
    words = (DIGITS, YOURS[3:], phones.code(YOURS))
    assert promises.undeclared(phones.house, "sms", words=words) == []
    assert kit.intruders(phones.house) == []


def test_no_file_of_the_site_has_a_number_in_clear(phones: Phones) -> None:
    files = [path for path in phones.house.folder.rglob("*") if path.is_file()]
    found = [path for path in files if DIGITS.encode() in path.read_bytes()]
    assert len(files) > 3
    assert found == []


def test_an_archive_does_not_give_away_a_code_that_only_a_telephone_is_to_show(
    phones: Phones,
) -> None:
    archive, code = exported(phones.house, "agathe"), phones.code(YOURS).encode()
    codes = [row for row in archive.records("sms", "messages") if row["to"] == YOURS]
    assert [row["text"] for row in codes] == [None]
    with zipfile.ZipFile(io.BytesIO(archive.data)) as files:
        assert [name for name in files.namelist() if code in files.read(name)] == []


def test_an_archive_has_the_number_and_the_choice_comes_back(
    phones: Phones, tmp_path: Path
) -> None:
    house = phones.house
    first = exported(house, "agathe")
    assert first.failed == {}
    number = first.records("sms", "number")[0]
    assert (number["number"], number["shown_to"]) == (MINE, "private")

    def choice(request: Any, *chosen: Audience) -> Audience:
        book = made_book(request, phones.member(request, "agathe").uid)
        book.open_to = chosen[0] if chosen else book.open_to
        return book.open_to

    before = house.work(choice)
    house.work(lambda request: choice(request, PRIVATE))
    bring_back(house.registry, written(tmp_path, first), "agathe")
    assert house.work(choice) == before
    assert exported(house, "agathe").restored == first.restored
    assert phones.of("agathe") == MINE  # what an archive says of numbers proves nothing


def test_an_archive_makes_no_number_ones_own(phones: Phones, tmp_path: Path) -> None:
    house = phones.house
    archive = exported(house, "agathe")
    uid = house.member("celine")
    bring_back(house.registry, written(tmp_path, archive), "celine")
    assert phones.of("celine") is None
    assert house.work(lambda r: r.find_service(INumbers).owner(MINE)) != uid


def test_an_erasure_leaves_nothing_of_it(phones: Phones) -> None:
    house = phones.house
    assert promises.forgotten(house, "sms", "agathe") == []
    left = house.work(lambda r: (len(exchange_of(r).owners), list(exchange_of(r).books)))
    members = house.work(lambda r: set(r.find_service(IMembers).members.logins))
    assert left[0] == 0
    assert set(left[1]) <= members
