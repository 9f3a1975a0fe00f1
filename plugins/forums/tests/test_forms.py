import pytest

from communicate.audience import MEMBERS, PUBLIC, Audience
from communicate.principals import MODERATORS, OPERATORS
from communicate.testing.kit import form_with
from communicate_forums.forms import CIRCLES, UnknownLogin, circle, is_name, people_of, word_of


class TestNames:
    @pytest.mark.parametrize("name", ["general", "a", "le-volet-2", "42"])
    def test_lower_case_words_and_single_hyphens(self, name):
        assert is_name(name)

    @pytest.mark.parametrize(
        "name", ["", "-a", "a-", "a--b", "A", "a b", "a/b", "é", "a\n", ".", "a.b"]
    )
    def test_nothing_else(self, name):
        assert not is_name(name)


class TestCircles:
    @pytest.mark.parametrize(
        ("word", "audience"),
        [
            ("public", PUBLIC),
            ("members", MEMBERS),
            ("moderators", Audience("chosen", [MODERATORS, OPERATORS])),
            ("operators", Audience("chosen", [OPERATORS])),
        ],
    )
    def test_words_stand_for_audiences_and_back(self, place, word, audience):
        assert place.house.work(lambda request: circle(request, word)) == audience
        assert word_of(audience) == word

    def test_logins_stand_for_members_and_back(self, place):
        audience = place.house.work(lambda request: circle(request, "chosen", "paul, ines"))
        assert audience == place.only("ines", "paul")
        assert word_of(audience) == "chosen"
        assert place.house.work(lambda request: people_of(request, audience)) == "ines, paul"

    @pytest.mark.parametrize("people", ["inconnu", "ines inconnu", "", " , "])
    def test_somebody_must_be_named_and_known(self, place, people):
        with pytest.raises(UnknownLogin):
            place.house.work(lambda request: circle(request, "chosen", people))

    def test_offices_name_no_people(self, place):
        people = place.house.work(lambda request: people_of(request, *CIRCLES.values(), None))
        assert people == ""


class TestLimits:
    def test_three_hundred_posts_an_hour_unless_set_otherwise(self, place):
        limit = place.house.registry.settings["communicate.limits.posting"]
        assert str(limit) in ("300/hour", "300 per 1 hour")

    def test_a_member_who_posts_too_much_is_told_to_wait_and_nobody_else_is(self, make_place):
        place = make_place(**{"communicate.limits.posting": "2/hour"})
        topic = place.topic()
        for body in ("Un", "Deux"):
            place.write("paul", topic.base, body=body)
        form = form_with(place.browser("paul").get(topic.base).maybe_follow(), "body")
        form["body"] = "Trois mots que personne ne veut perdre"
        refused = form.submit("post", status=429, headers={"Origin": "http://localhost"})
        assert form["body"].value in refused
        assert int(refused.headers["Retry-After"]) <= 3600
        place.write("paul", "/forums/general/new", title="Quatre", body="x", status=429)
        assert place.do(lambda _, forums: forums.topic(topic.number).count()) == 3
        place.write("ines", topic.base, body="Une autre personne")

    def test_a_preview_and_a_refused_form_do_not_count(self, make_place):
        place = make_place(**{"communicate.limits.posting": "1/hour"})
        topic = place.topic()
        for _ in range(3):
            place.write("paul", topic.base, "preview", 200, body="Essai")
            place.write("paul", topic.base, body="", status=400)
        place.write("paul", topic.base, body="Enfin")
