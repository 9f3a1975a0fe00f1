from datetime import timedelta

import pytest

from communicate.interfaces import IDatabase, ISeals
from communicate.outbox.runner import run_due
from communicate_forums.content import scattered
from communicate_forums.interfaces import IForums
from communicate_forums.removal import SECONDS, destroy_job


def raw(place, number):
    """Return what the stored object of a post holds, without loading any class."""

    def look(request, forums):
        post = forums.post(number)
        return post._p_oid

    oid = place.do(look)
    data, _tid = place.house.registry.getUtility(IDatabase).storage.load(oid)
    return data


def look_at(place, topic, func):
    return place.do(lambda _request, forums: func(forums.topic(topic.number), forums))


class TestDeleting:
    def test_hides_at_once_and_counts_the_post_out(self, place):
        topic = place.topic()
        number = place.reply(topic, "Zinnia")
        place.remove(number)
        assert look_at(place, topic, lambda found, _: (found.count(), len(found.posts))) == (1, 2)
        assert place.found("ines", "zinnia") == set()

    def test_twice_is_once(self, place):
        topic = place.topic()
        number = place.reply(topic, "Deux fois")
        place.remove(number)
        place.remove(number)
        assert look_at(place, topic, lambda found, _: found.count()) == 1

    def test_a_topic_goes_with_its_last_post_to_show(self, place):
        forum = place.forum()
        topic = place.topic(forum)
        number = place.reply(topic, "Aussi")
        place.remove(topic.number)
        assert look_at(place, topic, lambda found, _: bool(found.deleted)) is False
        place.remove(number)
        found = look_at(
            place, topic, lambda found, forums: (bool(found.deleted), forums[forum].count())
        )
        assert found == (True, 0)

    def test_a_topic_stays_for_what_moderators_hid_in_it(self, place):
        topic = place.topic()
        number = place.reply(topic, "À revoir")
        place.remove(number, "set_hidden", True)
        place.remove(topic.number)
        assert look_at(place, topic, lambda found, _: bool(found.deleted)) is False


class TestUndoing:
    def test_brings_back_words_count_place_and_search(self, place):
        forum = place.forum()
        topic = place.topic(forum, title="Campanule")
        place.remove(topic.number)
        assert place.found("paul", "campanule") == set()
        place.remove(topic.number, "undo")

        def look(found, forums):
            return found.count(), forums[forum].count(), forums.post(topic.number).deleted

        assert look_at(place, topic, look) == (1, 1, 0)
        assert place.found("paul", "campanule") == {topic.number}

    def test_in_time_keeps_the_words_when_the_job_comes(self, place):
        topic = place.topic(body="Encore là")
        place.remove(topic.number)
        place.remove(topic.number, "undo")
        place.later(seconds=SECONDS + 1)
        words = place.do(
            lambda request, forums: request.find_service(IForums).body(forums.post(topic.number))
        )
        assert words == "Encore là"

    def test_of_what_was_not_deleted_does_nothing(self, place):
        topic = place.topic()
        place.remove(topic.number, "undo")
        assert look_at(place, topic, lambda found, _: found.count()) == 1

    def test_of_what_was_destroyed_brings_nothing_back(self, place):
        topic = place.topic()
        number = place.reply(topic, "Trop tard")
        place.remove(number)
        place.later(seconds=SECONDS + 1)
        place.remove(number, "undo")
        found = place.do(
            lambda _, forums: (forums.post(number).body, bool(forums.post(number).deleted))
        )
        assert found == (None, True)


