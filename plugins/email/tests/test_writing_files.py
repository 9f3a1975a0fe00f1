"""Files of a message that is being written: taken at once, kept sealed, sent as they are, gone."""

import io

import pytest
from PIL import Image
from webtest import Upload

from communicate.interfaces import IQuota
from communicate.testing.kit import form_with
from communicate.writing.interfaces import IAttachments, IDrafts

from .conftest import make_office
from .test_webmail import inbox
from .test_webmail_writing import last, leave

MB = 2**20


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("files"), **{"email.message_size": "4 MB"})
    for login in ("ines", "paul", "zoe"):
        made.deliver(made.letter("Bienvenue"), login)
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def browsers(office):
    return {login: office.house.browser(login) for login in ("ines", "paul", "zoe")}


@pytest.fixture
def ines(office, browsers):
    """Ines, at whose desk nothing lies."""
    yield browsers["ines"]
    uid = office.uids["ines"]
    office.do(lambda request: request.find_service(IDrafts).erase(uid, 10))


def picture():
    """Return a picture that says where it was taken."""
    image, exif = Image.new("RGB", (64, 48), "green"), Image.Exif()
    exif[0x010F] = "Appareil"
    data = io.BytesIO()
    image.save(data, "JPEG", exif=exif)
    return data.getvalue()


def write(browser):
    """Return the page and the address of a new message."""
    page = inbox(browser).click("Write")
    return page, page.request.path


def attach(browser, name, data, place=None, status=200):
    """Send one file while the message is being written; return the answer."""
    page, path = write(browser)
    form = form_with(page, "body")
    values = {"csrf_token": form["csrf_token"].value, "place": place or path}
    address = page.html.select_one("[data-attaching]")["data-address"]
    return browser.post(address, values, upload_files=[("file", name, data)], status=status)


def listed(page):
    """Return the names of the files that a page lists as attached."""
    return [one.find(string=True).strip() for one in page.html.select(".attached-files li > span")]


def used(office, login="ines"):
    """Return how many bytes count for a member, and how many of them are files of drafts."""

    def counted(request):
        uid = office.uids[login]
        held = request.find_service(IAttachments)
        return request.find_service(IQuota).used(uid), held.size(uid)

    return office.do(counted)


def test_what_is_taken_is_kept_counted_and_sent_byte_for_byte(office, ines):
    photo = picture()
    assert b"Appareil" in photo
    before = used(office)
    attach(ines, "photo.jpg", photo)
    attach(ines, "outil.exe", b"MZ\x90\x00\r\n.\r\n")
    assert used(office) == (before[0] + len(photo) + 9, len(photo) + 9)
    page, _path = write(ines)  # as after a reload
    assert listed(page) == ["photo.jpg", "outil.exe"]
    form = form_with(page, "body")
    form["to"], form["body"] = "personne.du.tout", "Voici"
    page = form.submit("send", status=400)
    assert listed(page) == ["photo.jpg", "outil.exe"]
    form = form_with(page, "body")
    form["to"] = "zoe"
    form.submit("send").follow()
    assert used(office)[1] == 0  # they are in the message now
    leave(office)
    parts = list(last(office, "zoe").iter_attachments())
    assert [part.get_filename() for part in parts] == ["photo.jpg", "outil.exe"]
    assert [part.get_content() for part in parts] == [photo, b"MZ\x90\x00\r\n.\r\n"]
    assert [part.get_content_type() for part in parts] == [
        "image/jpeg",
        parts[1].get_content_type(),
    ]


def test_without_scripts_files_outlive_an_error_and_are_ticked_off_one_by_one(office, ines):
    page, _path = write(ines)
    form = form_with(page, "body")
    form["to"] = "x@"
    form["attached.files"] = [Upload("un.txt", b"un"), Upload("deux.txt", b"deux")]
    page = form.submit("send", status=400)
    assert "is not an e-mail address" in page
    files = listed(page)  # those of one moment in any order
    assert sorted(files) == ["deux.txt", "un.txt"]
    form = form_with(page, "body")
    form["to"] = "zoe"
    form.fields["attached.remove"][files.index("un.txt")].checked = True
    form["attached.files"] = [Upload("trois.txt", b"trois")]
    form.submit("send").follow()
    leave(office)
    got = [part.get_filename() for part in last(office, "zoe").iter_attachments()]
    assert got == ["deux.txt", "trois.txt"]


