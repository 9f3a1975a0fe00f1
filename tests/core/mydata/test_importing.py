import json
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from PIL import Image

from communicate.audience import Audience
from communicate.demo import running
from communicate.interfaces import IContacts, IDatabase, IErasure, IMembers
from communicate.mydata.importing import bring_back
from communicate.mydata.reading import BadArchive
from communicate.notifications.services import make_inbox
from communicate.pictures import recode
from communicate.principals import circle, member
from communicate.profile import exporting
from communicate.profile.content import Element
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import AVATAR, DIRECTORY, KINDS
from communicate.testing.archives import exported
from communicate_forums.interfaces import IFollowing, IForums

ROOT = Path(__file__).parents[3]
VALUES = {
    "birthday": "1980-02-29",
    "web": "https://tilleul.example/",
    "phone": "06 12 34 56 78",
    "email": "ines@tilleul.example",
    "text": "# Bonjour\n\nJe *grimpe*.",
    "postal": "1, rue du Canal\nRennes",
}


def picture(colour="teal"):
    """Return a picture as somebody sends one."""
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return out


def fill(request, account, home):
    """Give *account* something of everything."""
    contacts, profiles = request.find_service(IContacts), request.find_service(IProfiles)
    close = contacts.make_circle(account.uid, "Les proches")
    contacts.make_circle(account.uid, "Le chœur")
    contacts.put(account.uid, close, home.uids["paul"])
    contacts.block(account.uid, home.uids["marie"])
    audiences = [
        Audience("private"), Audience("contacts"), Audience("members"), Audience("public"),
        Audience("chosen", [circle(close), member(home.uids["paul"])]),
    ]  # fmt: skip
    for number, kind in enumerate(KINDS.values()):
        given = {"audience": audiences[number % len(audiences)], "shows_year": False}
        if kind.form == "picture":
            given["picture"] = recode(picture())
        else:
            given["value"] = VALUES.get(kind.name, f"Une valeur pour {kind.name}")
        if kind.label:
            given["label"] = "au travail"
        profiles.add(account, kind.name, given)
    profiles.limit(profiles.stand(account, AVATAR), Audience("members"))
    profiles.limit(profiles.stand(account, DIRECTORY), Audience("public"))
    profiles.arrange(account, [("forums", True), ("other", False)])
    account.language, account.zone, account.appearance = "fr", "Europe/Paris", "dark"
    account.keys = "off"
    make_inbox(request, account.uid).choices = {"*": "never", "forums.reply": "weekly"}
    forum = request.site["forums"]["general"]
    topic = request.find_service(IForums).open_topic(forum, home.uids["paul"], "Le toit", "Fuit")
    request.find_service(IFollowing).follow(topic.__parent__, account.uid)
    request.find_service(IFollowing).follow(forum, account.uid)


@pytest.fixture(scope="module")
def full(shared_home, tmp_path_factory):
    """Return a home in which ines has everything, and the file of her archive."""
    home = shared_home
    home.know("ines", "paul")
    home.act("ines", lambda request, account: fill(request, account, home))
    home.archive = exported(home.house, "ines")
    home.file = tmp_path_factory.mktemp("archive") / "ines.zip"
    home.file.write_bytes(home.archive.data)
    return home


def same(one, other, browser=None, logins=("", "")):
    """Assert that two archives hold the same of what is restored, files included.

    What was followed may be closed to the other member, whose *browser* says so.  What has an
    address has another one in the *logins*' second space: there, and wherever it is referred to.
    """
    renamed = {f"/members/{logins[0]}/": f"/members/{logins[1]}/"}
    pairs = []
    for path, rows in one.restored.items():
        if path.endswith("/followed.json") and browser is not None:
            rows = [row for row in rows if browser.get(row["path"], status="*").status_int != 404]
        pairs += zip(rows, other.restored[path], strict=True)
    renamed |= {first["id"]: second["id"] for first, second in pairs if "id" in first}

    def moved(text):
        for old, new in renamed.items():
            text = text.replace(old, new)
        return text

    for first, second in pairs:
        assert json.loads(moved(json.dumps(first, ensure_ascii=False))) == second
    kept = [[name for name in each.names if name.startswith("files/")] for each in (one, other)]
    assert sorted(map(moved, kept[0])) == sorted(kept[1])
    assert all(one.read(name) == other.read(moved(name)) for name in kept[0])


