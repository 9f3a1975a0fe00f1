"""What members set about mail: declared, sealed, in an archive and back, gone with the account."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from communicate.mydata.importing import bring_back
from communicate.testing import kit, promises
from communicate.testing.archives import exported
from communicate_email.filters import Condition, Deed, Rule, script_of
from communicate_email.interfaces import IAddresses, IMailStore
from communicate_email.store.away import Absence, Away
from communicate_email.store.carrying import Carrying

from .conftest import make_office

MBOX = b"From x@y.example Mon Nov 30 08:00:00 2026\nSubject: Mirabelle\n\nCageots.\n"
RULE = Rule("Quetsches", (Condition("subject", "contains", "reine-claude"),), (Deed("flag"),))
AWAY = Away("Je suis au verger.", "Absente", "2026-12-01", "2027-01-10", 3, True)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("settings"))
    uid = made.uids["ines"]

    def use(request):
        store = request.find_service(IMailStore)
        account = store.opened(uid)
        filtering = store.filters(account)
        filtering.change_script("# ancien: prunelle\nkeep;")
        filtering.change_script(script_of([RULE]))
        Absence(request, account).write(AWAY)
        addresses = request.find_service(IAddresses)
        gone = addresses.add_disposable(uid, "boutique Griotte")
        addresses.add_disposable(uid, "concours Bigarreau", 4_102_000_000_000)
        addresses.remove(uid, gone.id)
        Carrying(request, account).bring([("Vieux noyau.mbox", BytesIO(MBOX))], "INBOX")

    made.do(use)
    yield made
    made.house.close()


def test_all_of_it_is_declared_and_nothing_is_in_clear(office):
    assert kit.undeclared_classes(office.house, "email") == []
    assert kit.intruders(office.house) == []
    words = ("Quetsches", "reine-claude", "prunelle", "verger", "Griotte", "Bigarreau", "noyau",
             "Mirabelle", "Cageots")  # fmt: skip
    assert promises.undeclared(office.house, "email", words=words) == []


@pytest.fixture(scope="module")
def archive(office):
    return exported(office.house, "ines")


def test_the_archive_has_it_and_brings_back_what_can_be(office, archive, tmp_path):
    assert archive.failed == {}
    (row,) = archive.records("email", "address")
    assert (row["note"], row["disposable"], row["came"]) == ("concours Bigarreau", True, 0)
    assert row["until"].startswith("2099")
    assert archive.records("email", "carried")[0]["state"] == "waits"
    path = tmp_path / "ines.zip"
    path.write_bytes(archive.data)
    bring_back(office.house.registry, path, login="oscar")

    def look(request, account):
        script = request.find_service(IMailStore).filters(account).script()
        return script, Absence(request, account).read()

    assert office.look("oscar", look) == (script_of([RULE]), AWAY)
    again = exported(office.house, "oscar")

    def mine(one):
        return {name: row for name, row in one.restored.items() if "/email/" in name}

    assert mine(again) == mine(archive)


@pytest.mark.parametrize(
    ("field", "value"),
    [("begin", "hier"), ("days", 0), ("days", "7"), ("text", None), ("contacts", "yes")],
)
def test_an_absence_made_by_hand_changes_nothing(office, archive, tmp_path, field, value):
    name, path = "data/email/away.json", tmp_path / "forged.zip"
    (row,) = archive.records("email", "away")
    head = archive.read(name).split(b"\n")[0]
    with ZipFile(path, "w") as out:
        for other in archive.names:
            forged = head + b"\n" + json.dumps({**row, field: value}).encode() + b"\n]}\n"
            out.writestr(other, forged if other == name else archive.read(other))
    with pytest.raises(ValueError, match=r"archive|isoformat"):
        bring_back(office.house.registry, path, login="paul")
    assert office.look("paul", lambda _request, account: account) is None


def test_an_erasure_leaves_nothing(office):
    assert promises.forgotten(office.house, "email", "ines") == []
    assert office.do(lambda request: list(request.site["mail"].aliases)) == []
    office.run_all()  # what was queued has nobody to work for
