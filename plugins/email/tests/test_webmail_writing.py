"""Writing on the site: to whom, answers, files, what is kept, and what is taken back."""

from email import message_from_bytes
from email.policy import default

import pytest
from webtest import Upload

from communicate_email.sending.runner import send_due
from communicate_email.store.reading import Reading

from .conftest import DOMAIN, make_office
from .test_webmail import form_saying, inbox, opened, rows


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("writing"))
    for login in ("ines", "paul", "zoe"):
        made.deliver(made.letter("Bienvenue"), login)
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def browsers(office):
    return {login: office.house.browser(login) for login in ("ines", "paul", "zoe")}


def written(page, words="Send", status=None, **values):
    """Fill in the form of *page* and send it; return what comes."""
    form = form_saying(page, words)
    for name, value in values.items():
        form[name] = value
    return form.submit(words.lower(), status=status)


def leave(office):
    """Have what waits leave."""
    office.pass_time(seconds=11)
    send_due(office.house.registry)


def last(office, login, role="inbox"):
    """Return the last message in a folder."""
    row = office.rows(login, role)[-1]
    raw = office.look(login, lambda request, held: Reading(request, held).raw(row.id))
    return message_from_bytes(raw, policy=default)


def to_write(browser):
    """Return the page with the form."""
    return inbox(browser).click("Write")


def test_two_members_write_read_and_answer(office, browsers):
    page = written(
        to_write(browsers["ines"]), to="paul", subject="L’échelle", body="Rendue samedi ?"
    ).follow()
    assert "Your message is sent." in page
    assert last(office, "ines", "sent")["Subject"] == "L’échelle"
    leave(office)
    page = opened(inbox(browsers["paul"]), "L’échelle")
    assert "Rendue samedi ?" in page
    page = page.click("Reply", index=0)
    form = form_saying(page, "Send")
    assert form["to"].value == f"ines@{DOMAIN}"
    assert form["subject"].value == "Re: L’échelle"
    assert f"ines@{DOMAIN} wrote:\n> Rendue samedi ?" in form["body"].value
    written(page, body="Oui, " + form["body"].value.strip())
    assert office.rows("paul")[-1].flags & 2  # answered
    leave(office)
    page = opened(inbox(browsers["ines"]), "Re: L’échelle")
    assert page.html.select_one(".mail-text blockquote").text == "Rendue samedi ?"
    first, second = last(office, "ines", "sent"), last(office, "ines")
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["References"] == first["Message-ID"]
    talk = [one.text for one in page.html.select(".mail-thread .row-end span")]
    assert talk == ["Sent", "Inbox"]


def test_what_was_sent_is_taken_back_within_ten_seconds_and_written_on(office, browsers):
    before = len(office.rows("zoe"))
    page = written(
        to_write(browsers["ines"]), to="zoe", bcc="paul", subject="Trop vite", body="Zut"
    ).follow()
    page = form_saying(page, "Undo").submit().follow()
    assert "The message is not sent." in page
    form = form_saying(page, "Send")
    assert (form["to"].value, form["bcc"].value) == (f"zoe@{DOMAIN}", f"paul@{DOMAIN}")
    leave(office)
    assert len(office.rows("zoe")) == before
    assert "Trop vite" not in str(office.rows("ines", "sent"))
    page = browsers["ines"].get(inbox(browsers["ines"]).click("Drafts", index=0).request.url)
    assert rows(page) == [(f"To: zoe@{DOMAIN}", "Trop vite")]
    written(opened(page, "Trop vite"), body="Bien")
    assert not office.rows("ines", "drafts")
    leave(office)
    got = last(office, "zoe")
    assert got.get_content().strip() == "Bien"
    assert got["Bcc"] is None
    assert last(office, "ines", "sent")["Bcc"] == f"paul@{DOMAIN}"


def test_what_has_left_is_not_taken_back(office, browsers):
    page = written(to_write(browsers["ines"]), to="zoe", subject="Parti", body="là").follow()
    leave(office)
    page = form_saying(page, "Undo").submit().follow()
    assert "It was too late" in page
    assert last(office, "zoe")["Subject"] == "Parti"


def test_files_go_along_and_are_sent_on(office, browsers):
    form = form_saying(to_write(browsers["ines"]), "Send")
    form["to"], form["subject"], form["body"] = "zoe", "Plan", "Voici"
    form["attached.files"] = [Upload("plan à jour.pdf", b"%PDF-1.4 \x00\xff\r\n\n", "text/html")]
    form.submit("send").follow()
    leave(office)
    part = next(last(office, "zoe").iter_attachments())
    assert part.get_filename() == "plan à jour.pdf"
    assert part.get_content_type() == "application/pdf"
    assert part.get_content() == b"%PDF-1.4 \x00\xff\r\n\n"
    page = opened(inbox(browsers["zoe"]), "Plan").click("Forward", index=0)
    form = form_saying(page, "Send")
    assert form["subject"].value == "Fwd: Plan"
    assert "Voici" in form["body"].value
    written(page, to="paul")
    leave(office)
    assert next(last(office, "paul").iter_attachments()).get_content() == part.get_content()
    kept = next(name for name in form.fields if name and name.startswith("kept-"))
    form = form_saying(page, "Send")
    form["to"], form[kept], form["body"] = "paul", False, "Sans le plan"
    form.submit("send").follow()
    leave(office)
    assert not list(last(office, "paul").iter_attachments())


