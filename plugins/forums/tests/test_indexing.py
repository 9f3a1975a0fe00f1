import pytest

from communicate.audience import MEMBERS
from communicate.catalog.reindex import reindex
from communicate.interfaces import ICatalog
from communicate.outbox.runner import run_due
from communicate_forums import indexing
from communicate_forums.interfaces import IForums, IRemovals


def narrow(place, forum, audience):
    place.do(
        lambda request, forums: request.find_service(IForums).change_forum(
            forums[forum], {"audience": audience}
        )
    )


def rows_with_words(place, words):
    """Return how many rows match *words*, whoever asks: a viewer who holds every principal."""

    class Everybody:
        uid = None
        walled = False

        def __contains__(self, _principal):
            return True

    return place.do(
        lambda request, _: len(request.registry.getUtility(ICatalog).search(Everybody(), words))
    )


class TestSearch:
    def test_title_and_first_post_are_one_finding(self, place):
        topic = place.topic(title="Bouture de sauge", body="Coupez la bouture en biais.")
        assert place.found(None, "bouture sauge biais") == {topic.number}

    def test_a_reply_is_found_by_its_own_words(self, place):
        topic = place.topic()
        number = place.reply(topic, "Un paillis de chanvre")
        assert place.found(None, "chanvre") == {number}

    def test_an_edited_post_is_found_by_its_new_words_only(self, place):
        topic = place.topic(body="Bégonia")
        place.do(
            lambda request, forums: request.find_service(IForums).edit(
                forums.post(topic.number), "Fuchsia"
            )
        )
        assert place.found(None, "bégonia") == set()
        assert place.found(None, "fuchsia") == {topic.number}

    @pytest.mark.parametrize(
        ("audience", "finders"),
        [
            (None, {None, "ines", "paul", "moira", "oscar"}),
            (MEMBERS, {"ines", "paul", "moira", "oscar"}),
            ("ines paul", {"ines", "paul"}),
        ],
    )
    def test_finds_what_the_viewer_may_read_in_each_audience(self, place, audience, finders):
        if isinstance(audience, str):
            audience = place.only(*audience.split())
        forum = place.forum(**({} if audience is None else {"audience": audience}))
        topic = place.topic(forum, title="Aubépine")
        everyone = (None, "ines", "paul", "moira", "oscar")
        found = {login for login in everyone if topic.number in place.found(login, "aubépine")}
        # Words of narrower things are in no index: only their author's own search may find them.
        expected = finders if audience is None or audience == MEMBERS else set()
        assert found == expected


class TestNarrowing:
    def test_hides_at_once_and_then_removes_the_words(self, place):
        forum = place.forum()
        topic = place.topic(forum, title="Mandragore")
        number = place.reply(topic, "Racine de mandragore")
        assert place.found(None, "mandragore") == {topic.number, number}
        narrow(place, forum, place.only("ines"))
        assert place.found(None, "mandragore") == place.found("paul", "mandragore") - {number}
        assert place.found(None, "mandragore") == set()
        run_due(place.house.registry)
        assert place.found("ines", "mandragore") == set()
        database = place.house.registry.settings["communicate.var"]
        place.house.registry.getUtility(ICatalog).checkpoint()
        holding = [
            path.name for path in database.rglob("catalog*") if b"mandragore" in path.read_bytes()
        ]
        assert holding == []

    def test_widening_brings_the_words_back(self, place):
        forum = place.forum(audience=place.only("ines"))
        topic = place.topic(forum, title="Belladone")
        narrow(place, forum, MEMBERS)
        run_due(place.house.registry)
        assert place.found("paul", "belladone") == {topic.number}
        assert place.found(None, "belladone") == set()


class TestReindex:
    def test_finds_again_what_was_there_and_nothing_that_was_taken_away(self, place):
        topic = place.topic(title="Pimprenelle")
        kept = place.reply(topic, "Pimprenelle vivace")
        gone, hidden = place.replies(topic, 2)
        place.remove(gone)
        place.remove(hidden, "set_hidden", True)
        catalog = place.house.registry.getUtility(ICatalog)
        catalog.forget_plugin("forums")
        assert place.found("paul", "pimprenelle") == set()
        reindex(place.house.registry)
        assert place.found("paul", "pimprenelle") == {topic.number, kept}
        assert place.found("paul", "réponse") & {gone, hidden} == set()

    def test_walks_every_topic_and_every_post(self, make_place):
        place = make_place()
        topic = place.topic()
        numbers = place.replies(topic, 3)

        def walks(request, _forums):
            topics = [found.id for found in indexing.walk_topics(request)]
            return topics, [post.id for post in indexing.walk_posts(request)]

        assert place.do(walks) == ([topic.number], [topic.number, *numbers])

    def test_of_a_site_whose_forums_are_gone_finds_nothing(self, make_place):
        place = make_place()

        def walk(request):
            del request.site["forums"]
            return list(indexing.walk_topics(request)), list(indexing.walk_posts(request))

        assert place.house.work(walk) == ([], [])


class TestBatches:
    def test_a_long_topic_is_settled_batch_by_batch(self, place, monkeypatch):
        monkeypatch.setattr(indexing, "BATCH", 4)
        topic = place.topic(title="Verveine")
        place.replies(topic, 10)
        place.do(
            lambda request, forums: request.find_service(IRemovals).set_hidden(
                forums.topic(topic.number), True
            )
        )
        assert run_due(place.house.registry) >= 3
        assert (
            place.found("moira", "réponse")
            & set(place.do(lambda _, forums: list(forums.topic(topic.number).posts)))
            == set()
        )
