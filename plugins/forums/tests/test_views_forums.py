"""The list of forums, a forum's list of topics, and opening one."""

import pytest

from communicate.audience import MEMBERS, PUBLIC
from communicate.ids import encode
from communicate.testing.kit import form_with
from communicate_forums.forms import CIRCLES
from communicate_forums.interfaces import IForums
from communicate_forums.permissions import OPEN_TOPIC


def titles(page):
    """Return the titles of the topics or forums on *page*, in order."""
    rows = page.html.find("main").find_all("a", class_="row-title")
    return [row.get_text(strip=True) for row in rows]


def neighbours(page):
    """Return the addresses of the page before and the page after, None where there is none."""
    links = page.html.find("nav", class_="pager")
    found = {} if links is None else {a["rel"][0]: a["href"] for a in links.find_all("a")}
    return found.get("prev"), found.get("next")


def opened(place):
    """Return how many topics there are, and how many posts."""
    return place.do(lambda _, forums: (len(forums.topics), len(forums.places)))


@pytest.fixture(scope="module")
def long(place):
    """Return a forum of three pages, five topics each."""
    forum = place.forum()
    for number in range(13):
        place.topic(forum, title=f"Sujet {number}")
    return forum


@pytest.fixture(scope="module")
def secret(place):
    place.uids["rose"] = place.house.member("rose")
    forum = place.forum(audience=place.only("ines", "paul"))
    topic = place.topic(forum, title="Le cadeau de Rose", body="Un cerf-volant secret")
    place.answer = place.reply(topic, "Rouge alors")
    return topic


class TestNewSite:
    def test_has_one_forum_that_strangers_read(self, make_place):
        place = make_place()
        page = place.browser().get("/forums")
        assert titles(page) == ["General"]
        assert "No topic yet." in page.text
        assert "No topic yet." in place.browser().get("/forums/general").text

    def test_invites_members_to_begin(self, make_place):
        place = make_place()
        for path in ("/forums", "/forums/general"):
            page = place.browser("ines").get(path)
            assert "Be the first to open a topic." in page.text
            assert page.html.find("main").find("a", href="/forums/general/new") is not None

    def test_speaks_french_too(self, make_house):
        page = make_house(["forums"]).browser().get("/forums/general").text
        assert "sujet" in page
        assert "No topic yet." not in page


class TestList:
    def test_shows_categories_in_the_order_of_their_weights(self, make_place):
        place = make_place()
        place.forum(category="Zoo", weight=1)
        place.forum(category="Atelier", weight=200)
        place.forum(category="Zoo", weight=300)
        headings = place.browser().get("/forums").html.find("main").find_all("h2")
        assert [h.get_text(strip=True) for h in headings][:2] == ["Zoo", "Atelier"]
        assert titles(place.browser().get("/forums")) == [
            "Forum 1",
            "Forum 3",
            "General",
            "Forum 2",
        ]

    def test_shows_each_viewer_what_they_may_read(self, make_place):
        place = make_place()
        place.forum(audience=PUBLIC)
        place.forum(audience=MEMBERS)
        place.forum(audience=place.only("ines"))
        seen = {
            login: titles(place.browser(login).get("/forums")) for login in (None, "paul", "ines")
        }
        assert seen[None] == ["General", "Forum 1"]
        assert seen["paul"] == ["General", "Forum 1", "Forum 2"]
        assert seen["ines"] == ["General", "Forum 1", "Forum 2", "Forum 3"]

    def test_shows_the_topic_with_the_last_post_and_the_count(self, make_place):
        place = make_place()
        place.topic(title="Premier")
        place.later(minutes=2)
        place.topic(title="Second")
        page = place.browser().get("/forums")
        assert titles(page) == ["General", "Second"]
        assert "2 topics" in page.text

    def test_says_who_reads_next_to_each_name(self, make_place):
        place = make_place()
        place.forum(audience=place.only("paul"))
        page = place.browser("paul").get("/forums").text
        assert "Everyone" in page
        assert "Chosen" in page


