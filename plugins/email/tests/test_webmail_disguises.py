"""Words that are made to be read as others: in subjects, names, files, folders and texts."""

import pytest

from communicate_email.letters import Letter
from communicate_email.mime.filenames import safe
from communicate_email.views.people import clean
from communicate_email.views.prose import prose

from .test_webmail import inbox, opened, rows

TURNED = "\u202egpj.exe"  # shown as exe.jpg where it is not cleaned
HOSTILE = (
    f'From: "{TURNED}<script>alert(1)</script>" <luce@elsewhere.example>\r\n'
    f"To: ines@tilleuls.example\r\nSubject: {TURNED} \u2066<b>x</b> &amp; ${{name}}\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nVoir https://a.example/{TURNED}\r\n"
    f'--b\r\nContent-Type: image/svg+xml; name="{TURNED}"\r\n'
    f'Content-Disposition: inline; filename="<i>{TURNED}.svg"\r\n\r\n'
    "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>\r\n--b--\r\n"
).encode()
OPENED = [
    *("text/html", "text/xml", "text/javascript", "image/svg+xml", "application/xml"),
    *("application/xhtml+xml", "application/pdf", "message/rfc822", "x/y;charset=utf-7"),
]


@pytest.fixture(scope="module")
def ines(office):
    return office.house.browser("ines")


def test_signs_that_nobody_sees_or_that_turn_what_is_read_are_not_shown(office, ines):
    office.deliver(Letter(HOSTILE, "luce@elsewhere.example"))
    page = inbox(ines)
    who, subject = rows(page)[0]
    assert who == "Unread: gpj.exe<script>alert(1)</script>"
    assert subject == "gpj.exe <b>x</b> &amp; ${name}"
    page = opened(page, subject)
    assert page.html.select_one("title").text.startswith(subject)
    assert page.html.select_one(".mail-attached a").text == "<i>gpj.exe.svg"
    assert page.html.select_one(".mail-text a")["href"] == "https://a.example/gpj.exe"
    base = page.request.path.partition("/mail/")[0]
    found = ines.get(f"{base}/mail/search?q=voir")
    assert "gpj.exe" in found
    pages = [page, found, inbox(ines), page.click("To print"), page.click("Reply", index=0)]
    for alone in (*pages, page.click("Forward", index=0), ines.get("/")):
        assert "\u202e" not in alone
        assert "<script>alert" not in alone
        assert "<b>x</b>" not in alone


def test_names_of_folders_are_words_and_nothing_else(office, ines):
    page = inbox(ines).click("Folders", index=0)
    form = next(
        form for form in page.forms.values() if "name" in form.fields and form.id != "search"
    )
    form["name"] = f"{TURNED}<b>x"
    page = form.submit("make").follow()
    assert page.html.select_one(".mail-list h1").text == "gpj.exe<b>x"
    assert "\u202e" not in page


@pytest.mark.parametrize("media", OPENED)
def test_no_attachment_is_opened_in_the_site(office, ines, media):
    raw = (
        "From: luce@elsewhere.example\r\nSubject: Joint\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nVoir\r\n"
        f"--b\r\nContent-Type: {media}\r\nContent-Disposition: inline\r\n\r\n"
        "<script>alert(1)</script>\r\n--b--\r\n"
    )
    office.deliver(Letter(raw.encode(), "luce@elsewhere.example"))
    page = opened(inbox(ines), "Joint")
    for link in page.html.select(".mail-attached a"):
        file = ines.get(link["href"])
        assert file.headers["Content-Disposition"].startswith("attachment; ")
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert file.headers["Content-Security-Policy"].endswith("; sandbox")
        assert "charset=utf-7" not in file.headers["Content-Type"]
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d👩\u200d👧 Famille",
        "می\u200cخواهم",  # noqa: RUF001
        "क्\u200dष",
        "Été à l’île : « oui »",
        "שלום 2026",
    ],
)
def test_signs_that_belong_to_a_writing_are_kept(text):
    assert clean(text) == text


@pytest.mark.parametrize(
    "sign", "\u200b\u200c\u200d\u200e\u202e\u2066\u2028\xad\u061c\ufeff\x07\n"
)
def test_hidden_signs_in_latin_words_are_not(sign):
    assert clean(f"ban{sign}que") == safe(f"ban{sign}que") == "banque"


def test_no_link_goes_on_behind_a_hidden_sign():
    for sign in "\u200b\u2066\u200f":
        assert 'href="https://a.example/x"' in prose(f"https://a.example/x{sign}gpj.exe")
    assert 'href="https://a.example/x"' in prose("https://a.example/x.")
