"""Webmail: what comes in is listed, read, marked, put away, thrown away and taken back."""

import re

import pytest

from communicate_email.letters import Letter

from .conftest import DOMAIN, make_office

MULTIPART = (
    b"From: Luce <luce@elsewhere.example>\r\n"
    b"To: ines@tilleuls.example\r\n"
    b"Subject: =?utf-8?q?Le_devis_de_la_b=C3=A2che?=\r\n"
    b"MIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"Voici.\r\n> Tu m'envoies le devis ?\r\n"
    b"Voir https://elsewhere.example/devis.\r\n"
    b'--b\r\nContent-Type: text/html; name="devis.html"\r\n'
    b'Content-Disposition: attachment; filename="devis.html"\r\n\r\n'
    b"<script>alert(1)</script>\r\n"
    b"--b--\r\n"
)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("webmail"), **{"email.page_size": "5"})
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def browsers(office):
    return {login: office.house.browser(login) for login in ("ines", "paul", "zoe", "oscar")}


@pytest.fixture
def ines(browsers):
    return browsers["ines"]


def inbox(browser):
    """Return the page of what came in."""
    return browser.get("/mail").follow().follow()


def rows(page):
    """Return the messages of a list: who, about what."""
    return [
        (one.select_one(".row-title").text.strip(), one.select_one(".row-subject").text)
        for one in page.html.select(".mail-rows > li")
    ]


def opened(page, subject):
    """Return the page of the message with that subject, opened from the list."""
    row = next(
        one
        for one in page.html.select(".mail-rows > li")
        if one.select_one(".row-subject").text == subject
    )
    return page.goto(row.select_one(".row-title")["href"])


def form_saying(page, words):
    """Return the form that has *words* on a button."""
    return next(form for form in page.forms.values() if f"{words}</" in form.text)


def act(page, verb, **more):
    """Press a button of the one message that is read."""
    path = re.search(r'action="([^"]+/act)"', page.text)[1]
    token = page.html.select_one("[name=csrf_token]")["value"]
    uid = page.html.select_one(".mail-read [name=uid]")["value"]
    return page.test_app.post(path, {"csrf_token": token, "uid": uid, "act": verb, **more})


def test_who_has_no_mail_yet_is_told_the_address_and_opens_the_mailbox(browsers):
    page = browsers["zoe"].get("/mail")
    assert f"Nothing here. Your address is <strong>zoe@{DOMAIN}</strong>" in page
    page = form_saying(page, "Open my mailbox").submit().follow().follow()
    assert f"Nothing here. Your address is <strong>zoe@{DOMAIN}</strong>" in page
    assert "0 messages" in page
    for folder in ("Inbox", "Drafts", "Sent", "Archives", "Junk", "Trash"):
        assert page.click(folder, index=0).status_int == 200


def test_what_comes_in_is_listed_read_and_counted(office, ines):
    office.deliver(office.letter("Un banc", body="Le banc du canal est réparé."))
    page = inbox(ines)
    assert rows(page)[0] == ("Unread: Luce", "Un banc")
    assert page.html.select_one(".unread .row-line").text == "Le banc du canal est réparé."
    assert page.html.select_one(".services .count").text.startswith("1")
    page = opened(page, "Un banc")
    assert page.html.select_one(".mail-text").text == "Le banc du canal est réparé."
    assert "luce@elsewhere.example" in page.html.select_one(".mail-from").text
    assert f"To ines@{DOMAIN}" in page.html.select_one(".meta").text
    assert rows(inbox(ines))[0] == ("Luce", "Un banc")


def test_many_messages_are_paged_both_ways(office, ines):
    for number in range(12):
        office.deliver(office.letter(f"Page {number}"))
    page = inbox(ines)
    shown = [rows(page)]
    while "Next page" in page:
        page = page.click("Next page")
        shown.append(rows(page))
    assert [len(one) for one in shown[:-1]] == [5] * (len(shown) - 1)
    every = [subject for one in shown for _who, subject in one]
    assert every == list(dict.fromkeys(every))
    assert every[:3] == ["Page 11", "Page 10", "Page 9"]
    while "Previous page" in page:
        page = page.click("Previous page")
    assert rows(page) == shown[0]