def test_an_answer_to_all_goes_to_each_but_oneself(office, browsers):
    office.deliver(
        office.letter(
            "Fête",
            From=f"Paul <paul@{DOMAIN}>",
            To=f"Ines <ines@{DOMAIN}>, zoe@{DOMAIN}",
            Cc="luce@elsewhere.example",
        )
    )
    page = opened(inbox(browsers["ines"]), "Fête")
    form = form_saying(page.click("Reply to all"), "Send")
    assert form["to"].value == f"Paul <paul@{DOMAIN}>"
    assert form["cc"].value == f"zoe@{DOMAIN}, luce@elsewhere.example"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"to": ""}, "Say to whom this goes"),
        ({"to": "nobody.here"}, "Nobody has the login nobody.here."),
        ({"to": f"nobody@{DOMAIN}"}, "Nobody here has the address"),
        ({"to": "a@b@c"}, "is not an e-mail address"),
        ({"to": "paul", "cc": "x@"}, "is not an e-mail address"),
        ({"to": "paul", "subject": "x" * 501}, "Write at most 500 characters"),
    ],
)
def test_what_cannot_be_sent_is_said_beside_its_field_and_nothing_is_lost(
    office, browsers, values, said
):
    before = len(office.rows("ines", "sent"))
    page = to_write(browsers["ines"])
    form = form_saying(page, "Send")
    form["body"] = "Des mots précieux"
    for name, value in values.items():
        form[name] = value
    page = form.submit("send", status=400)
    assert said in page
    assert form_saying(page, "Send")["body"].value == "Des mots précieux"
    assert len(office.rows("ines", "sent")) == before
    page = to_write(browsers["ines"])
    assert form_saying(page, "Send")["body"].value == "Des mots précieux"  # as a draft


def test_headers_cannot_be_added_by_what_is_typed(office, browsers):
    page = to_write(browsers["ines"])
    form = form_saying(page, "Send")
    form["to"], form["body"] = "zoe", "x"
    token = form["csrf_token"].value
    for field in ("subject", "to", "cc"):
        sent = {"csrf_token": token, "to": "zoe", "subject": "s", "cc": "", "bcc": "", "body": "b"}
        sent[field] += "\r\nX-Evil: yes"
        browsers["ines"].post(page.request.path, sent, expect_errors=True)
    leave(office)
    for login in ("ines", "zoe"):
        for role in ("inbox", "sent"):
            for row in office.rows(login, role):
                raw = office.look(login, lambda r, held, row=row: Reading(r, held).raw(row.id))
                assert b"\nX-Evil" not in raw


def test_nothing_is_added_to_what_was_written(office, browsers):
    words = {"to": "zoe", "cc": "", "bcc": "", "subject": "Nu", "body": "Rien d'autre"}
    written(to_write(browsers["ines"]), **words).follow()
    leave(office)
    got = last(office, "zoe")
    added = {"Return-Path", "Delivered-To", "Received"}
    assert set(got.keys()) - added == {
        *("From", "To", "Subject", "Date", "Message-ID"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }
    assert got.get_payload(decode=True) == b"Rien d'autre\r\n"


def test_only_ones_own_is_answered_or_unsent(office, browsers):
    page = opened(inbox(browsers["ines"]), "Bienvenue")
    box, uid = page.request.path.split("/read/")
    for verb in ("reply", "reply-all", "forward"):
        browsers["paul"].get(f"{box}/{verb}/{uid}", status=404)
    base = box.rpartition("/")[0]
    browsers["paul"].get(f"{base}/write", status=404)
    token = browsers["paul"].get("/account/drafts").html.select_one("[name=csrf_token]")["value"]
    browsers["paul"].post(f"{base}/unsend", {"csrf_token": token}, status=404)
    own = inbox(browsers["paul"]).request.path.rpartition("/")[0]
    for sent in ({}, {"number": "x", "uid": "1"}, {"number": "é", "uid": "1"}):
        browsers["paul"].post(f"{own}/unsend", {"csrf_token": token, **sent}, status=400)
    browsers["ines"].get(f"{box}/resume/{uid}", status=404)


def test_folders_are_made_renamed_moved_and_deleted(browsers):
    paul = browsers["paul"]
    page = inbox(paul).click("Folders")
    assert "You have no folders of your own yet." in page
    page = written(page, "Make the folder", name="École").follow()
    assert page.html.select_one("h1").text == "École"
    page = written(page.click("Folders"), "Make the folder", 400, name="École")
    assert "There is a folder of that name." in page
    form = form_saying(page, "Make the folder")
    form["name"], form["parent"] = "Cantine", form["parent"].options[1][0]
    page = form.submit("make").follow().click("Folders")
    page = page.goto(page.html.find("a", string="Cantine", class_="row-title")["href"])
    form = form_saying(page, "Save")
    form["name"], form["parent"] = "Menus", "top"
    page = form.submit("save").follow()
    page = page.goto(page.html.find("a", string="Menus", class_="row-title")["href"])
    page = form_saying(page, "Delete the folder").submit().follow()
    assert "The folder is gone." in page
    assert "Menus" not in page
    assert "École" in page
    box = inbox(paul).request.path
    paul.get(f"{box}/folder", status=404)
