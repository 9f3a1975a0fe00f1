"""Mail brought as files and taken home: with progress, cancelled, alike after a round trip."""

import mailbox
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from communicate.ids import encode
from communicate.outbox.runner import run_due
from communicate_email.interfaces import IMailStore
from communicate_email.store import carrying, importing

from .conftest import make_office

PATH = "/members/ines/mail/files"
BEGIN = b"From x@y.example Mon Nov 30 08:00:00 2026\n"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    settings = {"email.import_size": "1 MB", "email.carrying": "1000/day"}
    made = make_office(tmp_path_factory.mktemp("files"), **settings)
    made.deliver(made.letter("Premier"), "ines", "paul")
    yield made
    made.house.close()


@pytest.fixture
def ines(office):
    """Return the browser of Inès, whose folders are empty, and who has nothing on its way."""

    def clear(request):
        for login in ("ines", "paul"):
            store = request.find_service(IMailStore)
            account = store.opened(office.uids[login])
            account.carried = None
            for box in account.boxes.values():
                store.expunge(box, range(1, box.uid_next))

    office.do(clear)
    return office.house.browser("ines")


def raw(number, more=""):
    """Return a message with LF at the end of its lines."""
    head = f"Message-ID: <m{number}@x.example>\nDate: Mon, {number + 1} Nov 2021 08:00:00 +0000\n"
    return f"{head}{more}Subject: s{number}\n\nFrom the left, {number}\n".encode()


def bring(browser, *files, path=PATH, **fields):
    """Send files, pairs of name and bytes; return the answer."""
    page = browser.get(path)
    form = next(form for form in page.forms.values() if "files" in form.fields)
    data = {name: one[0].value for name, one in form.fields.items() if name and name != "files"}
    sent = [(name, value) for name, value in {**data, **fields}.items()]
    uploads = [("files", name, content) for name, content in files]
    return browser.post(path, sent, upload_files=uploads, expect_errors=True)


def ask_home(browser, what="all", path=PATH):
    """Ask for a file to take home; return the page."""
    form = next(form for form in browser.get(path).forms.values() if "home" in form.fields)
    form["home"] = what
    return form.submit().follow()


def held(office, login="ines"):
    """Return subjects, flags and dates of each folder that has messages."""

    def look(request, account):
        store = request.find_service(IMailStore)
        boxes, reading, flags = store.boxes(account), store.reading(account), store.flags(account)
        return {
            boxes.path(box): sorted(
                (one.head.subject, tuple(sorted(flags.names(one.row.flags))), one.row.date)
                for one in reading.page(box, most=500)
            )
            for box in account.boxes.values()
            if box.count
        }

    return office.look(login, look)


def octets(office, login="ines"):
    """Return the bytes of all messages."""

    def look(request, account):
        reading = request.find_service(IMailStore).reading(account)
        return sorted(reading.raw(number) for number in account.mails)

    return office.look(login, look)


def test_files_come_in_with_folders_marks_and_a_notice(office, ines):
    packed = BytesIO()
    with ZipFile(packed, "w") as out:
        out.writestr("Maildir/.Jardin/cur/3:2,FS", raw(3))
    mbox = b"".join(BEGIN + raw(n, more) + b"\n" for n, more in ((1, "Status: RO\n"), (2, "")))
    answer = bring(ines, ("vieux.mbox", mbox), ("m.zip", packed.getvalue()), ("a.eml", raw(4)))
    page = answer.follow()
    assert "Your mail comes in" in page
    assert page.html.select_one("progress")
    assert held(office) == {}
    office.run_all()
    found = held(office)
    assert {path: [one[:2] for one in some] for path, some in found.items()} == {
        "vieux": [("s1", ("\\Seen",)), ("s2", ())],
        "Jardin": [("s3", ("\\Flagged", "\\Seen"))],
        "INBOX": [("s4", ())],
    }
    page = ines.get(PATH)
    assert "messages that came in: 4" in page
    assert not page.html.select("progress")
    assert "Your files of mail are ready" in ines.get("/notices")
    assert not any(one.files for one in office.look("ines", lambda _, a: list(a.carried.values())))
    bring(ines, ("vieux.mbox", mbox)).follow()
    office.run_all()
    assert "there already: 2" in ines.get(PATH)
    office.pass_time(days=4)
    office.run_all()
    assert office.look("ines", lambda _, account: len(account.carried)) == 0


def test_it_goes_on_where_a_slice_ended_and_nothing_is_lost_or_doubled(office, ines, monkeypatch):
    monkeypatch.setattr(carrying, "SLICE", 0.0)
    monkeypatch.setattr(importing, "BATCH", 3)
    mbox = b"".join(BEGIN + raw(n) + b"\n" for n in range(10))
    more = b"".join(BEGIN + raw(n) + b"\n" for n in range(10, 14))
    bring(ines, ("un.mbox", mbox), ("deux.mbox", more))
    places = []
    while run_due(office.house.registry, most=1):
        places += office.look("ines", lambda _, a: [one.kept for one in a.carried.values()])
    assert len(set(places)) > 4
    assert places == sorted(places)
    found = held(office)
    assert [one[0] for one in found["un"]] == [f"s{n}" for n in range(10)]
    assert sorted(one[0] for one in found["deux"]) == [f"s{n}" for n in range(10, 14)]


