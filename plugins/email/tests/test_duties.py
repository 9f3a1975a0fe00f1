"""The contract: declarations, the archive, erasure, who reads, switching off and on."""

import json
from zipfile import ZipFile

import pytest

from communicate.interfaces import IErasure, IMembers, IQuota
from communicate.mydata.importing import bring_back
from communicate.permissions import DELETE, EDIT, VIEW
from communicate.quota.proof import drifts
from communicate.security import permits
from communicate.testing import kit, promises
from communicate.testing.archives import exported
from communicate_email.identities import Identities, Identity
from communicate_email.interfaces import IAddresses, IMailStore
from communicate_email.store import rows

DOMAIN = "tilleuls.example"


def used(office):
    """Have ines use all there is."""
    uid = office.uids["ines"]
    for number in range(3):
        office.deliver(office.letter(f"Lettre {number}", body="Sous le chêne."), "ines", "paul")
    office.deliver(office.letter("Grande", body="large\n" * 20_000), "ines")

    def more(request):
        store = request.find_service(IMailStore)
        account = store.opened(uid)
        garden = store.boxes(account).make_path("Maison/Jardinage")
        inbox = account.box("inbox")
        store.copy(inbox, [1, 2], garden)
        label = store.flags(account).bits(["important-a-moi"])
        store.flag(inbox, [1], label | rows.SEEN)
        request.find_service(IAddresses).add_alias(uid, "jardin")
        store.pictures(account).allow("images@voisine.example")
        identity = Identity("Inès, au fond", "Potager\npartagé")
        Identities(request, account).set(f"jardin@{DOMAIN}", identity)

    office.do(more)


def test_everything_that_is_stored_is_declared_and_nothing_is_in_clear(fresh_office):
    office = fresh_office()
    used(office)
    assert kit.undeclared_classes(office.house, "email") == []
    assert kit.intruders(office.house) == []
    words = (
        "Lettre",
        "chêne",
        "Jardinage",
        "important-a-moi",
        "jardin",
        "luce@elsewhere",
        "voisine",
        "Potager",
    )
    assert promises.undeclared(office.house, "email", words=words) == []


def test_an_archive_has_all_mail_and_brings_it_back(fresh_office, tmp_path_factory):
    office = fresh_office()
    used(office)
    archive = exported(office.house, "ines")
    assert archive.failed == {}
    inbox = archive.read("mail/email/INBOX.mbox")
    assert inbox.count(b"\nSubject: Lettre ") == 3
    assert b"\r" not in inbox
    assert archive.read("mail/email/Maison/Jardinage.mbox").count(b"\nSubject: Lettre ") == 2
    assert [row["name"] for row in archive.records("email", "address")] == ["jardin"]
    (identity,) = archive.records("email", "identity")
    assert (identity["address"], identity["signature"]) == (f"jardin@{DOMAIN}", "Potager\npartagé")
    rows_ = archive.records("email", "message")
    assert rows_[0]["flags"] == ["\\Seen", "important-a-moi"]
    path = tmp_path_factory.mktemp("archive") / "ines.zip"
    path.write_bytes(archive.data)
    bring_back(office.house.registry, path, login="oscar")
    again = exported(office.house, "oscar")

    def mine(one):
        return {name: row for name, row in one.restored.items() if "/email/" in name}

    assert mine(again) == mine(archive)
    assert again.read("mail/email/INBOX.mbox") == inbox
    uids = [office.uids[login] for login in ("ines", "oscar")]
    used_ = office.do(lambda request: [request.find_service(IQuota).used(uid) for uid in uids])
    assert used_[0] == used_[1] > 100_000
    assert office.do(lambda request: list(drifts(request, uids[1]))) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("folder", "Nulle part"),
        ("folder", None),
        ("mail", "files/email/../x"),
        ("mail", "mail/vdisk/INBOX.mbox"),
        ("number", "1"),
        ("came", "hier"),
        ("flags", ["a b"]),
        ("flags", [7]),
        ("flags", "x"),
    ],
)
def test_an_archive_made_by_hand_changes_nothing(fresh_office, tmp_path, field, value):
    office = fresh_office()
    used(office)
    archive = exported(office.house, "ines")
    path = tmp_path / "forged.zip"
    name = "data/email/message.json"
    rows_ = archive.records("email", "message")
    rows_[1] = {**rows_[1], field: value}
    head = archive.read(name).split(b"\n")[0]
    lines = b",\n".join(json.dumps(row).encode() for row in rows_)
    with ZipFile(path, "w") as out:
        for other in archive.names:
            data = archive.read(other)
            out.writestr(other, head + b"\n" + lines + b"\n]}\n" if other == name else data)
    with pytest.raises(ValueError, match=r"archive|label"):
        bring_back(office.house.registry, path, login="oscar")
    assert office.look("oscar", lambda _request, held: held) is None


def test_an_erasure_leaves_nothing_but_that_a_name_is_taken(fresh_office):
    office = fresh_office()
    used(office)
    assert promises.forgotten(office.house, "email", "ines") == []
    found = office.deliver(office.letter("Trop tard"), f"jardin@{DOMAIN}", "ines", "paul")
    assert [one.value for one in found.values()] == ["unknown", "unknown", "stored"]
    assert office.do(lambda request: request.find_service(IMembers).taken("jardin"))
    assert office.do(lambda request: list(request.site["mail"].accounts)) == [office.uids["paul"]]


def test_a_closed_account_takes_no_mail_from_that_moment_on(fresh_office):
    office = fresh_office()
    used(office)
    office.do(lambda request: request.find_service(IErasure).start(office.uids["ines"]) and None)
    found = office.deliver(office.letter("Trop tard"), "ines", f"jardin@{DOMAIN}")
    assert [one.value for one in found.values()] == ["unknown", "unknown"]


def test_what_is_counted_is_what_is_kept_and_a_copy_takes_no_room(fresh_office):
    office = fresh_office()
    used(office)
    uid = office.uids["ines"]
    assert office.do(lambda request: list(drifts(request, uid))) == []
    before = office.do(lambda request: request.find_service(IQuota).used(uid))
    kept = office.look("ines", lambda _, held: sum(one.size for one in held.mails.values()))
    assert before == kept > 120_000


def test_the_mail_of_a_member_is_that_members_alone(fresh_office):
    office = fresh_office()
    used(office)

    box = office.look("ines", lambda _, held: held.box("inbox").__name__)
    for login in ("paul", "moira", "oscar", None):
        browser = office.house.browser(login)
        nothing = browser.get("/members/zoe/mail", status="*").status_int
        for path in ("/members/ines/mail", f"/members/ines/mail/{box}"):
            assert browser.get(path, status="*").status_int == nothing in (403, 404)

    def allowed(request, account):
        box = account.box("inbox")
        principals = {
            name
            for thing in (account, box)
            for act, name, permissions in thing.__acl__
            if act == "Allow" and {VIEW, EDIT, DELETE} & set(permissions)
        }
        assert not permits(request, box, VIEW)
        return principals

    assert office.look("ines", allowed) == {f"member:{office.uids['ines']}"}


def test_switched_off_mail_waits_and_is_back_afterwards(fresh_office):
    office = fresh_office()
    used(office)
    before = office.rows("ines")
    office.house.reboot([])
    office.house.reboot(["email"])
    assert office.rows("ines") == before
