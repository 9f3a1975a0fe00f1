"""A moderator sees the files beside what was reported: those its reporter saw, as they were."""

from urllib.parse import urlsplit

import pytest

from communicate.ids import encode
from communicate.interfaces import IContacts
from communicate.reports.files import files_of
from communicate.reports.services import reports_of
from communicate.testing.kit import form_with

from .test_reports import Street

PDF = b"%PDF-1.4 une fiche qui fait mal"


@pytest.fixture
def street(make_house):
    return Street(make_house(["forums", "messages"], language="en"))


def send(street, login, where, data=PDF, name="fiche.pdf"):
    """Attach a file to the draft of the form at *where*; return what the editor is told."""
    sent = {"csrf_token": street.token(login), "place": where}
    files = [("file", name, data)]
    return street.browser(login).post("/account/drafts/files", sent, upload_files=files).json


def attach(street):
    """Have paul attach a file to his post; return the file's address."""
    where = f"/forums/general/{encode(street.post)}/{encode(street.post)}"
    made = send(street, "paul", f"{where}/edit")
    form_with(street.browser("paul").get(f"{where}/edit"), "body").submit("post", status=303)
    return f"{where}/{made['id']}"


def files_on(page):
    """Return the addresses of the files that the page of a case shows."""
    return [link["href"] for link in page.html.select("main .attached a")]


def readers(street, address):
    """Return who gets the file at *address*."""
    browsers = {login: street.browser(login) for login in street.uids}
    browsers[None] = street.house.browser()
    found = {who: one.get(address, expect_errors=True) for who, one in browsers.items()}
    return {who for who, answer in found.items() if answer.status_int == 200}


class TestBesideAPost:
    def test_moderators_get_it_and_nobody_else(self, street):
        address = attach(street)
        assert "fiche.pdf" in street.browser("ines").get(street.address()).text
        street.report()
        (shown,) = files_on(street.case())
        assert readers(street, shown) == {"moira", "max"}
        answer = street.browser("moira").get(shown)
        assert answer.body == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        number = address.rpartition("/")[2]
        assert shown.endswith(f"/files/{number}")
        other = shown.replace(number, encode(street.post))
        street.browser("moira").get(other, status=404)
        street.browser("moira").get(shown.replace(number, "x"), status=404)

    def test_it_is_what_was_there_when_it_was_reported(self, street):
        address = attach(street)
        street.report()
        where = f"{address.rpartition('/')[0]}/edit"
        form = form_with(street.browser("paul").get(where), "body")
        form.fields["attached.remove"][0].checked = True
        form.submit("post", status=303)
        street.browser("ines").get(address, status=404)
        (shown,) = files_on(street.case())
        assert street.browser("moira").get(shown).body == PDF
        street.report("rose")
        assert files_on(street.case()) == [shown]  # rose saw none: one report shows it

    def test_it_is_gone_with_its_authors_account(self, street):
        attach(street)
        street.report()
        (shown,) = files_on(street.case())
        street.erase("paul")
        street.browser("moira").get(shown, status=404)
        assert street.kept() == []

    def test_it_is_gone_with_the_only_report_that_showed_it(self, street):
        address = attach(street)
        street.report()
        (shown,) = files_on(street.case())
        where = f"{address.rpartition('/')[0]}/edit"
        form = form_with(street.browser("paul").get(where), "body")
        form.fields["attached.remove"][0].checked = True
        form.submit("post", status=303)
        street.report("rose")
        street.erase("ines")
        assert files_on(street.case()) == []
        street.browser("moira").get(shown, status=404)

    def test_nobody_sees_a_case_about_themself(self, street):
        street.post = street.write("moira", "Je modère")
        where = f"/forums/general/{encode(street.post)}/{encode(street.post)}/edit"
        send(street, "moira", where)
        form_with(street.browser("moira").get(where), "body").submit("post", status=303)
        street.report()
        (shown,) = files_on(street.case("max"))
        assert readers(street, shown) == {"max"}

    def test_what_a_draft_holds_is_not_shown(self, street):
        where = f"/forums/general/{encode(street.post)}/{encode(street.post)}/edit"
        send(street, "paul", where)
        street.report()
        assert files_on(street.case()) == []


class TestBesideMessages:
    def test_exactly_those_of_the_messages_that_were_ticked(self, street):
        """Paul writes three messages with a file each; ines discloses two of them."""
        street.house.work(lambda request: meet(request, street.uids["ines"], street.uids["paul"]))
        form = form_with(street.browser("paul").get("/messages/new"), "body")
        form["people"], form["body"] = "ines", "Bonjour"
        answer = form.submit("send", status=303)
        conversation = urlsplit(answer.location).path
        numbers = [say(street, conversation, f"{name}.pdf") for name in ("un", "deux", "trois")]
        where = f"{conversation}/report?message={numbers[2]}"
        form = form_with(street.browser("ines").get(where), "reason")
        form["reason"] = "hurtful"
        form[f"show-{numbers[0]}"] = "true"
        form.submit("report", status=303)
        page = street.case()
        shown = files_on(page)
        assert len(shown) == 2
        text = page.html.find("main").text
        assert "un.pdf" in text
        assert "trois.pdf" in text
        assert "deux.pdf" not in text
        assert all(readers(street, one) == {"moira", "max"} for one in shown)

        def kept(request):
            (case,) = reports_of(request).cases.values()
            return {encode(each.item) for each in files_of(case).values()}

        assert street.house.work(kept) == {numbers[0], numbers[2]}


def say(street, conversation, name):
    """Have paul write a message with a file; return its id in addresses."""
    send(street, "paul", conversation, name=name)
    form = form_with(street.browser("paul").get(conversation), "body")
    form["body"] = f"Voici {name[:-4]}"
    return form.submit("send", status=303).location.partition("#")[2]


def meet(request, one, other):
    """Make contacts of two members."""
    contacts = request.find_service(IContacts)
    contacts.request(one, other)
    contacts.accept(other, one)
