"""A topic's page: addresses, paging, replying, and what moderators do."""

import re

import pytest

from communicate.ids import encode
from communicate.testing.kit import form_with

SHOWN = re.compile(r'<article class="post[^"]*" id="(\w+)"')


def ids(page):
    """Return the ids of the posts on *page*, in order."""
    return SHOWN.findall(page.text)


def numbers(place, topic):
    """Return the ids of all posts of *topic* as they stand in addresses."""
    found = place.do(lambda _, forums: list(forums.topic(topic.number).posts))
    return [encode(number) for number in found]


def pager(page):
    """Return the addresses of the previous and the next page, None where there is none."""
    links = page.html.find("nav", class_="pager")
    found = {} if links is None else {a["rel"][0]: a["href"] for a in links.find_all("a")}
    return found.get("prev"), found.get("next")


@pytest.fixture
def topic(place):
    return place.topic()


@pytest.fixture(scope="module")
def long(place):
    """Return a topic of three pages: 13 posts, five a page."""
    topic = place.topic(title="Un long sujet")
    place.replies(topic, 12)
    return topic


class TestAddress:
    def test_is_id_and_slug_and_the_id_alone_leads_there(self, place, topic):
        answer = place.browser().get(topic.base, status=302)
        assert answer.location.endswith(f"{topic.base}-le-volet-grince")
        assert answer.follow().status_int == 200

    @pytest.mark.parametrize(
        "slug", ["-autre-chose", "-", "-Le-Volet-Grince", "-le-volet-grince/"]
    )
    def test_a_wrong_slug_leads_to_the_right_one_and_keeps_the_query(self, place, topic, slug):
        answer = place.browser().get(f"{topic.base}{slug}?after={encode(1)}", status=302)
        assert answer.location.endswith(f"{topic.base}-le-volet-grince?after={encode(1)}")

    def test_another_title_changes_the_words_and_old_addresses_go_on(self, place, topic):
        old = f"{topic.base}-le-volet-grince"
        place.write("ines", topic.post() + "/edit", title="Le volet est huilé", body="Fini.")
        answer = place.browser().get(old, status=302)
        assert answer.location.endswith(f"{topic.base}-le-volet-est-huile")

    def test_in_another_forum_there_is_nothing(self, place, topic):
        other = place.forum()
        place.browser().get(f"/forums/{other}/{encode(topic.number)}", status=404)

    @pytest.mark.parametrize("segment", ["0" * 13, "x", "z" * 13, "a" * 300])
    def test_of_no_topic_is_404(self, place, segment):
        place.browser().get(f"/forums/general/{segment}", status=404)


class TestPages:
    def test_show_every_post_once_and_in_order(self, place, long):
        browser = place.browser()
        page, seen = browser.get(long.base).maybe_follow(), []
        while True:
            assert len(ids(page)) <= 5
            seen += ids(page)
            following = pager(page)[1]
            if following is None:
                break
            page = browser.get(following)
        assert seen == numbers(place, long)

    def test_lead_back_as_they_led_on(self, place, long):
        browser = place.browser()
        first = browser.get(long.base).maybe_follow()
        second = browser.get(pager(first)[1])
        assert ids(browser.get(pager(second)[0])) == ids(first)
        assert pager(first)[0] is None

    def test_stay_the_same_while_posts_arrive_and_go(self, place):
        topic = place.topic()
        place.replies(topic, 11)
        browser = place.browser()
        second = pager(browser.get(topic.base).maybe_follow())[1]
        before = ids(browser.get(second))
        place.replies(topic, 4)
        place.remove(topic.number)
        assert ids(browser.get(second)) == before

    def test_the_button_for_the_latest_posts_leads_to_the_end(self, place, long):
        page = place.browser().get(f"{long.base}/latest", status=302).follow().maybe_follow()
        assert ids(page)[-1] == numbers(place, long)[-1]

    @pytest.mark.parametrize("query", ["after=x", "before=", "after=é", "after=a&after=b"])
    def test_an_address_that_is_none_is_refused(self, place, long, query):
        path = place.browser().get(long.base).maybe_follow().request.path
        place.browser().get(f"{path}?{query}", status=400)

    def test_an_id_beyond_either_end_shows_an_empty_or_the_first_page(self, place, long):
        path = place.browser().get(long.base).maybe_follow().request.path
        assert ids(place.browser().get(f"{path}?after=7zzzzzzzzzzzz")) == []
        assert ids(place.browser().get(f"{path}?before=0000000000000"))[:1] in (
            [],
            numbers(place, long)[:1],
        )


