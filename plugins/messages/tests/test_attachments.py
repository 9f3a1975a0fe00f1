"""Files beside the words of a message: for those who read it, and gone with it."""

from communicate.testing.kit import form_with
from communicate.writing.interfaces import IAttachments

PDF = b"%PDF-1.4 canari dans une fiche"


def attach(place, login, number, name, data):
    """Send a file to the draft of the conversation's form, then the message."""
    browser, where = place.browser(login), place.path(number)
    token = form_with(browser.get("/help"), "csrf_token")["csrf_token"].value
    made = browser.post(
        "/account/drafts/files",
        {"csrf_token": token, "place": where},
        upload_files=[("file", name, data)],
    ).json
    form = form_with(browser.get(where), "body")
    form["body"] = f"Voici : {made['markdown']}"
    form.submit("send", status=303)
    last = place.do(lambda _request, held: held.conversations[number].lines.maxKey())
    return last, f"{place.path(number, last)}/{made['id']}"


def test_those_who_take_part_read_it_and_nobody_else(place):
    number, _ = place.start("ines", "paul")
    _last, address = attach(place, "paul", number, "fiche.pdf", PDF)
    link = place.read("ines", number).html.select_one(f'.talk a[href="{address}"]')
    assert "fiche.pdf" in link.text
    assert place.browser("ines").get(address).body == PDF
    for login in ("zoe", "moira", "oscar"):
        assert place.status(login, address) == 404
    assert place.status(None, address) == 403


def test_it_is_gone_with_the_message(place):
    number, _ = place.start("ines", "paul")
    last, address = attach(place, "paul", number, "fiche.pdf", PDF)

    def held(request, _held):
        return request.find_service(IAttachments).count(place.uids["paul"])

    before = place.do(held)
    place.click("paul", place.path(number, last, "delete"))
    assert place.status("ines", address) == 404
    place.later(seconds=11)
    assert place.do(held) == before - 1


def test_what_is_over_takes_its_files_along(place):
    number, _ = place.start("ines", "paul")
    last, address = attach(place, "paul", number, "fiche.pdf", PDF)
    place.do(lambda _request, held: setattr(held.conversations[number], "life", 86_400))
    place.pass_time(hours=25)
    assert place.status("ines", address) == 404
    place.remove(last, "drop")
    assert place.do(lambda _request, held: held.line(last)) is None


def test_who_comes_later_does_not_read_it(place):
    number, _ = place.start("ines", "paul", "zoe")
    _last, address = attach(place, "paul", number, "fiche.pdf", PDF)
    place.act("zoe", number, "leave")
    assert place.status("zoe", address) == 404


def test_a_preview_has_each_file_once(place):
    number, _ = place.start("ines", "paul")
    for address in (place.path(number), "/messages/new"):
        browser = place.browser("paul")
        token = form_with(browser.get("/help"), "csrf_token")["csrf_token"].value
        values, made = {"csrf_token": token, "place": address}, []
        for name in ("fiche.pdf", "plan.pdf"):
            files = [("file", name, PDF)]
            sent = browser.post("/account/drafts/files", values, upload_files=files)
            made.append(sent.json)
        form = form_with(browser.get(address), "body")
        form["body"] = f"Voici **tout** : {made[0]['markdown']}"
        if "people" in form.fields:
            form["people"] = "ines"
        shown = form.submit("preview").html.select_one("#preview")
        assert shown.select_one("strong").text == "tout"
        for each in made:
            assert len(shown.select(f'a[href$="{each["id"]}"]')) == 1
