"""Files beside the words of a comment: for those who read it at that moment, gone with it."""

from communicate.audience import PRIVATE
from communicate.interfaces import IAudiences
from communicate.profile.interfaces import IProfiles
from communicate.testing.kit import form_with
from communicate.writing.interfaces import IAttachments
from communicate_spaces.places import find_thing

from .conftest import on_page

PDF = b"%PDF-1.4 canari dans une fiche"
LOGINS = ("olga", "colin", "marie", "bela", "moira", "oscar", None)


def send_file(place, login, where):
    """Attach a file to the draft of the form at *where*; return what the editor is told."""
    browser = place.browser(login)
    token = form_with(browser.get("/help"), "csrf_token")["csrf_token"].value
    sent = {"csrf_token": token, "place": where}
    files = [("file", "fiche.pdf", PDF)]
    return browser.post("/account/drafts/files", sent, upload_files=files).json


def newest(place, on):
    """Return the id of the last comment on the thing *on*, waiting or shown."""

    def look(request):
        thread = place.thread(request, on)
        return max([*thread.comments, *thread.waiting])

    return place.do(look)


def attach(place, login, on):
    """Have *login* comment *on* with a file; return the comment's id and the file's address."""
    made = send_file(place, login, on_page(on))
    place.write(login, on_page(on), f"Voici : {made['markdown']}")
    number = newest(place, on)
    return number, f"{place.path(number)}/{made['id']}"


def readers(place, address):
    """Return who gets the file at *address*; all others are told that nothing is there."""
    found = {login: place.status(login, address) for login in LOGINS}
    assert set(found.values()) <= {200, 403, 404}
    return {login for login, status in found.items() if status == 200}


def narrow(place, on, audience):
    """Have olga choose who reads her element *on*."""
    place.do(lambda r: r.find_service(IAudiences).choose(find_thing(r, on), audience))


class TestWhoReadsIt:
    def test_those_who_read_what_is_commented(self, place):
        place.open()
        element = place.element()
        _number, address = attach(place, "marie", element)
        page = place.browser("colin").get(on_page(element)).html
        assert "fiche.pdf" in page.select_one(f'.thread a[href="{address}"]').text
        answer = place.browser("colin").get(address)
        assert answer.body == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert readers(place, address) == {"olga", "colin", "marie", "bela", "moira", "oscar"}
        narrow(place, element, place.only("colin"))
        assert readers(place, address) == {"olga", "colin", "marie"}  # hers, as her words are
        tag = answer.headers["ETag"]
        assert place.browser("bela").get(address, headers={"If-None-Match": tag}, status=404)
        narrow(place, element, PRIVATE)
        assert readers(place, address) == {"olga", "marie"}

    def test_what_waits_is_for_its_author_and_the_owner(self, place):
        place.open(approval=True)
        element = place.element()
        number, address = attach(place, "marie", element)
        assert readers(place, address) == {"olga", "marie"}
        place.click("olga", f"{place.path(number)}/approve", changed="0")
        assert "bela" in readers(place, address)

    def test_a_block_keeps_it_away(self, place):
        place.open()
        element = place.element()
        _number, address = attach(place, "marie", element)
        place.block("marie", "bela")
        assert "bela" not in readers(place, address)
        place.block("olga", "marie")
        assert readers(place, address) == {"olga", "marie"}

    def test_what_is_hidden_is_for_moderators(self, place):
        place.open()
        element = place.element()
        number, address = attach(place, "marie", element)
        place.act(number, "set_hidden", True, "Hors sujet.")
        assert readers(place, address) == {"moira"}

    def test_what_is_deleted_is_for_nobody_and_comes_back_with_it(self, place):
        place.open()
        element = place.element()
        number, address = attach(place, "marie", element)
        place.click("marie", f"{place.path(number)}/delete")
        assert readers(place, address) == set()
        place.click("marie", f"{place.path(number)}/undo")
        assert "bela" in readers(place, address)

    def test_a_file_of_a_draft_is_at_no_address_of_comments(self, place):
        place.open()
        element = place.element()
        number, _address = attach(place, "marie", element)
        made = send_file(place, "marie", on_page(element))
        assert readers(place, f"{place.path(number)}/{made['id']}") == set()


class TestItsLife:
    def held(self, place):
        return place.do(lambda r: r.find_service(IAttachments).count(place.uids["marie"]))

    def test_it_is_destroyed_with_the_comment(self, place):
        place.open()
        element = place.element()
        number, _address = attach(place, "marie", element)
        before = self.held(place)
        place.act(number, "delete", place.uids["marie"])
        place.later(seconds=11)
        assert self.held(place) == before - 1

    def test_it_is_destroyed_with_what_is_commented(self, place):
        place.open()
        element = place.element()
        attach(place, "marie", element)
        before = self.held(place)

        def delete(request):
            request.find_service(IProfiles).delete(find_thing(request, element))

        place.do(delete)
        place.later(seconds=11)
        assert self.held(place) == before - 1

    def test_its_author_adds_and_removes_while_there_is_time(self, place):
        place.open()
        element = place.element()
        number, address = attach(place, "marie", element)
        where = f"{place.path(number)}/edit"
        added = send_file(place, "marie", where)
        page = place.browser("marie").get(where)
        form = form_with(page, "body")
        boxes = form.fields["attached.remove"]
        assert len(boxes) == 2
        boxes[0].checked = True
        form.submit("post", status=303)
        assert place.status("bela", address) == 404
        assert place.status("bela", f"{place.path(number)}/{added['id']}") == 200

    def test_a_reply_and_the_form_without_scripts_have_one_too(self, place):
        place.open()
        element = place.element()
        first = place.comment("olga", on=element)
        where = f"{place.path(first)}/reply"
        form = form_with(place.browser("marie").get(where), "body")
        form["body"] = "La voici."
        sent = [pair for pair in form.submit_fields("post") if pair[0] != "attached.files"]
        files = [("attached.files", "fiche.pdf", PDF)]
        place.browser("marie").post(where, sent, upload_files=files, status=303)
        page = place.browser("bela").get(on_page(element)).html
        link = page.select_one(".replies .attached a")
        assert place.browser("bela").get(link["href"]).body == PDF
