"""Forms of the forums keep what is typed into them."""

import pytest

from communicate.testing.kit import form_with
from communicate.writing.interfaces import IDrafts


@pytest.fixture
def topic(place):
    """Return a topic of Inès."""
    return place.topic()


@pytest.fixture
def keep(place):
    """Return what keeps a draft for Paul, as the module does."""

    def keep_at(where, **words):
        def do(request, _forums):
            request.find_service(IDrafts).keep(place.uids["paul"], where, words)

        place.do(do)

    return keep_at


@pytest.fixture
def kept(place):
    """Return what Paul has not sent at a place, None for nothing."""

    def words_at(where):
        def do(request, _forums):
            found = request.find_service(IDrafts).of(place.uids["paul"], where)
            return None if found is None else dict(found.words)

        return place.do(do)

    return words_at


def shown(place, path, login="paul"):
    """Return the page at *path* as *login* sees it."""
    return place.browser(login).get(path).maybe_follow()


class TestReplying:
    def test_the_box_opens_with_the_draft_and_says_when(self, place, topic, keep):
        keep(topic.base, body="À moitié écrit")
        page = shown(place, topic.base)
        assert form_with(page, "body")["body"].value.strip() == "À moitié écrit"
        assert page.html.select_one(".draft [data-said] time") is not None
        assert "data-empty" not in page.html.select_one(".draft").attrs

    def test_nobody_else_is_shown_it(self, place, topic, keep):
        keep(topic.base, body="canari d’un brouillon")
        for login in ("ines", "moira", "oscar"):
            assert "canari" not in shown(place, topic.base, login)
        assert "canari" not in place.browser().get(topic.base).maybe_follow()
        page = shown(place, topic.base, "ines")
        assert page.html.select_one(".draft")["data-empty"] == ""

    def test_sending_it_drops_the_draft(self, place, topic, keep, kept):
        keep(topic.base, body="À moitié écrit")
        form_with(shown(place, topic.base), "body").submit("post", status=303)
        assert kept(topic.base) is None
        assert form_with(shown(place, topic.base), "body")["body"].value.strip() == ""

    def test_a_preview_keeps_what_was_typed(self, place, topic, kept):
        place.write("paul", topic.base, "preview", 200, body="Pas encore")
        assert kept(topic.base) == {"body": "Pas encore"}

    def test_what_is_too_long_to_be_posted_is_kept_all_the_same(self, place, topic, kept):
        words = "mot " * 400
        place.write("paul", topic.base, status=400, body=words)
        assert kept(topic.base)["body"].split() == words.split()

    def test_a_quotation_is_added_to_the_draft(self, place, topic, keep):
        keep(topic.base, body="À moitié écrit")
        number = topic.post().rpartition("/")[2]
        form = form_with(shown(place, f"{topic.base}?quote={number}"), "body")
        assert form["body"].value.split("\n\n")[:2] == ["À moitié écrit", f"[quote:{number}]"]

    def test_the_draft_is_thrown_away_and_taken_back(self, place, topic, keep, kept):
        keep(topic.base, body="À moitié écrit")
        page = shown(place, topic.base).forms["discard"].submit().follow().maybe_follow()
        assert form_with(page, "body")["body"].value.strip() == ""
        page = form_with(page, "undo").submit().follow().maybe_follow()
        assert form_with(page, "body")["body"].value.strip() == "À moitié écrit"


class TestOpening:
    def test_the_title_is_kept_with_the_words(self, place, keep, kept):
        place.write("paul", "/forums/general/new", status=400, title="Le tilleul", body="")
        assert kept("/forums/general/new") == {"title": "Le tilleul"}
        form = form_with(shown(place, "/forums/general/new"), "title")
        assert form["title"].value == "Le tilleul"


class TestChanging:
    def test_a_draft_of_a_change_comes_before_the_words_of_the_post(self, place, topic, keep):
        number = place.reply(topic, "Avant")
        path = f"{topic.post(number)}/edit"
        assert form_with(shown(place, path), "body")["body"].value.strip() == "Avant"
        keep(path, body="Après")
        assert form_with(shown(place, path), "body")["body"].value.strip() == "Après"
