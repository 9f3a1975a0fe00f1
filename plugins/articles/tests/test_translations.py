"""Articles that say the same in other languages."""

from communicate.audience import MEMBERS, PUBLIC


def link(place, one, other):
    path = f"{place.path(one)}/translations"
    form = place.form("ines", path, "other")
    form["other"] = place.path(other).rpartition("/")[2][:13]
    return form.submit("link", status=303)


class TestLinked:
    def test_readers_are_led_to_what_they_may_read(self, place):
        french = place.article(PUBLIC, title="Le pont", language="fr")
        english = place.article(MEMBERS, title="The bridge", language="en")
        link(place, french, english)
        page = place.browser("paul").get(place.path(french))
        found = page.html.select_one("a[hreflang=en]")
        assert found["href"] == place.path(english)
        assert "Read in English" in found.text
        assert not place.browser().get(place.path(french)).html.select("[hreflang=en]")
        back = place.browser("paul").get(place.path(english)).html.select_one("a[hreflang=fr]")
        assert back["href"] == place.path(french)

    def test_three_know_each_other_and_one_can_leave(self, place):
        numbers = [place.article(PUBLIC, title=f"Pont {n}", language="fr") for n in range(3)]
        link(place, numbers[0], numbers[1])
        link(place, numbers[1], numbers[2])
        known = [place.state(number, lambda article: article.translations) for number in numbers]
        assert [set(each) for each in known] == [set(numbers) - {number} for number in numbers]
        place.click("ines", f"{place.path(numbers[0])}/unlink")
        assert place.state(numbers[0], lambda article: article.translations) == ()
        assert place.state(numbers[1], lambda article: article.translations) == (numbers[2],)
        place.remove(numbers[2], "destroy")
        assert place.state(numbers[1], lambda article: article.translations) == ()

    def test_anothers_article_is_not_offered(self, place):
        mine, other = place.article(PUBLIC), place.article(PUBLIC, by="paul")
        form = place.form("ines", f"{place.path(mine)}/translations", "other")
        form["other"].force_value(place.path(other).rpartition("/")[2][:13])
        assert form.submit("link", status=400)