class TestPermalinks:
    def test_lead_to_the_page_that_holds_the_post(self, place, long):
        browser = place.browser()
        for number in numbers(place, long):
            answer = browser.get(f"{long.base}/{number}", status=302)
            assert answer.location.endswith(f"#{number}")
            assert number in ids(browser.get(answer.location))

    def test_of_no_post_are_404(self, place, long):
        for segment in ("0" * 13, "x", encode(long.number) + "-x"):
            place.browser().get(f"{long.base}/{segment}", status=404)


class TestReplying:
    def test_adds_the_post_and_leads_to_it_on_the_last_page(self, place):
        topic = place.topic()
        place.replies(topic, 6)
        answer = place.write("paul", topic.base, body="Voici **ma** réponse")
        page = answer.follow()
        assert answer.location.partition("#")[2] == ids(page)[-1]
        assert "Voici <strong>ma</strong> réponse" in page.text

    def test_twice_the_same_form_posts_once_and_leads_to_the_same_place(self, place, topic):
        form = form_with(place.browser("paul").get(topic.base).maybe_follow(), "body")
        form["body"] = "Clic clic"
        first, second = (form.submit("post", status=303).location for _ in range(2))
        assert first == second
        assert len(numbers(place, topic)) == 2

    def test_the_same_words_in_another_form_are_another_post(self, place, topic):
        for _ in range(2):
            place.write("paul", topic.base, body="Oui")
        assert len(numbers(place, topic)) == 3

    def test_the_first_button_posts_and_the_second_shows_a_preview(self, place, topic):
        form = form_with(place.browser("paul").get(topic.base).maybe_follow(), "body")
        assert [name for name in form.fields if name in ("post", "preview")] == ["post", "preview"]
        form["body"] = "Par la touche Entrée"
        assert form.submit(status=303).location.endswith(numbers(place, topic)[-1])

    def test_a_preview_shows_clean_html_and_posts_nothing(self, place, topic):
        page = place.write(
            "paul", topic.base, "preview", 200, body="**vu** <script>alert(1)</script>"
        )
        assert "<strong>vu</strong>" in page.html.find(id="preview").decode()
        assert page.html.find(id="preview").script is None
        assert "**vu**" in form_with(page, "body")["body"].value
        assert len(numbers(place, topic)) == 1

    @pytest.mark.parametrize(
        "body", ["", "   \n ", "a\x00b", "x" * 601], ids=["empty", "blank", "NUL", "long"]
    )
    def test_hostile_values_are_refused_and_nothing_is_posted(self, place, topic, body):
        page = place.write("paul", topic.base, body=body, status=400)
        assert page.html.find(role="alert") is not None
        assert len(numbers(place, topic)) == 1

    def test_html_is_words_and_never_runs(self, place, topic):
        page = place.write(
            "paul", topic.base, body="<img src=x onerror=alert(1)> [x](javascript:alert(1))"
        ).follow()
        thread = page.html.find("ol", class_="thread")
        assert thread.find(onerror=True) is None
        assert [a for a in thread.find_all("a") if "javascript" in a.attrs.get("href", "")] == []

    def test_without_a_token_nothing_is_posted(self, place, topic):
        path = place.browser("paul").get(topic.base).maybe_follow().request.path
        place.browser("paul").post(path, {"body": "Faux"}, status=400)
        assert len(numbers(place, topic)) == 1

    def test_a_stranger_is_led_to_sign_in(self, place, topic):
        page = place.browser().get(topic.base).maybe_follow()
        assert "/login?came_from=" in page.text
        with pytest.raises(AssertionError):
            form_with(page, "body")
        place.click(None, page.request.path + "?body=Bonjour", status=403)