def test_it_is_cancelled_and_what_came_stays(office, ines, monkeypatch):
    monkeypatch.setattr(carrying, "SLICE", 0.0)
    monkeypatch.setattr(importing, "BATCH", 3)
    mbox = b"".join(BEGIN + raw(n) + b"\n" for n in range(10))
    page = bring(ines, ("un.mbox", mbox)).follow()
    run_due(office.house.registry, most=1)
    again = bring(ines, ("deux.mbox", mbox))
    assert again.status_int == 400
    assert "on its way already" in again.html.select_one(".invalid-feedback").text
    form = next(form for form in page.forms.values() if "cancel" in form.fields)
    assert "What has come in already stays." in form.submit("cancel").follow()
    office.run_all()
    assert len(held(office)["un"]) == 3
    assert "Nothing is on its way." in ines.get(PATH)


def test_a_round_trip_changes_nothing(office, ines, tmp_path):
    letters = [(1, "Status: RO\nX-Status: AF\nX-Keywords: travail $Forwarded\n"), (2, ""), (3, "")]
    bring(ines, ("INBOX.mbox", b"".join(BEGIN + raw(n, m) + b"\n" for n, m in letters)))
    bring_after = bring(ines, ("x.mbox", b""))
    assert bring_after.status_int == 400  # one after the other
    office.run_all()
    bring(ines, ("Jardin.mbox", BEGIN + raw(7) + b"\n"))
    office.run_all()
    before = held(office)
    assert before["INBOX"][0][1] == ("$Forwarded", "\\Answered", "\\Flagged", "\\Seen", "travail")
    ask_home(ines)
    office.run_all()
    page = ines.get(PATH)
    answer = page.click("Download")
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="mail.zip"')
    part = ines.get(page.html.select_one("p > .btn-plain")["href"], headers={"Range": "bytes=2-5"})
    assert part.status_int == 206
    assert part.body == answer.body[2:6]
    with ZipFile(BytesIO(answer.body)) as archive:
        archive.extractall(tmp_path)
    read = mailbox.mbox(tmp_path / "INBOX.mbox")  # another program reads it
    assert [message["Subject"] for message in read] == ["s1", "s2", "s3"]
    assert read[0].get_flags() == "ROAF"
    assert read[0]["X-Keywords"].split() == ["$Forwarded", "travail"]
    read.close()
    paul = office.house.browser("paul")
    other = PATH.replace("ines", "paul")
    bring(paul, ("mail.zip", answer.body), path=other)
    office.run_all()
    assert held(office, "paul") == before
    assert octets(office, "paul") == octets(office)
    bring(ines, ("mail.zip", answer.body))
    office.run_all()
    assert "there already: 4" in ines.get(PATH)
    ask_home(paul, path=other)
    office.run_all()
    again = paul.get(other).click("Download", index=0)
    with ZipFile(BytesIO(again.body)) as archive:
        for name in archive.namelist():
            assert archive.read(name) == (tmp_path / name).read_bytes()


def test_one_folder_is_an_mbox(office, ines):
    bring(ines, ("Bois.mbox", BEGIN + raw(1) + b"\n"))
    office.run_all()
    code = office.look(
        "ines",
        lambda request, account: encode(
            request.find_service(IMailStore).boxes(account).at("Bois").id
        ),
    )
    ask_home(ines, code)
    office.run_all()
    answer = ines.get(PATH).click("Download")
    assert 'filename="Bois.mbox"' in answer.headers["Content-Disposition"]
    assert answer.body.startswith(b"From MAILER-DAEMON ")
    assert b"\n>From the left, 1\n" in answer.body


def test_what_is_no_mail_or_too_large_is_told(office, ines):
    assert "Choose a file." in bring(ines)
    bring(ines, ("notes.txt", b"no mail at all\n"), ("cut.zip", b"PK\x03\x04cut"))
    office.run_all()
    assert "left out, for they are no messages, or too large: 2" in ines.get(PATH)
    large = bring(ines, ("large.mbox", b"x" * (3 * 2**20)))
    assert large.status_int == 400
    said = large.html.select_one(".invalid-feedback").text
    assert "These files are too large: bring 1.05 MB at most" in " ".join(said.split()), said


def test_there_is_room_for_what_there_is_room(tmp_path):
    office = make_office(tmp_path, quota="64 KB")
    office.deliver(office.letter("Premier"))
    browser = office.house.browser("ines")
    big = b"x" * 60 + b"\n"
    mbox = b"".join(BEGIN + raw(n) + big * 200 + b"\n" for n in range(9))
    assert "larger than the room" in bring(browser, ("many.mbox", mbox))
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as out:
        out.writestr("many.mbox", mbox)
    bring(browser, ("m.zip", packed.getvalue()))
    office.run_all()
    assert "There is no room for more" in browser.get(PATH)
    assert 3 <= len(held(office)["many"]) < 9
    office.house.close()


def test_they_are_their_owners_alone(office, ines):
    bring(ines, ("Bois.mbox", BEGIN + raw(1) + b"\n"))
    office.run_all()
    ask_home(ines)
    office.run_all()
    path = ines.get(PATH).html.select_one("p > .btn-plain")["href"]
    paul = office.house.browser("paul")
    for address in (PATH, path, path.replace("ines", "paul")):
        paul.get(address, status=404)
        assert office.house.browser().get(address, expect_errors=True).status_int != 200
    for tail in ("x", encode(7), ""):
        ines.get(f"/members/ines/mail/file/{tail}", status=404)