class TestRoundTrip:
    def test_what_was_exported_is_exported_again(self, full):
        full.house.member("copy")
        outcome = bring_back(full.house.registry, full.file, "copy")
        assert (outcome.login, outcome.new, outcome.here) == ("copy", False, True)
        assert outcome.restored["communicate/element"] == len(KINDS)
        second = exported(full.house, "copy")
        same(full.archive, second)
        assert len(second.records("communicate", "element")) == len(KINDS)
        assert len(second.records("forums", "followed")) == 2
        assert [row["login"] for row in second.records("communicate", "block")] == ["marie"]

    def test_what_was_narrow_is_as_narrow_again(self, full):
        full.house.member("narrow")
        bring_back(full.house.registry, full.file, "narrow")
        stranger = full.browser().get("/members/narrow").text
        assert "Une valeur pour name" not in stranger
        reader = full.browser("marie").get("/members/narrow", status="*").text
        assert "06 12 34 56 78" not in reader

    def test_contacts_are_asked_only_where_that_is_wanted(self, full):
        full.house.member("lonely")
        outcome = bring_back(full.house.registry, full.file, "lonely")
        assert (outcome.contacts, outcome.asked) == (1, 0)
        uid = full.house.member("sociable")
        assert bring_back(full.house.registry, full.file, "sociable", ask=True).asked == 1

        def state(request):
            return request.find_service(IContacts).state(uid, full.uids["paul"])

        assert full.house.work(state) == "sent"

    def test_the_file_does_not_choose_an_account_that_is_there(self, full):
        full.house.member("paula")
        path = full.file.with_name("made.zip")
        new = replace("manifest.json", b'"login": "ines"', b'"login": "paula"')
        path.write_bytes(changed(full.archive, new))
        with pytest.raises(BadArchive, match="say --login paula"):
            bring_back(full.house.registry, path)
        assert bring_back(full.house.registry, path, "paula").login == "paula"

    def test_a_mark_in_other_letters_is_none(self, full):
        full.house.member("marked")
        rows = full.archive.records("communicate", "element")
        (mark,) = (row["mark"].encode() for row in rows if "mark" in row)
        path = full.file.with_name("marked.zip")
        new = replace("data/communicate/element.json", mark, "é".encode())
        path.write_bytes(changed(full.archive, new))
        assert bring_back(full.house.registry, path, "marked").restored["communicate/element"]

    def test_no_group_comes_with_it(self, full):
        full.house.member("mighty", "operators")
        archive = exported(full.house, "mighty")
        path = full.file.with_name("mighty.zip")
        path.write_bytes(archive.data)
        full.house.member("weak")
        bring_back(full.house.registry, path, "weak")
        groups = full.house.work(lambda r: r.find_service(IMembers).by_login("weak").groups)
        assert groups == ()

    def test_after_an_erasure_another_login_has_it_all(self, make_home, tmp_path):
        home = make_home(["forums"])
        home.act("ines", lambda request, account: fill_alone(request, account))
        first = exported(home.house, "ines")
        (tmp_path / "a.zip").write_bytes(first.data)
        home.house.work(lambda request: request.find_service(IErasure).start(home.uids["ines"]))
        home.house.run_jobs()
        with pytest.raises(BadArchive, match="Give another name with --login"):
            bring_back(home.house.registry, tmp_path / "a.zip")
        outcome = bring_back(home.house.registry, tmp_path / "a.zip", "ines.2")
        assert outcome.new
        same(first, exported(home.house, "ines.2"))
        (account,) = exported(home.house, "ines.2").records("communicate", "account")
        assert account["address"] == "ines@example.org"

    def test_of_another_site_it_names_nobody(self, full, make_home):
        other = make_home(["forums"])
        other.house.member("copy")
        outcome = bring_back(other.house.registry, full.file, "copy")
        assert not outcome.here
        archive = exported(other.house, "copy")
        assert archive.records("communicate", "block") == []
        chosen = [row["audience"] for row in archive.records("communicate", "element")
                  if isinstance(row["audience"], dict)]  # fmt: skip
        assert chosen
        assert all(row == {"people": [], "circles": ["Les proches"]} for row in chosen)
        pictures = [row for row in archive.records("communicate", "element") if "picture" in row]
        assert len(pictures) == 1

    @pytest.mark.slow
    def test_of_every_member_of_a_demo(self, make_home, tmp_path):
        home = make_home(["forums", "spaces", "articles", "messages", "vdisk"])
        running.make(home.house.registry, 12, 1, lambda _line: None)
        logins = home.house.work(
            lambda r: [
                each.login for each in r.find_service(IMembers).members.values() if each.demo
            ]
        )
        assert len(logins) == 12
        for number, login in enumerate(logins):
            first = exported(home.house, login)
            copy = f"copy{number}"
            (tmp_path / "a.zip").write_bytes(first.data)
            home.house.member(copy)
            bring_back(home.house.registry, tmp_path / "a.zip", copy)
            same(first, exported(home.house, copy), home.browser(copy), (login, copy))


