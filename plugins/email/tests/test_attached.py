"""What messages carry: shown where nothing can run, kept on one's disk."""

import pytest

from communicate.quota import QuotaExceeded
from communicate.shelf import NotKept
from communicate.testing.house import House
from communicate_email.letters import Letter

from .conftest import DOMAIN, PostOffice, make_office
from .test_webmail import inbox, opened
from .test_webmail_html import PIXEL

PNG = b"Content-Type: image/png\r\nContent-Disposition: attachment; filename=%s\r\n\r\n" + PIXEL
LATIN = (
    b"Content-Type: text/plain; charset=iso-8859-1\r\n"
    b"Content-Disposition: attachment; filename=notes.txt\r\n\r\n<b>ch\xeane</b>"
)
SVG = (
    b"Content-Type: image/svg+xml\r\nContent-Disposition: attachment; filename=x.svg\r\n\r\n"
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
)
CALL = (
    b"Content-Type: text/calendar; method=REQUEST\r\n"
    b"Content-Disposition: attachment; filename=rdv.ics\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR"
)


def carrying(subject, *parts):
    """Return a letter with *parts*."""
    head = f"From: luce@elsewhere.example\r\nSubject: {subject}\r\n".encode()
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    kind = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    return Letter(head + kind + body + b"--b--\r\n", "luce@elsewhere.example")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    given = {"language": "en", "email.domain": DOMAIN}
    made = PostOffice(House(tmp_path_factory.mktemp("attached"), ["email", "vdisk"], given))
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def ines(office):
    return office.house.browser("ines")


def test_pictures_and_plain_text_are_shown_and_nothing_else(office, ines):
    office.deliver(carrying("Divers", PNG % b"a.png", LATIN, SVG, CALL))
    page = opened(inbox(ines), "Divers")
    items = page.html.select(".mail-attached > li")
    assert [len(one.select("img")) for one in items] == [1, 0, 0, 0]
    picture = ines.get(items[0].select_one("img")["src"])
    assert (picture.body, picture.content_type) == (PIXEL, "image/png")
    assert picture.headers["Content-Disposition"].startswith("inline; ")
    text = ines.get(items[1].select_one("a[href$='?show']")["href"])
    assert text.headers["Content-Type"] == "text/plain; charset=UTF-8"
    assert text.body.decode() == "<b>chêne</b>"
    for answer in (picture, text):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].endswith("sandbox")
    for item in items[2:]:
        assert not item.select("a[href$='?show']")
        file = ines.get(f"{item.select_one('.row-title')['href']}?show")
        assert file.headers["Content-Disposition"].startswith("attachment; ")


def test_a_page_shows_so_many_pictures(office, ines):
    office.deliver(carrying("Album", *(PNG % b"%d.png" % number for number in range(20))))
    page = opened(inbox(ines), "Album")
    assert len(page.html.select(".mail-attached img")) == 12
    assert len(page.html.select(".mail-attached > li")) == 20


def test_what_is_attached_is_kept_on_the_disk_twice_if_asked_twice(office, ines):
    office.deliver(carrying("À garder", LATIN))
    for _ in range(2):
        page = opened(inbox(ines), "À garder")
        form = next(form for form in page.forms.values() if "/keep/" in form.action)
        page = form.submit().follow()
        assert "“notes.txt” is on your disk." in page
        assert "À garder" in page.html.select_one("h1").text
    page = ines.get("/disk").follow()
    assert "notes.txt" in page
    assert "notes (2).txt" in page


def test_others_keep_nothing_of_it(office, ines):
    office.deliver(carrying("Secret", LATIN))
    path = opened(inbox(ines), "Secret").request.path.replace("/read/", "/keep/") + "/1"
    paul = office.house.browser("paul")
    token = paul.get("/mail").html.select_one("[name=csrf_token]")["value"]
    paul.post(path, {"csrf_token": token}, status=404)
    token = inbox(ines).html.select_one("[name=csrf_token]")["value"]
    ines.post(f"{path}.9", {"csrf_token": token}, status=404)


def test_without_a_disk_it_is_not_offered(tmp_path):
    office = make_office(tmp_path)
    try:
        ines = office.house.browser("ines")
        office.deliver(carrying("Sans disque", LATIN))
        page = opened(inbox(ines), "Sans disque")
        assert not [form for form in page.forms.values() if "/keep/" in form.action]
        path = page.request.path.replace("/read/", "/keep/") + "/1"
        token = page.html.select_one("[name=csrf_token]")["value"]
        ines.post(path, {"csrf_token": token}, status=404)
    finally:
        office.house.close()


def test_what_the_disk_does_not_take_is_told(office, ines, monkeypatch):
    office.deliver(carrying("Trop", LATIN))
    for error in (NotKept("There is no such name."), QuotaExceeded("There is no room left.")):

        def fail(*_args, error=error):
            raise error

        monkeypatch.setattr("communicate_vdisk.shelf.Shelf.keep", fail)
        page = opened(inbox(ines), "Trop")
        form = next(form for form in page.forms.values() if "/keep/" in form.action)
        assert str(error) in form.submit().follow()
