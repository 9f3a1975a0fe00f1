"""HTML of messages: in a frame, under rules of its own, with nothing from elsewhere unasked."""

from base64 import b64encode

import pytest

from communicate_email.letters import Letter

from .conftest import make_office
from .test_webmail import inbox, opened

PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(20)
HTML = (
    "<p onclick=alert(1)>Bonjour <b>Inès</b></p><script>alert(2)</script>"
    '<img src="https://espion.example/pixel.gif" alt="suivi"><img src="cid:logo" alt="logo">'
    '<a href="https://voleur.example/">https://banque.example/</a>'
)
RAW = (
    b"From: Luce <luce@elsewhere.example>\r\nTo: ines@tilleuls.example\r\nSubject: Riche\r\n"
    b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="r"\r\n\r\n'
    b"--r\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + HTML.encode() + b"\r\n"
    b"--r\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\nContent-Disposition: inline\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n" + b64encode(PIXEL) + b"\r\n--r--\r\n"
)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("rich"))
    made.deliver(Letter(RAW, "luce@elsewhere.example"))
    made.deliver(made.letter("Simple"))
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def ines(office):
    return office.house.browser("ines")


@pytest.fixture
def page(ines):
    return opened(inbox(ines), "Riche")


def test_it_is_in_a_sandbox_and_loads_nothing_from_elsewhere(page):
    frame = page.html.select_one("iframe")
    assert set(frame["sandbox"]) == {"allow-popups", "allow-popups-to-escape-sandbox"}
    assert "espion.example" not in page
    inside = page.goto(frame["src"])
    assert "Bonjour <b>Inès</b>" in inside
    for word in ("script", "onclick", "espion.example"):
        assert word not in inside.text
    assert f'src="data:image/png;base64,{b64encode(PIXEL).decode()}"' in inside
    rules = dict(one.strip().split(" ", 1) for one in policy_of(inside).split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "allow-same-origin" not in rules["sandbox"]
    assert "allow-scripts" not in rules["sandbox"]
    assert inside.headers["X-Frame-Options"] == "SAMEORIGIN"


def policy_of(page):
    """Return the Content-Security-Policy of *page*."""
    return page.headers["Content-Security-Policy"]


def test_what_is_elsewhere_is_loaded_once_the_reader_asks_and_for_that_message_only(ines, page):
    assert "is held back" in page
    asked = page.click("Load the pictures")
    assert "is held back" not in asked
    inside = asked.goto(asked.html.select_one("iframe")["src"])
    assert 'src="https://espion.example/pixel.gif"' in inside
    assert "img-src data: https://espion.example;" in policy_of(inside)
    assert "script" not in inside.text
    assert "is held back" in opened(inbox(ines), "Riche")


def test_a_link_whose_words_name_another_host_says_where_it_goes(page):
    inside = page.goto(page.html.select_one("iframe")["src"])
    assert "→ voleur.example" in inside


def test_it_is_read_as_text_too_and_what_is_text_has_no_frame(ines, page):
    text = page.click("Read it as plain text")
    assert not text.html.select("iframe")
    assert "Bonjour" in text.html.select_one(".mail-text").text
    assert text.click("Read it as it was made").html.select("iframe")
    simple = opened(inbox(ines), "Simple")
    assert not simple.html.select("iframe")
    ines.get(simple.request.path.replace("/read/", "/frame/"), status=404)


def test_nobody_else_opens_the_frame(office, page):
    address = page.html.select_one("iframe")["src"]
    paul = office.house.browser("paul")
    assert "Bonjour" not in paul.get(address, status=404)
    assert "Bonjour" not in office.house.browser().get(address, expect_errors=True)