def fill_alone(request, account):
    """Give *account* a little that depends on nobody."""
    profiles = request.find_service(IProfiles)
    given = {"value": "Une tailleuse de pierre", "audience": Audience("members")}
    profiles.add(account, "occupation", given)
    account.language = "en"


def changed(archive, change):
    """Return the archive as a ZIP in which *change(name, data)* has replaced every file."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in archive.names:
            found = change(name, archive.read(name))
            if found is not None:
                target.writestr(name, found)
    return out.getvalue()


def replace(path, old, new):
    """Return a change that puts *new* in place of *old* in the file *path*."""

    def change(name, data):
        return data.replace(old, new) if name == path else data

    return change


ELEMENT = "data/communicate/element.json"
BOMB = b'{"version": 1, "plugin": "communicate", "kind": "circle", "items": [\n' + b" " * 10**8
HOSTILE = {
    "no manifest": lambda name, data: None if name == "manifest.json" else data,
    "another format": replace("manifest.json", b"2-communicate export", b"something else"),
    "a later version": replace("manifest.json", b'"version": 1', b'"version": 2'),
    "no documents": replace("manifest.json", b'"documents"', b'"other"'),
    "a document that is cut": lambda name, data: data[:200] if name == ELEMENT else data,
    "a document of another kind": lambda name, data: b"[]" if name == ELEMENT else data,
    "a kind that is none": replace(ELEMENT, b'"kind":"phone"', b'"kind":"telex"'),
    "a number for a text": replace(ELEMENT, b'"value":"06 12 34 56 78"', b'"value":6'),
    "a value that no form takes": replace(ELEMENT, b"06 12 34 56 78", b"appelez-moi"),
    "control characters": replace(ELEMENT, b"06 12 34 56 78", b"06 12 34 56 \\u0007"),
    "half a letter": replace(ELEMENT, b"06 12 34 56 78", b"06 12 34 56 \\ud800"),
    "an audience that is none": replace(ELEMENT, b'"audience":"public"', b'"audience":"world"'),
    "a script for an address": replace(ELEMENT, b"https://tilleul", b"javascript:alert"),
    "a file that is not its own": replace(ELEMENT, b"files/communicate/", b"files/../../etc/"),
    "a file that is not there": replace(ELEMENT, b"/picture.webp", b"/other.webp"),
    "a time that is none": replace(ELEMENT, b'"created":"20', b'"created":"9'),
    "not a number": replace(ELEMENT, b'"hidden":false', b'"hidden":NaN'),
    "nests": replace(ELEMENT, b'"hidden":false', b'"hidden":' + b"[" * 100_000),
    "a zone that is none": replace("data/communicate/preferences.json", b"Europe/Paris", b"../x"),
    "a bomb": lambda name, data: BOMB if name == "data/communicate/circle.json" else data,
    "a picture that is none": lambda name, data: b"GIF89a" if name.endswith(".webp") else data,
    "a great name": replace("data/communicate/circle.json", b"Les proches", b"x" * 300),
}


@pytest.fixture(scope="module")
def victim(full):
    """Return the full home, in which somebody waits for an archive."""
    full.house.member("victim")
    return full


class TestHostile:
    @pytest.mark.parametrize("what", HOSTILE)
    def test_an_archive_with_that_changes_nothing(self, victim, what, tmp_path):
        data = changed(victim.archive, HOSTILE[what])
        assert data != victim.archive.data
        self.refused(victim, data, tmp_path)

    def refused(self, home, data, tmp_path):
        (tmp_path / "a.zip").write_bytes(data)
        before = home.house.registry.getUtility(IDatabase).lastTransaction()
        with pytest.raises(BadArchive) as raised:
            bring_back(home.house.registry, tmp_path / "a.zip", "victim")
        assert str(raised.value).rstrip().endswith(".")
        assert home.house.registry.getUtility(IDatabase).lastTransaction() == before
        return str(raised.value)

    @pytest.mark.parametrize(
        "name", ["../evil", "/etc/passwd", "a//b", "files/../../x", "a\\..\\b", "a\nb", "./a"]
    )
    def test_a_name_that_leads_elsewhere(self, victim, name, tmp_path):
        data = BytesIO(victim.archive.data)
        with ZipFile(data, "a") as target:
            target.writestr(name, b"x")
        assert "name that no export has" in self.refused(victim, data.getvalue(), tmp_path)

    def test_a_file_twice(self, victim, tmp_path):
        data = BytesIO(victim.archive.data)
        with pytest.warns(UserWarning, match="Duplicate"), ZipFile(data, "a") as target:
            target.writestr("manifest.json", b"{}")
        self.refused(victim, data.getvalue(), tmp_path)

    @pytest.mark.parametrize("data", [b"", b"PK", b"x" * 1000, b"PK\x05\x06" + bytes(18)])
    def test_no_zip(self, victim, data, tmp_path):
        self.refused(victim, data, tmp_path)

    def test_a_damaged_one(self, victim, tmp_path):
        data = bytearray(victim.archive.data)
        place = victim.archive.zip.getinfo(ELEMENT).header_offset + 100
        data[place] ^= 0xFF
        self.refused(victim, bytes(data), tmp_path)

    def test_into_an_account_that_has_something(self, victim, tmp_path):
        (tmp_path / "a.zip").write_bytes(victim.archive.data)
        with pytest.raises(BadArchive, match="has a space or circles already"):
            bring_back(victim.house.registry, tmp_path / "a.zip", "ines")

    def test_a_forged_mark_has_a_picture_made_anew(self, victim, tmp_path):
        def change(name, data):
            if name.endswith(".webp"):
                return picture("red").getvalue()
            return data

        (tmp_path / "a.zip").write_bytes(changed(victim.archive, change))
        victim.house.member("forger")
        bring_back(victim.house.registry, tmp_path / "a.zip", "forger")
        archive = exported(victim.house, "forger")
        (row,) = [row for row in archive.records("communicate", "element") if "picture" in row]
        assert archive.read(row["picture"])[8:12] == b"WEBP"

    def test_the_archive_says_the_same_when_nothing_is_changed(self, victim, tmp_path):
        (tmp_path / "a.zip").write_bytes(changed(victim.archive, lambda _name, data: data))
        victim.house.member("fair")
        bring_back(victim.house.registry, tmp_path / "a.zip", "fair")
        assert json.dumps(exported(victim.house, "fair").restored) == json.dumps(
            victim.archive.restored
        )

    def test_two_ids_that_are_drawn_alike_do_not_stop_it(self, victim, tmp_path, monkeypatch):
        made = []

        def drawn(*of):
            element = Element(*of)
            if len(made) == 1:
                element.id = made[0].id
            made.append(element)
            return element

        monkeypatch.setattr(exporting, "Element", drawn)
        (tmp_path / "a.zip").write_bytes(victim.archive.data)
        victim.house.member("alike")
        bring_back(victim.house.registry, tmp_path / "a.zip", "alike")
        assert len(made) > 2
        assert json.dumps(exported(victim.house, "alike").restored) == json.dumps(
            victim.archive.restored
        )


class TestFormat:
    def test_every_kind_of_document_is_described(self, full):
        page = (ROOT / "docs" / "reference" / "export.md").read_text(encoding="utf-8")
        kinds = {document["kind"] for document in full.archive.manifest["documents"]}
        assert {kind for kind in kinds if f"`{kind}`" not in page} == set()

    def test_every_key_of_a_record_is_described(self, full):
        page = (ROOT / "docs" / "reference" / "export.md").read_text(encoding="utf-8")
        keys = {key for rows in full.archive.restored.values() for row in rows for key in row}
        assert {key for key in keys if f"`{key}`" not in page} == set()
