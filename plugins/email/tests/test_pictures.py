"""Pictures from elsewhere: always from a sender who is known, until that is taken back."""

from base64 import b64encode
from dataclasses import replace

import pytest

from communicate_email.errors import Refused
from communicate_email.interfaces import IMailStore
from communicate_email.letters import OUTSIDE
from communicate_email.receiving.results import Checked

from .conftest import make_office
from .test_vouching import GOOD, RECEIVED
from .test_webmail import inbox, opened

PICTURE = '<p>Mot</p><img src="https://images.example/p.png">'
LUCE = "luce@elsewhere.example"
FAILED = replace(GOOD, spf="fail", signatures=(), dmarc="fail")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("pictures"))
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def ines(office):
    return office.house.browser("ines")


def brought(office, subject, found: Checked = GOOD, html=PICTURE, **fields):
    """Have a message with a picture come in, of which *found* was found out."""
    fields = {"Content_Type": "text/html; charset=utf-8", **fields}
    letter = office.letter(subject, html, **fields)
    office.deliver(replace(letter, headers=(found.header("localhost"), RECEIVED), way=OUTSIDE))


def frame_of(page):
    """Return the page in the frame of *page*."""
    return page.goto(page.html.select_one("iframe")["src"])


def always(page):
    """Press “Always from this sender”."""
    form = next(form for form in page.forms.values() if "/pictures/" in form.action)
    return form.submit().follow()


def test_they_load_at_once_in_what_is_really_from_a_sender_who_was_chosen(office, ines):
    brought(office, "Image 1")
    page = opened(inbox(ines), "Image 1")
    assert "which learn by that when and from which internet address you read" in page
    assert "img-src data:;" in frame_of(page).headers["Content-Security-Policy"]
    page = always(page)
    assert f"Pictures in messages of {LUCE} are loaded from now on." in page
    assert 'src="https://images.example/p.png"' in frame_of(page)
    assert "are loaded, as you chose" in page

    brought(office, "Image 2")
    assert 'src="https://images.example/p.png"' in frame_of(opened(inbox(ines), "Image 2"))
    for number, (found, author) in enumerate(
        [(FAILED, f"Luce <{LUCE}>"), (GOOD, f"Luce <{LUCE}>, Eve <eve@evil.example>")]
    ):
        brought(office, f"Fausse {number}", found, From=author)
        page = opened(inbox(ines), f"Fausse {number}")
        assert "is held back" in page
        assert "images.example" not in frame_of(page)
        assert "Always from this sender" not in page

    page = page.goto(
        opened(inbox(ines), "Image 2").html.select_one("a[href$='/pictures']")["href"]
    )
    assert LUCE in page.html.select_one(".rows").text
    form = next(form for form in page.forms.values() if "address" in form.fields)
    page = form.submit().follow()
    assert f"Pictures in messages of {LUCE} wait until you ask for them." in page
    assert not page.html.select(".rows form")
    assert "is held back" in opened(inbox(ines), "Image 2")


def test_a_sender_who_is_not_known_cannot_be_chosen_by_hand_either(office, ines):
    brought(office, "Douteuse", FAILED)
    page = opened(inbox(ines), "Douteuse")
    path = page.request.path.replace("/read/", "/pictures/")
    token = page.html.select_one("[name=csrf_token]")["value"]
    ines.post(path, {"csrf_token": token}, status=400)
    paul = office.house.browser("paul")
    token = paul.get("/mail").html.select_one("[name=csrf_token]")["value"]
    paul.post(path, {"csrf_token": token}, status=404)
    paul.get("/members/ines/mail/pictures", status=404)


def test_pictures_that_the_message_brings_along_need_no_asking(office, ines):
    data = b64encode(b"\x89PNG\r\n\x1a\n").decode()
    brought(office, "Dedans", html=f'<img src="data:image/png;base64,{data}">')
    page = opened(inbox(ines), "Dedans")
    assert "is held back" not in page
    assert "Always from this sender" not in page


def test_what_is_never_loaded_is_not_offered(office, ines):
    brought(office, "Fond", html="<p style='background:url(https://images.example/f.png)'>Mot</p>")
    page = opened(inbox(ines), "Fond")
    assert "What this message would load from elsewhere is held back." in page
    assert "Load the pictures" not in page


def test_the_choice_has_a_measure_and_holds_addresses_only(office):
    def choose(request, account):
        pictures = request.find_service(IMailStore).pictures(account)
        before = pictures.senders()
        for bad in ("", "x", "a@b\n", "a" * 400 + "@b"):
            with pytest.raises(Refused):
                pictures.allow(bad)
        for number in range(500 - len(before)):
            pictures.allow(f"n{number}@x.example")
        with pytest.raises(Refused):
            pictures.allow("one@too.many")
        pictures.allow("N1@X.example")
        for each in pictures.senders():
            pictures.withdraw(each)
        assert account.pictures is None

    office.look("ines", choose)
