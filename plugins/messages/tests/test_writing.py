"""Members write to each other, on the pages of the site."""

from communicate.testing.kit import form_with


def test_two_members_write_to_each_other(place):
    page = place.browser("ines").get("/messages/new?to=paul")
    form = form_with(page, "people")
    assert form["people"].value == "paul"
    form["body"] = "Les vis sont là."
    answer = form.submit("send", status=303)
    assert "/messages/" in answer.location

    listed = place.browser("paul").get("/messages")
    assert "Les vis sont là." in listed.text
    assert "1" in listed.html.select_one(".services [aria-current] .count").text
    talk = listed.click("ines", href="/messages/")
    assert "Les vis sont là." in talk.text
    form = form_with(talk, "body")
    form["body"] = "**Merci**, à samedi."
    form.submit("send", status=303)

    back = place.browser("ines").get("/messages")
    assert "Merci, à samedi." in back.text
    talk = place.browser("ines").get(answer.location.partition("#")[0])
    assert "<strong>Merci</strong>, à samedi." in talk.text
    assert place.unread("ines") == place.unread("paul") == 0


def test_nobody_else_knows_of_it(place):
    conversation, message = place.start("ines", "paul", body="Entre nous.")
    for login in ("zoe", "moira", "oscar"):
        for address in (place.path(conversation), place.path(conversation, message)):
            assert place.status(login, address) == 404
        assert place.status(login, place.path(conversation, "since")) == 404
        assert place.status(login, place.path(conversation, "about")) == 404
    assert place.status(None, place.path(conversation)) == 403