class TestDestroying:
    def test_words_are_there_for_ten_seconds_and_then_in_no_stored_state(self, place):
        topic = place.topic()
        number = place.reply(topic, "Capucine")
        kept = place.do(lambda _, forums: forums.post(number).body.envelope)
        place.remove(number)
        run_due(place.house.registry)
        assert kept in raw(place, number)
        place.later(seconds=SECONDS + 1)
        assert kept not in raw(place, number)
        state = place.do(lambda _, forums: {**forums.post(number).__getstate__()})
        assert [state[name] for name in ("body", "html", "owner")] == [None, None, None]
        assert str(place.uids["paul"]).encode() not in raw(place, number)

    def test_the_job_comes_ten_seconds_after(self, place):
        topic = place.topic()
        place.remove(topic.number)

        def due(request, forums):
            job = next(
                job
                for job in request.root_map["outbox"].jobs.values()
                if job.owner == place.uids["ines"]
            )
            return job.due - forums.post(topic.number).deleted

        assert place.do(due) == timedelta(seconds=SECONDS) // timedelta(milliseconds=1)
        place.later(seconds=SECONDS + 1)

    def test_a_topic_left_empty_leaves_nothing_behind(self, place):
        forum = place.forum()
        topic = place.topic(forum)
        place.do(lambda _, forums: forums.topic(topic.number).set_pinned(True))
        place.remove(topic.number)
        place.later(seconds=SECONDS + 1)

        def look(_request, forums):
            held = forums[forum]
            return (
                forums.topic(topic.number),
                scattered(topic.number) in forums.places,
                [len(held.active), len(held.pinned), len(held.concealed), held.count()],
            )

        assert place.do(look) == (None, False, [0, 0, 0, 0])

    def test_others_posts_stay_when_the_first_is_destroyed(self, place):
        topic = place.topic()
        number = place.reply(topic, "Je reste")
        place.remove(topic.number)
        place.later(seconds=SECONDS + 1)
        found = place.do(
            lambda request, forums: (
                forums.post(topic.number).body,
                request.find_service(IForums).body(forums.post(number)),
            )
        )
        assert found == (None, "Je reste")

    def test_what_was_taken_back_or_is_gone_is_left_alone_by_a_late_job(self, place):
        topic = place.topic()
        place.do(lambda request, _: destroy_job(request, {"post": topic.number}))
        place.do(lambda request, _: destroy_job(request, {"post": 1}))
        assert look_at(place, topic, lambda found, forums: forums.post(found.id).body is not None)

    def test_the_payload_names_no_words(self, place):
        topic = place.topic(body="Lavande")
        place.remove(topic.number)

        def payloads(request, _forums):
            text = request.find_service(ISeals).text
            jobs = request.root_map["outbox"].jobs.values()
            return [text(job.payload) for job in jobs if job.payload]

        assert all("Lavande" not in payload for payload in place.do(payloads))
        place.later(seconds=SECONDS + 1)


class TestHiding:
    def test_a_post_leaves_count_and_search_and_comes_back(self, place):
        topic = place.topic()
        number = place.reply(topic, "Giroflée")
        for hidden, count, found in ((True, 1, set()), (False, 2, {number})):
            place.remove(number, "set_hidden", hidden)
            place.remove(number, "set_hidden", hidden)
            assert look_at(place, topic, lambda found, _: found.count()) == count
            assert place.found("ines", "giroflée") == found

    def test_a_topic_takes_all_its_posts_out_of_search_and_back(self, place):
        forum = place.forum()
        topic = place.topic(forum, title="Dahlia")
        number = place.reply(topic, "Bulbe de dahlia")

        def hide(hidden):
            from communicate_forums.interfaces import IRemovals

            place.do(
                lambda request, forums: request.find_service(IRemovals).set_hidden(
                    forums.topic(topic.number), hidden
                )
            )

        hide(True)
        assert place.found("paul", "dahlia") == set()
        run_due(place.house.registry)
        assert place.found("moira", "dahlia") == set()
        assert look_at(place, topic, lambda _, forums: forums[forum].count()) == 0
        hide(False)
        run_due(place.house.registry)
        assert place.found("moira", "dahlia") == {topic.number, number}
        assert look_at(place, topic, lambda _, forums: forums[forum].count()) == 1

    def test_deleting_what_is_hidden_counts_it_out_once(self, place):
        topic = place.topic()
        number = place.reply(topic, "Caché puis supprimé")
        place.remove(number, "set_hidden", True)
        place.remove(number)
        place.later(seconds=SECONDS + 1)
        assert look_at(place, topic, lambda found, _: found.count()) == 1

    def test_what_was_deleted_while_hidden_stays_away_when_shown(self, place):
        topic = place.topic()
        number = place.reply(topic, "Caché puis supprimé")
        place.remove(number, "set_hidden", True)
        place.remove(number)
        place.remove(number, "set_hidden", False)
        assert look_at(place, topic, lambda found, _: found.count()) == 1
        assert place.status("paul", topic.post(number)) == 404


@pytest.mark.parametrize("count", [3, 65])
def test_a_topic_of_any_length_goes_with_its_last_post(place, count):
    """The title too: nobody could take it away otherwise."""
    forum = place.forum()
    topic = place.topic(forum)
    for number in [*place.replies(topic, count, "ines"), topic.number]:
        place.remove(number)
    assert look_at(
        place, topic, lambda found, forums: (bool(found.deleted), forums[forum].count())
    ) == (True, 0)
    place.later(seconds=SECONDS + 1)
    assert place.do(lambda _, forums: forums.topic(topic.number)) is None