class TestTopics:
    def test_every_topic_is_on_one_page(self, place, long):
        page, seen = place.browser().get(f"/forums/{long}"), []
        while True:
            assert len(titles(page)) <= 5
            seen += titles(page)
            if neighbours(page)[1] is None:
                break
            page = place.browser().get(neighbours(page)[1])
        assert sorted(seen) == sorted(f"Sujet {number}" for number in range(13))

    def test_an_older_page_stays_the_same_while_topics_arrive(self, place):
        forum = place.forum()
        for number in range(8):
            place.topic(forum, title=f"Sujet {number}")
        older = neighbours(place.browser().get(f"/forums/{forum}"))[1]
        before = titles(place.browser().get(older))
        for number in range(3):
            place.topic(forum, title=f"Plus jeune {number}")
        assert titles(place.browser().get(older)) == before

    def test_a_page_leads_back_to_the_newer_one(self, place, long):
        first = place.browser().get(f"/forums/{long}")
        second = place.browser().get(neighbours(first)[1])
        assert titles(place.browser().get(neighbours(second)[0])) == titles(first)

    def test_the_count_follows_deletion(self, place):
        forum = place.forum()
        topic = place.topic(forum)
        assert "1 topic<" in place.browser().get(f"/forums/{forum}").text
        place.remove(topic.number)
        assert "0 topics" in place.browser().get(f"/forums/{forum}").text


class TestOpening:
    def test_leads_to_the_topic_with_its_words(self, place):
        answer = place.write("ines", "/forums/general/new", title="L’été", body="Il fait *chaud*.")
        assert "-l-ete" in answer.location
        page = answer.follow()
        assert page.html.find("h1").get_text(strip=True) == "L’été"
        assert "<em>chaud</em>" in page.text

    def test_the_first_button_saves(self, place):
        form = form_with(place.browser("ines").get("/forums/general/new"), "title")
        assert next(name for name in form.fields if name in ("post", "preview")) == "post"

    def test_a_double_click_opens_one_topic(self, place):
        forum = place.forum()
        form = form_with(place.browser("ines").get(f"/forums/{forum}/new"), "title")
        form["title"], form["body"] = "Une fois", "Pas deux"
        assert len({form.submit("post", status=303).location for _ in range(2)}) == 1
        assert place.do(lambda _, forums: forums[forum].count()) == 1

    def test_a_preview_shows_the_words_and_stores_them_as_a_draft_only(self, place):
        place.browser("ines").get("/forums/general/new")
        before = opened(place)
        page = place.write(
            "ines", "/forums/general/new", "preview", 200, title="Essai", body="> cité"
        )
        assert "<blockquote>" in page.html.find(id="preview").decode()
        assert form_with(page, "title")["title"].value == "Essai"
        assert opened(place) == before

    @pytest.mark.parametrize(
        ("title", "body"),
        [
            ("", "Un texte"),
            ("Un titre", ""),
            ("x" * 121, "Un texte"),
            ("Un titre", "x" * 601),
            ("Un\x00titre", "Un texte"),
            ("Un titre", "Un\x1btexte"),
            ("Deux\nlignes", "Un texte"),
        ],
    )
    def test_hostile_values_are_refused_and_kept_and_no_topic_is_opened(self, place, title, body):
        browser = place.browser("ines")
        form = form_with(browser.get("/forums/general/new"), "title")
        before = opened(place)
        sent = [
            (name, title if name == "title" else body if name == "body" else value)
            for name, value in form.submit_fields("post")
        ]
        page = browser.post("/forums/general/new", sent, status=400)
        assert form_with(page, "title")
        assert opened(place) == before

    def test_where_only_operators_open_topics_members_do_not(self, place):
        forum = place.forum(grants={OPEN_TOPIC: CIRCLES["operators"]})
        assert [place.status(who, f"/forums/{forum}/new") for who in ("ines", "oscar")] == [
            403,
            200,
        ]
        place.click("ines", f"/forums/{forum}/new?title=x&body=y", status=403)
        topic = place.topic(forum, by="oscar")
        place.write("ines", topic.base, body="Répondre, oui")

    def test_a_stranger_is_asked_to_sign_in(self, place):
        assert "/login" in place.browser().get("/forums/general/new", status=403)


