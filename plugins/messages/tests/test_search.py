"""Searching: one's own conversations, and nobody else's."""


def found(place, login, words, page="/messages/search"):
    """Return the addresses that a search finds."""
    answer = place.browser(login).get(page, {"q": words})
    return [link["href"] for link in answer.html.select("main .rows .row-title")]


def test_who_takes_part_finds_and_nobody_else_does(place):
    number, message = place.start("ines", "paul", body="Le sécateur est chez Mathilde.")
    address = place.path(number, message)
    for login in ("ines", "paul"):
        assert found(place, login, "secateur mathilde") == [address]
        main = place.browser(login).get("/search", {"q": "sécateur"})
        assert address in main
    for login in ("zoe", "moira", "oscar"):
        assert found(place, login, "sécateur") == []
        assert address not in place.browser(login).get("/search", {"q": "sécateur"})
    assert address not in place.browser().get("/search", {"q": "sécateur"})


def test_what_is_deleted_left_or_from_before_is_not_found(place):
    number, message = place.start("ines", "paul", "zoe", body="Arrosoir percé.")
    place.befriend("ines", "hugo")
    place.click("ines", place.path(number, "act"), act="mute")
    from communicate_messages.interfaces import ITaking

    place.serve(ITaking, "add", number, place.uids["ines"], place.uids["hugo"])
    later = place.say(number, "ines", "Arrosoir réparé.")
    assert found(place, "hugo", "arrosoir") == [place.path(number, later)]
    assert len(found(place, "zoe", "arrosoir")) == 2
    place.act("zoe", number, "leave")
    assert found(place, "zoe", "arrosoir") == []
    place.click("ines", place.path(number, message, "delete"))
    assert found(place, "paul", "arrosoir") == [place.path(number, later)]


def test_what_is_new_on_the_home_page_leaves_messages_out(place):
    place.start("ines", "paul", body="Pas sur la page d’accueil.")
    home = place.browser("paul").get("/")
    assert "Pas sur la page" not in home
    assert "unread message" in home


def test_what_is_over_is_not_found(place):
    from communicate_messages.interfaces import ILife

    number, _ = place.start("ines", "paul", body="Brouette éphémère.")
    place.serve(ILife, "propose", number, place.uids["ines"], 86_400)
    place.serve(ILife, "agree", number, place.uids["paul"])
    place.pass_time(hours=25)
    assert found(place, "paul", "brouette") == []
