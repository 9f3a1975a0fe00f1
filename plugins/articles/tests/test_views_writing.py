"""From a draft to an article that is out, by forms alone."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from communicate.audience import PUBLIC
from communicate.interfaces import IClock, IMembers


def address(answer):
    return answer.location.removeprefix("http://localhost")


def kept(place):
    """Return which articles the site has."""
    return place.do(lambda request, _service: set(request.site["articles"].owners))


class TestWriting:
    def test_a_draft_is_read_by_its_author_alone_until_it_is_published(self, place):
        answer = place.write(
            "ines", "/articles/write", "go_on", title="Le volet", text="Un peu d’huile."
        )
        path = address(answer).removesuffix("/publish")
        assert re.fullmatch(r"/members/ines/articles/\w{13}-le-volet", path)
        assert "only you see it" in place.browser("ines").get(path)
        assert place.status("paul", path) == 404
        place.write("ines", f"{path}/publish", "publish", visible="members")
        page = place.browser("paul").get(path)
        assert "Un peu d’huile." in page
        assert place.status(None, path) in (401, 403, 404)

    def test_the_preview_shows_what_would_be_and_keeps_nothing(self, place):
        before = kept(place)
        page = place.write(
            "ines", "/articles/write", "preview", 200, title="Essai", text="*presque*"
        )
        assert "<em>presque</em>" in page.html.find(id="preview").decode()
        assert kept(place) == before
        typed = next(form for form in page.forms.values() if "text" in form.fields)
        assert typed["text"].value == "*presque*"

    def test_a_form_sent_as_it_was_begins_no_draft(self, place):
        """Only the language is filled in, and that by the site."""
        place.write("paul", "/articles/write", "go_on", 400, title="")
        rows = place.browser("paul").get("/account/drafts").html.select("main .rows .row-title")
        assert rows == []

    def test_readers_see_the_former_words_until_the_changes_are_published(self, place):
        number = place.article(text="Avant.")
        path = place.path(number)
        place.write("ines", f"{path}/edit", "save", title="Après coup", text="Après.")
        assert "Avant." in place.browser("paul").get(path)
        assert "not published" in place.browser("ines").get(path)
        assert "Après." in place.browser("ines").get(f"{path}/draft")
        assert place.status("paul", f"{path}/draft") in (403, 404)
        place.write("ines", f"{path}/edit", "out", title="Après coup", text="Après.")
        page = place.browser("paul").get(path)
        assert "Après." in page
        assert "Avant." not in page

    def test_a_draft_beside_what_is_out_can_be_discarded(self, place):
        number = place.article(text="Dehors.")
        path = place.path(number)
        place.write("ines", f"{path}/edit", "save", title="Autre", text="Dedans.")
        place.click("ines", f"{path}/discard")
        assert place.status("ines", f"{path}/draft") == 404
        assert place.form("ines", f"{path}/edit", "text")["text"].value == "Dehors."

    def test_what_is_for_everyone_asks_first(self, place):
        path = place.path(place.begin())
        page = place.write("ines", f"{path}/publish", "publish", 400, visible="public")
        assert "Tick the box" in page
        assert place.status(None, path) != 200
        form = next(form for form in page.forms.values() if "visible" in form.fields)
        form["visible"] = "public"
        form["visible.sure"] = True
        form.submit("publish", status=303)
        assert place.status(None, path) == 200

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"title": "", "text": "x"}, "This is needed"),
            ({"title": "x" * 151, "text": "x"}, "at most 150"),
            ({"title": "x", "text": "\x01"}, "cannot be used"),
        ],
    )
    def test_what_cannot_be_used_is_said(self, place, values, words):
        assert words in place.write("ines", "/articles/write", "save", 400, **values)


class TestSchedule:
    def test_it_comes_out_at_its_moment_in_the_members_zone(self, make_place):
        place = make_place()
        zone = "America/New_York"

        def move(request, _service):
            request.find_service(IMembers).by_login("ines").zone = zone

        place.do(move)
        number = place.begin(title="Demain", text="Enfin.")
        place.choose(number, PUBLIC)
        path = place.path(number)
        here = place.house.registry.getUtility(IClock).now().astimezone(ZoneInfo(zone))
        then = here + timedelta(hours=3)
        place.write(
            "ines",
            f"{path}/publish",
            "publish",
            day=f"{then:%Y-%m-%d}",
            hour=f"{then:%H:%M}",
        )
        assert "Scheduled for" in place.browser("ines").get(path)
        assert place.status(None, path) == 403
        assert place.found("paul", "enfin") == set()
        place.later(hours=2)
        assert place.status(None, path) == 403
        place.house.reboot(["articles"])
        place._browsers.clear()
        place.later(hours=3.1)
        assert place.status(None, path) == 200
        assert place.found("paul", "enfin") == {number}
        assert "scheduled is out" in place.browser("ines").get("/notices")

    def test_another_moment_takes_the_place_of_the_first(self, place):
        number = place.begin(text="Plus tard.")
        place.choose(number, PUBLIC)
        for days in (2, 4):
            when = place.house.registry.getUtility(IClock).now() + timedelta(days=days)
            place.do(lambda _r, service, when=when: service.schedule(service.find(number), when))
        place.later(days=3)
        assert place.state(number, lambda article: article.published) == 0
        place.later(days=2)
        assert place.state(number, lambda article: article.published)

    def test_it_can_be_held_back(self, place):
        number = place.begin()
        when = place.house.registry.getUtility(IClock).now() + timedelta(days=1)
        place.do(lambda _request, service: service.schedule(service.find(number), when))
        place.click("ines", f"{place.path(number)}/hold")
        place.later(days=2)
        assert place.state(number, lambda article: article.published) == 0

    @pytest.mark.parametrize(
        ("day", "hour", "words"),
        [
            ("2001-01-01", "10:00", "is over"),
            ("2999-01-01", "", "within the next"),
            ("", "10:00", "which day"),
            ("2027-01-01", "midi", "hours and minutes"),
            ("2027-01-01", "10:00Z", "hours and minutes"),
        ],
    )
    def test_a_moment_that_cannot_be_is_said(self, place, day, hour, words):
        path = place.path(place.begin())
        answer = place.write("ines", f"{path}/publish", "publish", 400, day=day, hour=hour)
        assert words in answer


class TestHead:
    def test_says_what_the_form_does(self, place):
        """It brings nothing, so nothing is read of it as if a form had been sent."""
        for path in ("/articles/write", f"{place.path(place.begin())}/edit"):
            place.browser("ines").head(path, status=200)