class TestModerating:
    def act(self, place, topic, act, login="moira", status=303):
        return place.click(login, f"{topic.base}/moderate?act={act}", status=status)

    def test_a_pinned_topic_comes_first_in_its_forum(self, place):
        forum = place.forum()
        old = place.topic(forum, title="Lisez-moi")
        place.topic(forum, title="Plus récent")
        self.act(place, old, "pin")
        text = place.browser().get(f"/forums/{forum}").text
        assert text.index("Lisez-moi") < text.index("Plus récent")
        assert text.count("Lisez-moi") == 1
        self.act(place, old, "unpin")
        text = place.browser().get(f"/forums/{forum}").text
        assert text.index("Plus récent") < text.index("Lisez-moi")

    def test_in_a_locked_topic_only_moderators_reply(self, place, topic):
        self.act(place, topic, "lock")
        page = place.browser("paul").get(topic.base).maybe_follow()
        assert "nobody can reply any more" in page.text
        place.click("paul", page.request.path + "?body=Malgré", status=403)
        assert place.status("ines", topic.post() + "/edit") == 403
        place.write("moira", topic.base, body="Le mot de la fin")
        self.act(place, topic, "unlock")
        place.write("paul", topic.base, body="De retour")
        assert len(numbers(place, topic)) == 3

    def test_a_hidden_topic_is_there_for_moderators_alone(self, place):
        forum = place.forum()
        topic = place.topic(forum, title="Indésirable")
        number = place.reply(topic, "Réponse")
        place.click("moira", f"{topic.base}/hide?reason=Non")
        for login in (None, "ines", "paul", "oscar"):
            for address in (topic.base, topic.post(number), topic.base + "/latest"):
                assert place.status(login, address) == 404
            assert "Indésirable" not in place.browser(login).get(f"/forums/{forum}").text
        assert "only moderators see it" in place.browser("moira").get(topic.base).follow().text
        assert "Indésirable" in place.browser("moira").get(f"/forums/{forum}/hidden").text
        self.act(place, topic, "show")
        assert place.status(None, topic.post(number)) == 200

    def test_a_hidden_post_says_so_and_is_read_by_moderators(self, place, topic):
        number = place.reply(topic, "Mot de trop")
        place.click("moira", topic.post(number) + "/hide?reason=Non")
        page = place.browser("ines").get(topic.base).maybe_follow().text
        assert "Post hidden by a moderator" in page
        assert "Mot de trop" not in page
        assert place.status("ines", topic.post(number)) == 404
        assert "Mot de trop" in place.browser("moira").get(topic.base).maybe_follow().text
        place.click("moira", topic.post(number) + "/moderate?act=show")
        assert "Mot de trop" in place.browser("ines").get(topic.base).maybe_follow().text

    @pytest.mark.parametrize("act", ["pin", "lock", "show"])
    @pytest.mark.parametrize("login", [None, "ines", "oscar"])
    def test_nobody_else_may(self, place, topic, act, login):
        self.act(place, topic, act, login, 403)
        place.click(login, topic.post() + "/moderate?act=show", status=403)
        for address in (topic.base, topic.post()):
            place.click(login, f"{address}/hide?reason=Non", status=403)

    @pytest.mark.parametrize("act", ["", "destroy", "pin%00"])
    def test_an_act_that_is_none_is_refused(self, place, topic, act):
        self.act(place, topic, act, status=400)
        place.click("moira", f"{topic.post()}/moderate?act={act}", status=400)

    def test_moderators_find_no_buttons_in_a_forum_for_chosen_people(self, place):
        forum = place.forum(audience=place.only("ines", "moira"))
        topic = place.topic(forum)
        page = place.browser("moira").get(topic.base).maybe_follow()
        main = page.html.find("main").decode()
        assert not any(act in main for act in ("/moderate", "/hide", "/split", "/move"))
        place.click("moira", f"{topic.base}/hide?reason=Non", status=403)
        place.click("moira", topic.post() + "/hide?reason=Non", status=403)


class TestAnswer:
    def mark(self, place, topic, number, login="ines", status=303):
        place.click(login, f"{topic.base}/answer?post={encode(number)}", status=status)

    def page(self, place, topic, login=None):
        return place.browser(login).get(topic.base).maybe_follow()

    def test_is_shown_on_top_and_in_lists_until_it_is_taken_back(self, place):
        forum = place.forum()
        topic = place.topic(forum)
        number = place.reply(topic, "De l'huile")
        for login in ("ines", "moira"):
            self.mark(place, topic, number, login)
            page = self.page(place, topic)
            assert page.html.select_one(".alert-good a")["href"] == topic.post(number)
            assert page.html.select_one(f"[id='{encode(number)}'] .tag-good")
            assert "answered" in place.browser().get(f"/forums/{forum}").text
            self.mark(place, topic, number, login)
            assert self.page(place, topic).html.select(".alert-good a") == []
        assert "answered" not in place.browser().get(f"/forums/{forum}").text

    @pytest.mark.parametrize("login", [None, "paul", "oscar"])
    def test_nobody_else_says_so(self, place, topic, login):
        number = place.reply(topic, "Moi")
        self.mark(place, topic, number, login, 403)
        assert "/answer" not in self.page(place, topic, login).text

    @pytest.mark.parametrize("act", ["delete", "set_hidden"])
    def test_what_is_gone_is_no_answer(self, place, topic, act):
        number = place.reply(topic, "De l'huile")
        self.mark(place, topic, number)
        place.remove(number, act, *([True] if act == "set_hidden" else []))
        assert self.page(place, topic, "ines").html.select(".alert-good a") == []

    @pytest.mark.parametrize("post", ["", "x", "0000000000000"])
    def test_what_is_no_post_of_the_topic_is_refused(self, place, topic, post):
        place.click("ines", f"{topic.base}/answer?post={post}", status=400)
        other = place.reply(place.topic(), "Ailleurs")
        self.mark(place, topic, other, status=400)