def test_marks_are_set_and_taken_away(office, ines):
    office.deliver(office.letter("Marque"))
    page = opened(inbox(ines), "Marque")
    page = act(page, "star", stay="yes").follow()
    assert "Take the star away" in page
    assert inbox(ines).html.select(".mail-rows .mail-star")
    page = act(page, "unstar", stay="yes").follow()
    assert not inbox(ines).html.select(".mail-rows .mail-star")
    page = act(page, "unseen").follow()
    assert ("Unread: Luce", "Marque") in rows(page)


@pytest.mark.parametrize(
    ("verb", "folder"), [("archive", "Archives"), ("delete", "Trash"), ("junk", "Junk")]
)
def test_what_is_put_away_is_elsewhere_and_comes_back(office, ines, verb, folder):
    office.deliver(office.letter(f"Va {verb}"))
    page = act(opened(inbox(ines), f"Va {verb}"), verb).follow()
    assert f"1 message is in “{folder}” now." in page
    assert f"Va {verb}" not in str(rows(page))
    assert f"Va {verb}" in str(rows(page.click(folder, index=0)))
    page = form_saying(page, "Undo").submit().follow()
    assert "It is as it was." in page
    assert f"Va {verb}" in str(rows(page))


def test_what_is_in_the_trash_is_destroyed_after_a_question(office, ines):
    office.deliver(office.letter("Adieu"))
    page = act(opened(inbox(ines), "Adieu"), "delete").follow().click("Trash", index=0)
    sure = act(opened(page, "Adieu"), "delete")
    assert "1 message will be destroyed." in sure
    assert "Adieu" in str(rows(page.click("Trash", index=0)))
    page = form_saying(sure, "Delete for good").submit().follow()
    assert "1 message is gone for good." in page
    assert "Adieu" not in str(rows(page))


def test_ticked_messages_are_moved_together(office, ines):
    for name in ("Ensemble 1", "Ensemble 2"):
        office.deliver(office.letter(name))
    page = inbox(ines)
    form = next(form for form in page.forms.values() if "uid" in form.fields)
    for box in form.fields["uid"][:2]:
        box.checked = True
    page = form.submit("act", value="archive").follow()
    assert "2 messages are in “Archives” now." in page
    assert "Ensemble" not in str(rows(page))
    assert "Ensemble" in str(rows(form_saying(page, "Undo").submit().follow()))


def test_attachments_are_handed_out_and_never_run(office, ines):
    office.deliver(Letter(MULTIPART, "luce@elsewhere.example"))
    page = opened(inbox(ines), "Le devis de la bâche")
    text = page.html.select_one(".mail-text")
    assert text.select_one("blockquote").text == "Tu m'envoies le devis ?"
    assert text.select_one("a")["href"] == "https://elsewhere.example/devis"
    link = page.html.select_one(".mail-attached a")
    assert link.text == "devis.html"
    file = ines.get(link["href"])
    assert file.body == b"<script>alert(1)</script>"
    assert file.headers["Content-Disposition"].startswith("attachment; ")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    source = page.click("Show the source")
    assert MULTIPART in source.body
    assert source.content_type == "text/plain"
    assert "sandbox" in source.headers["Content-Security-Policy"]
    assert MULTIPART in page.click("Download it").body
    alone = page.click("To print")
    assert "Voici." in alone
    assert not alone.html.select(".mail-list")