def test_files_come_back_when_the_message_is_taken_back(office, ines):
    attach(ines, "plan.pdf", b"%PDF-1.4 plan")
    form = form_with(write(ines)[0], "body")
    form["to"], form["body"] = "zoe", "Trop vite"
    page = form.submit("send").follow()
    form = next(one for one in page.forms.values() if "Undo" in one.text)
    page = form.submit().follow()
    assert "With the file “plan.pdf”" in page
    form_with(page, "body").submit("send").follow()
    leave(office)
    part = next(last(office, "zoe").iter_attachments())
    assert (part.get_filename(), part.get_content()) == ("plan.pdf", b"%PDF-1.4 plan")


def test_who_throws_the_draft_away_destroys_them(office, ines):
    attach(ines, "plan.pdf", b"%PDF-1.4 canari")
    page, path = write(ines)
    assert used(office)[1]
    address = (
        f"/account/drafts/files/{form_with(page, 'body').fields['attached.remove'][0]._value}"
    )
    answer = ines.get(address)
    assert answer.body == b"%PDF-1.4 canari"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    values = {"csrf_token": form_with(page, "body")["csrf_token"].value, "place": path}
    ines.post("/account/drafts/discard", values)
    ines.get(address, status=404)
    office.pass_time(seconds=11)
    office.run_all()
    assert used(office)[1] == 0


def test_only_drafts_of_ones_own_mail_take_files_as_they_are(office, browsers, ines):
    _page, path = write(ines)
    for place in ("/forums", "/members/paul/mail/write", "/members/ines/mailbox", path + "/../x"):
        if place != path + "/../x":
            attach(ines, "a.exe", b"MZ", place=place, status=400)
    paul = browsers["paul"]
    token = form_with(write(paul)[0], "body")["csrf_token"].value
    values = {"csrf_token": token, "place": path}
    files = [("file", "a.exe", b"MZ")]
    paul.post("/members/ines/mail/attach", values, upload_files=files, status=404)
    paul.post(
        "/members/paul/mail/attach", {**values, "place": path}, upload_files=files, status=400
    )
    assert used(office, "paul")[1] == 0


def test_what_is_too_much_is_refused_before_it_is_sent(office, ines):
    for name in ("un", "deux"):
        attach(ines, name, bytes(MB))
    error = attach(ines, "trois", bytes(MB), status=400).json["error"]
    assert error.startswith("These files are too large together")
    assert attach(ines, "vide", b"", status=400).json["error"] == "This file is empty."
    page, _path = write(ines)
    assert listed(page) == ["un", "deux"]
    limit = int(page.html.select_one("[data-attaching]")["data-largest"])
    form = form_with(page, "body")
    form["to"] = "zoe"
    form["attached.files"] = [Upload("trois", bytes(MB))]
    assert "These files are too large together" in form.submit("send", status=400)
    page, _path = write(ines)
    assert listed(page) == ["un", "deux"]
    attach(ines, "reste", bytes(limit - 2 * MB))  # as much as is promised
    form = form_with(write(ines)[0], "body")
    form["to"] = "zoe"
    form.submit("send").follow()
    leave(office)
    assert len(list(last(office, "zoe").iter_attachments())) == 3


def test_where_no_room_is_left_that_is_said(office, browsers):
    uid = office.uids["zoe"]
    left = office.do(lambda request: request.find_service(IQuota).left(uid))
    office.do(lambda request: request.find_service(IQuota).claim(uid, "email", left - 10))
    answer = attach(browsers["zoe"], "plan.pdf", b"%PDF-1.4 plan", status=400)
    assert answer.json["error"]
    assert used(office, "zoe")[1] == 0
    office.do(lambda request: request.find_service(IQuota).release(uid, "email", left - 10))