class TestMembersOnly:
    def test_strangers_are_asked_to_sign_in_and_members_read(self, place):
        forum = place.forum(audience=MEMBERS)
        topic = place.topic(forum, title="Entre nous")
        for path in (f"/forums/{forum}", topic.base, topic.post()):
            assert place.status(None, path) == 403
            assert place.status("paul", path) == 200
        assert "Entre nous" not in place.browser().get("/forums").text
        assert "Entre nous" not in place.browser().get(f"/forums/{forum}", status=403).text


class TestChosenPeople:
    """A forum for ines and paul: for everybody else, office or not, it is not there."""

    OTHERS = (None, "moira", "rose")

    def test_those_chosen_read_and_write(self, place, secret):
        assert "cerf-volant" in place.browser("paul").get(secret.base).maybe_follow().text
        place.write("paul", secret.base, body="Ou bleu")
        assert "Forum" in place.browser("paul").get(f"/forums/{secret.forum}").text

    @pytest.mark.parametrize("login", OTHERS)
    def test_no_page_is_there_for_others(self, place, secret, login):
        forum = f"/forums/{secret.forum}"
        pages = [
            forum,
            f"{forum}/new",
            f"{forum}/hidden",
            f"{forum}/settings",
            secret.base,
            f"{secret.base}?after={encode(1)}",
            f"{secret.base}/latest",
            secret.post(),
            secret.post(place.answer),
            f"{secret.post()}/edit",
        ]
        assert {path: place.status(login, path) for path in pages} == dict.fromkeys(pages, 404)

    @pytest.mark.parametrize("login", OTHERS)
    def test_nothing_can_be_done_to_it_by_others(self, place, secret, login):
        acts = [
            f"/forums/{secret.forum}/new?title=x&body=y",
            f"/forums/{secret.forum}/settings?title=x",
            f"{secret.base}?body=x",
            f"{secret.base}/hide?reason=Non",
            f"{secret.post()}/edit?body=x",
            f"{secret.post()}/delete",
            f"{secret.post()}/undo",
            f"{secret.post()}/hide?reason=Non",
        ]
        before = place.stored
        for act in acts:
            place.click(login, act, status=404)
        assert place.stored == before

    @pytest.mark.parametrize("login", OTHERS)
    def test_no_list_names_it(self, place, secret, login):
        for path in ("/", "/forums", "/forums/general"):
            text = place.browser(login).get(path).text
            assert "cadeau" not in text
            assert f"/forums/{secret.forum}" not in text

    @pytest.mark.parametrize("login", OTHERS)
    def test_no_search_finds_it(self, place, secret, login):
        for words in ("cadeau", "cerf-volant", "rouge"):
            assert place.found(login, words) == set()

    def test_an_undo_address_of_it_is_not_offered_elsewhere(self, place, secret):
        place.remove(place.answer)
        address = f"/forums/general?deleted={encode(place.answer)}"
        assert "/undo" not in place.browser("rose").get(address).text
        place.remove(place.answer, "undo")

    def test_operators_change_it_and_do_not_read_it(self, place, secret):
        assert place.status("oscar", f"/forums/{secret.forum}/settings") == 200
        for path in (f"/forums/{secret.forum}", secret.base, secret.post()):
            assert place.status("oscar", path) in (403, 404)
        assert "cadeau" not in place.browser("oscar").get("/forums").text

    def test_who_is_no_longer_chosen_loses_it_at_the_next_request(self, place):
        forum = place.forum(audience=place.only("ines", "paul"))
        topic = place.topic(forum)
        assert place.status("paul", topic.base) == 200

        def narrow(request, forums):
            details = {"audience": place.only("ines")}
            request.find_service(IForums).change_forum(forums[forum], details)

        place.do(narrow)
        assert place.status("paul", topic.base) == 404
        assert place.status("ines", topic.base) == 200
