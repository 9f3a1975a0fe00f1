"""Comments are found under the name of what they are about."""


def titles(place, login, address, rows):
    """Return the titles of the rows that *address* shows *login*."""
    return [row.text.strip() for row in place.browser(login).get(address).html.select(rows)]


class TestFound:
    def test_search_names_the_thing_and_the_author(self, place):
        place.open()
        element = place.element()
        place.comment("marie", "Un forsythia en fleur", on=element)
        place.comment("bela", "Mon forsythia aussi")
        shown = place.browser("colin").get("/search?q=forsythia").html.find("main").text
        assert "The space of olga" in shown
        assert "Interest" in shown
        assert "marie" in shown

    def test_who_is_blocked_finds_their_own_words_and_not_the_name_of_the_thing(self, place):
        place.open()
        place.comment("bela", "Mon magnolia", on=place.element())
        assert "Interest" in place.browser("bela").get("/search?q=magnolia").html.find("main").text
        place.block("olga", "bela")
        shown = place.browser("bela").get("/search?q=magnolia").html.find("main").text
        assert "Mon magnolia" in shown
        assert "Interest" not in shown

    def test_all_on_one_thing_are_one_row_of_what_is_new(self, place):
        place.open()
        first = place.comment("marie", "Un arbousier")
        place.comment("bela", "Deux arbousiers", to=first)
        place.comment("marie", "Trois arbousiers", on=place.element())
        home = titles(place, "colin", "/", "main .row-title")
        assert home.count("The space of olga") == 1
        assert "Comments" in place.browser("colin").get("/").text