def test_who_a_message_is_from_cannot_be_made_up_unseen(office, ines):
    office.deliver(
        office.letter(
            "Virement",
            From='"mairie@tilleuls.example" <voleur@ailleurs.example>',
            Reply_To="autre@ailleurs.example",
        )
    )
    said = str(opened(inbox(ines), "Virement").html.select(".mail-read .alert"))
    assert "is called “mairie@tilleuls.example”, and writes from voleur@ailleurs.example" in said
    assert "Answers go to another address than the sender's: autre@ailleurs.example" in said
    office.deliver(office.letter("Mêlé", From="Banque <b@b\u0430nque.example>"))
    said = str(opened(inbox(ines), "Mêlé").html.select(".alert-warn"))
    assert "letters of several alphabets" in said
    office.deliver(office.letter("Net"))
    assert not opened(inbox(ines), "Net").html.select(".alert-warn")


def test_words_are_found(office, ines):
    office.deliver(office.letter("Mirabelle", body="Deux cageots de quetsches."))
    page = inbox(ines)
    form = next(form for form in page.forms.values() if form.action.endswith("/mail/search"))
    form["q"] = "quetsches"
    found = form.submit()
    assert rows(found) == [("Unread: Luce", "Mirabelle")]
    form["q"] = "introuvable"
    assert "No message of yours is like that." in form.submit()


def test_only_the_owner_opens_it_and_for_others_it_is_not_there(office, browsers):
    office.deliver(office.letter("Secret", body="Pour moi seule."))
    page = opened(inbox(browsers["ines"]), "Secret")
    path = page.request.path
    box = path.partition("/read/")[0]
    uid = path.rpartition("/")[2]
    account = box.rpartition("/")[0]
    addresses = [account, box, path, f"{account}/search?q=secret"]
    addresses += [f"{box}/{name}/{uid}" for name in ("print", "source")]
    addresses += [f"{box}/part/{uid}/1"]
    for login in ("paul", "oscar"):
        for address in addresses:
            assert "Pour moi" not in browsers[login].get(address, status=404)
        token = browsers[login].get("/mail").html.select_one("[name=csrf_token]")["value"]
        sent = {"csrf_token": token, "uid": uid, "act": "delete"}
        browsers[login].post(f"{box}/act", sent, status=404)
    stranger = office.house.browser()
    for address in addresses:
        assert "Pour moi" not in stranger.get(address, expect_errors=True)
    assert "Secret" in str(rows(inbox(browsers["ines"])))


@pytest.mark.parametrize(
    "tail",
    ["read", "read/0", "read/999999", "read/-1", "read/1/2", "read/x", "read/%EF%BC%99",
     "source/1e3", "part/1", "part/1/0", "part/1/..", "part/1/1.1.1.1", "part/1/9" * 3],
)  # fmt: skip
def test_what_is_not_there_is_not_found(ines, tail):
    box = inbox(ines).request.path
    ines.get(f"{box}/{tail}", status=404)


@pytest.mark.parametrize(
    "fields",
    [
        {"act": "fly", "uid": "1"},
        {"uid": "1"},
        {"act": "seen", "uid": "x"},
        {"act": "seen", "uid": "1" * 40},
        {"act": "seen", "uids": " ".join(map(str, range(1, 1200)))},
        {"act": "move", "uid": "1"},
        {"act": "move", "uid": "1", "to": "nowhere"},
        {"act": "destroy", "uid": "1", "sure": "yes"},
        {"act": "seen", "uid": "1", "before": "é"},
    ],
)
def test_what_no_form_sends_is_refused(office, ines, fields):
    office.deliver(office.letter("Là"))
    page = inbox(ines)
    token = page.html.select_one("[name=csrf_token]")["value"]
    ines.post(f"{page.request.path}/act", {"csrf_token": token, **fields}, status=400)
    assert "Là" in str(rows(inbox(ines)))


def test_without_a_tick_the_cure_is_told(ines):
    page = inbox(ines)
    token = page.html.select_one("[name=csrf_token]")["value"]
    sent = {"csrf_token": token, "act": "archive"}
    assert "Tick the messages" in ines.post(f"{page.request.path}/act", sent).follow()
