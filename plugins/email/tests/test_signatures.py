"""Names, signatures and senders: kept sealed for each address, in what is written from it."""

import pytest

from communicate_email.addresses import Addresses
from communicate_email.identities import IDENTITY, Identities, Identity

from .conftest import DOMAIN, make_office
from .test_webmail import form_saying, inbox, opened
from .test_webmail_writing import last, leave, to_write, written

SHOP = f"boutique@{DOMAIN}"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("signatures"))
    for login in ("ines", "paul", "zoe"):
        made.deliver(made.letter("Bienvenue"), login)
    made.do(lambda request: Addresses(request).add_alias(made.uids["ines"], "boutique"))
    made.look("ines", identify)
    yield made
    made.house.close()


def identify(request, held):
    """Give each address of ines a name and a signature."""
    identities = Identities(request, held)
    identities.set(f"ines@{DOMAIN}", Identity("Inès, du 12", "Inès\nau 12"))
    identities.set(SHOP, Identity("La boutique", "Ouvert le samedi"))


@pytest.fixture(scope="module")
def ines(office):
    return office.house.browser("ines")


def test_they_are_set_for_each_address(office):
    paul = office.house.browser("paul")
    page = paul.get("/members/paul/mail/signatures")
    assert "no name, no signature" in page
    page = page.click(f"paul@{DOMAIN}")
    page = written(
        page, "Save", name=" Paul\u202e Roux ", signature="\nPaul  \nau fond\n"
    ).follow()
    assert "Paul Roux" in page
    form = form_saying(to_write(paul), "Send")
    assert form["body"].value == "\n\n-- \nPaul\nau fond\n"
    form["to"], form["body"] = "zoe", "Bonjour" + form["body"].value
    form.submit("send").follow()
    leave(office)
    got = last(office, "zoe")
    assert got["From"] == f"Paul Roux <paul@{DOMAIN}>"
    assert got.get_payload(decode=True) == b"Bonjour\r\n\r\n-- \r\nPaul\r\nau fond\r\n"
    page = paul.get("/members/paul/mail/signatures").click(f"paul@{DOMAIN}")
    written(page, "Save", name="", signature="")
    assert form_saying(to_write(paul), "Send")["body"].value == ""
    assert office.look("paul", lambda _request, held: held.identities) is None


def test_an_answer_comes_from_the_address_that_was_written_to(office, ines):
    for to, sender, end in (
        (SHOP, SHOP, "Ouvert le samedi"),
        (f"boutique+noel@{DOMAIN}", f"boutique+noel@{DOMAIN}", "Ouvert le samedi"),
        (f"ines@{DOMAIN}", f"ines@{DOMAIN}", "Inès\nau 12"),
    ):
        office.deliver(office.letter(f"À {to}", To="liste@elsewhere.example"), to)
        form = form_saying(opened(inbox(ines), f"À {to}").click("Reply", index=0), "Send")
        assert form["sender"].value == sender
        assert form["body"].value.startswith(f"\n\n-- \n{end}\n\nOn ")
        assert form["to"].value == "Luce <luce@elsewhere.example>"
        form["to"] = f"Zoé <zoe@{DOMAIN}>"
        form.submit("send").follow()
        leave(office)
        (author,) = last(office, "zoe")["From"].addresses
        assert author.addr_spec == sender
        assert author.display_name == (
            "Inès, du 12" if sender.startswith("ines") else "La boutique"
        )
        assert last(office, "zoe")["Return-Path"] == f"<{sender}>"


def test_nobody_writes_from_an_address_of_somebody_else(office, ines):
    page = to_write(ines)
    form = form_saying(page, "Send")
    form["to"] = "zoe"
    form["sender"].force_value(f"paul@{DOMAIN}")
    assert "Choose one of the answers" in form.submit("send", status=400)


def test_an_answer_goes_where_its_sender_wishes_and_that_is_said(office, ines):
    office.deliver(office.letter("Ailleurs", Reply_To="Liste <liste@autre.example>"))
    page = opened(inbox(ines), "Ailleurs").click("Reply", index=0)
    assert form_saying(page, "Send")["to"].value == "Liste <liste@autre.example>"
    said = page.html.select_one(".alert-warn").text
    assert "goes to liste@autre.example" in said
    assert "came from luce@elsewhere.example" in said
    page = opened(inbox(ines), "Bienvenue").click("Reply", index=0)
    assert page.html.select_one(".alert-warn") is None


def test_a_file_that_is_forgotten_is_asked_for_once(office, ines):
    form = form_saying(to_write(ines), "Send")
    form["to"], form["subject"], form["body"] = "zoe", "Plan", "Voici ci-joint le plan."
    page = form.submit("send", status=400)
    assert "Your message speaks of a file" in page
    form = form_saying(page, "Send without a file")
    form.submit("anyway").follow()
    leave(office)
    assert last(office, "zoe")["Subject"] == "Plan"


def test_what_is_kept_among_the_drafts_is_gone_on_with(office, ines):
    form = form_saying(to_write(ines), "Send")
    form["subject"], form["body"], form["format"] = "Plus tard", "Des **mots**", "formatted"
    form["sender"] = SHOP
    page = form.submit("keep").follow()
    assert "Your message waits among the drafts." in page
    assert form_saying(to_write(ines), "Send")["subject"].value == ""  # room for another one
    form = form_saying(opened(page, "Plus tard"), "Send")
    values = [form[name].value.strip() for name in ("sender", "subject", "body", "format")]
    assert values == [SHOP, "Plus tard", "Des **mots**", "formatted"]
    form["to"] = "zoe"
    form.submit("send").follow()
    assert not office.rows("ines", "drafts")
    leave(office)
    assert last(office, "zoe").get_body(("html",)).get_content().replace("\r", "") == (
        "<!DOCTYPE html>\n<html><body>\n<p>Des <strong>mots</strong></p>\n</body></html>\n"
    )


def test_a_preview_shows_what_the_reader_sees(ines):
    form = form_saying(to_write(ines), "Send")
    form["body"] = "Un *mot*\n> cité"
    page = form.submit("preview")
    assert page.html.select_one("#preview blockquote").text == "cité"
    assert page.html.select_one("#preview em") is None
    form = form_saying(page, "Send")
    form["format"] = "formatted"
    assert form.submit("preview").html.select_one("#preview em").text == "mot"


def test_names_and_signatures_lie_sealed_and_are_the_members_alone(office, ines):
    def stored(_request, held):
        return held.identities

    sealed = office.look("ines", stored)
    assert sealed.kind == IDENTITY
    for words in ("boutique", "samedi", "Inès"):
        assert words.encode() not in sealed.envelope
    page = ines.get("/members/ines/mail/signatures")
    path = page.html.select_one(".rows a")["href"]
    for login in ("paul", "oscar", "moira"):
        browser = office.house.browser(login)
        browser.get("/members/ines/mail/signatures", status=404)
        browser.get(path, status=404)
    ines.get("/members/ines/mail/signature/0000000000000", status=404)
    ines.get("/members/ines/mail/signature", status=404)
