"""Files of one's disk that go along as links: chosen page by page, made, put into the text."""

import re
from io import BytesIO

import pytest

from communicate.interfaces import IPlugins
from communicate.testing.house import House
from communicate.testing.kit import form_with

from .conftest import DOMAIN, PostOffice
from .test_webmail import inbox
from .test_webmail_writing import last, leave


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("links")
    given = {"language": "en", "email.domain": DOMAIN}
    made = PostOffice(House(folder, ["email", "vdisk"], given))
    for login in ("ines", "paul", "zoe"):
        made.deliver(made.letter("Bienvenue"), login)
    made.do(lambda request: fill(request, made.uids))
    yield made
    made.house.close()


def fill(request, uids):
    """Give ines and paul folders and files."""
    from communicate_vdisk.interfaces import IDisk

    disk = request.find_service(IDisk)
    for login in ("ines", "paul"):
        uid = uids[login]
        folder = disk.make_folder(disk.disk(uid), f"Plans de {login}", uid)
        disk.add_file(folder, f"toit de {login}.txt", BytesIO(b"Le toit"), uid)


@pytest.fixture(scope="module")
def ines(office):
    return office.house.browser("ines")


def asked(page, **values):
    """Press the button that leads to the disk; return the page that comes."""
    form = form_with(page, "body")
    for name, value in values.items():
        form[name] = value
    return form.submit("link.from", value="disk").follow()


def test_a_link_is_chosen_made_and_opens_for_whoever_has_it(office, ines):
    page = asked(inbox(ines).click("Write"), to="zoe", subject="Toit", body="Voici.")
    assert "Plans de ines" in page
    assert "Plans de paul" not in page
    page = page.click("Plans de ines").click("toit de ines.txt")
    assert "Whoever has the link can open it" in page
    assert "page of links of your disk" in page
    form = form_with(page, "days")
    form["days"] = "7"
    page = form.submit().follow()
    assert "The link to “toit de ines.txt” is in your text." in page
    form = form_with(page, "body")
    assert (form["to"].value, form["subject"].value) == ("zoe", "Toit")
    body = form["body"].value
    link = re.fullmatch(r"\n?Voici\.\n\ntoit de ines\.txt: (\S+)\n", body)[1]
    form.submit("send").follow()
    leave(office)
    assert link in last(office, "zoe").get_content()
    path = link.partition("://")[2].partition("/")[2]
    assert "toit de ines.txt" in office.house.browser().get(f"/{path}")
    assert "toit de ines.txt" in ines.get("/members/ines/disk/links")
    office.pass_time(days=8)
    office.house.browser().get(f"/{path}", status=404)
    office.pass_time(days=-8)


def test_a_folder_has_a_link_and_a_password_and_an_answer_keeps_its_quotation(office, ines):
    listed = inbox(ines).html.select_one(".mail-rows .row-title")["href"]
    page = ines.get(listed).click("Reply", index=0)
    page = asked(page).click("Plans de ines").click("Link to this folder")
    form = form_with(page, "days")
    form["password"] = "court"
    page = form.submit(status=400)
    form = form_with(page, "days")
    form["password"] = "sept choux verts à midi"
    form = form_with(form.submit().follow(), "body")
    lines = form["body"].value.strip().splitlines()
    assert lines[0].startswith("Plans de ines: http")
    assert lines[-1] == "> Le tilleul penche."
    path = lines[0].partition("://")[2].partition("/")[2]
    assert "password" in office.house.browser().get(f"/{path}", expect_errors=True).text.lower()
    form["to"] = "zoe"
    form.submit("send").follow()


def test_nobody_links_to_what_is_anothers(office, ines):
    page = asked(office.house.browser("paul").get("/members/paul/mail/write"))
    (folder,) = page.html.select("ul.rows a")
    own = ines.get("/members/ines/mail/write")
    here = asked(own, body="x").request.url
    number = re.search(r"in=([0-9a-z]{13})", folder["href"])[1]
    ines.get(f"{here}&in={number}", status=404)
    ines.get(f"{here}&thing={number}", status=404)
    token = form_with(own, "body")["csrf_token"].value
    sent = {"csrf_token": token, "days": "7"}
    ines.post(f"{here}&thing={number}", sent, status=404)
    for query in ("", "place=/x", "place=//x&field=body&from=disk", "place=/x&field=body&from=no"):
        ines.get(f"/account/drafts/link?{query}", status=[400, 404])
    assert office.house.browser().get(here, expect_errors=True).status_int in (302, 303, 403)


def test_mail_does_without_a_disk(office, fresh_office):
    """Switched off, or empty, or where there are no links, nothing is offered."""
    without = fresh_office()
    without.deliver(without.letter("Bienvenue"), "ines")
    page = inbox(without.house.browser("ines")).click("Write")
    assert "link.from" not in page
    assert without.house.registry.getUtility(IPlugins).gather("communicate_linkables") == []
    zoe = office.house.browser("zoe")
    assert "link.from" not in zoe.get("/members/zoe/mail/write")
