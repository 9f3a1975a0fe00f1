from threading import Thread

import pytest

from communicate.content import NameTaken
from communicate.interfaces import IAuthored, ISeals
from communicate_forums.interfaces import IForums
from communicate_forums.services import BODY, TOPIC


def authored(place, login, kind):
    uid = place.uids[login]
    return place.do(lambda request, _: list(request.find_service(IAuthored).items(uid, kind)))


class TestOpening:
    def test_the_topic_and_its_first_post_share_an_id_and_an_author(self, place):
        topic = place.topic(by="paul")
        kinds = [authored(place, "paul", kind) for kind in (TOPIC, BODY)]
        assert all(topic.number in numbers for numbers in kinds)

    def test_words_are_sealed_under_their_authors_key(self, place):
        topic = place.topic(title="Marguerite", body="Pivoine")

        def look(request, forums):
            found, text = forums.topic(topic.number), request.find_service(ISeals).text
            post = forums.post(topic.number)
            sealed = (found.title, post.body, post.html)
            return [(one.uid, text(one)) for one in sealed]

        uid = place.uids["ines"]
        assert place.do(look) == [
            (uid, "Marguerite"),
            (uid, "Pivoine"),
            (uid, "<p>Pivoine</p>\n"),
        ]

    def test_no_file_holds_the_words_of_a_forum_for_chosen_people(self, place):
        forum = place.forum(audience=place.only("ines"))
        topic = place.topic(forum, title="marqueurtitre77", body="marqueurcorps77")
        place.words(lambda words: words.edit(words_post(words, topic), "marqueuredite77"))
        var = place.house.registry.settings["communicate.var"]
        files = [path.read_bytes() for path in var.rglob("*") if path.is_file()]
        assert files
        assert not any(b"marqueur" in data and b"77" in data for data in files)


def words_post(words, topic):
    """Return the opening post of *topic* as the transaction of *words* sees it."""
    return words.request.site["forums"].post(topic.number)


class TestEditing:
    def test_new_words_take_the_place_of_the_old_ones_and_are_marked(self, place):
        topic = place.topic(title="Avant", body="Premier jet")

        def edit(words):
            words.edit(words_post(words, topic), "Second jet", "Après")

        def look(words):
            post = words_post(words, topic)
            found = words.title(post.__parent__), words.body(post), words.html(post)
            return (*found, bool(post.edited), post.created == post.id >> 21)

        assert place.words(look)[3] is False
        place.words(edit)
        assert place.words(look) == ("Après", "Second jet", "<p>Second jet</p>\n", True, True)

    def test_a_reply_never_changes_the_title(self, place):
        topic = place.topic(title="Le titre")
        number = place.reply(topic, "Une réponse")

        def edit(words):
            words.edit(words.request.site["forums"].post(number), "Autre", "Volé")

        place.words(edit)
        assert place.words(lambda words: words.title(words_post(words, topic).__parent__)) == (
            "Le titre"
        )

    def test_html_of_an_older_renderer_is_made_anew_when_it_is_shown(self, place):
        topic = place.topic(body="**fort**")

        def age(words):
            post = words_post(words, topic)
            post.html, post.made_by = post.body, "0"

        place.words(age)
        html = place.words(lambda words: words.html(words_post(words, topic)))
        assert html == "<p><strong>fort</strong></p>\n"
        assert place.words(lambda words: words_post(words, topic).made_by != "0")


class TestOrder:
    def test_posts_of_one_millisecond_stay_in_the_order_in_which_they_were_written(self, place):
        topic = place.topic().number

        def write(request, forums):
            words, found = request.find_service(IForums), forums.topic(topic)
            return [words.reply(found, place.uids["paul"], str(n)).id for n in range(50)]

        numbers = place.do(write)
        assert numbers == sorted(set(numbers))
        assert place.do(lambda _, forums: list(forums.topic(topic).posts)) == [topic, *numbers]

    def test_a_clock_that_was_put_back_puts_no_post_before_the_last(self, place):
        topic = place.topic().number
        early = place.do(lambda _, forums: forums.topic(topic).follow(1))
        late = place.do(lambda _, forums: forums.topic(topic).follow(topic + 1))
        assert early > topic
        assert late == topic + 1


class TestForums:
    def test_a_new_one_is_read_by_everyone_and_written_in_by_members(self, place):
        name = place.forum()
        grants = place.do(lambda _, forums: dict(forums[name].grants))
        assert {audience.level for audience in grants.values()} == {"members"}
        assert place.do(lambda _, forums: forums[name].audience.level) == "public"

    @pytest.mark.parametrize("name", ["general", "manage", ""])
    def test_a_name_that_is_taken_or_leads_elsewhere_is_refused(self, place, name):
        with pytest.raises(NameTaken):
            place.words(lambda words: words.add_forum(name, "Titre"))

    def test_changing_one_thing_keeps_the_others(self, place):
        name = place.forum(description="Une ligne", weight=5)
        place.do(
            lambda request, forums: request.find_service(IForums).change_forum(
                forums[name], {"title": "Neuf"}
            )
        )
        found = place.do(lambda _, forums: vars(forums[name]).copy())
        assert (found["title"], found["description"], found["weight"]) == ("Neuf", "Une ligne", 5)


class TestAtTheSameMoment:
    THREADS, EACH = 8, 50

    def test_four_hundred_replies_of_eight_threads_are_all_saved_once(self, place):
        topic = place.topic()
        failures, made = [], []

        def write(thread):
            try:
                for number in range(self.EACH):
                    made.append(place.reply(topic, f"{thread}/{number}"))
            except Exception as error:
                failures.append(error)

        threads = [Thread(target=write, args=(number,)) for number in range(self.THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        def look(request, forums):
            found, words = forums.topic(topic.number), request.find_service(IForums)
            bodies = [words.body(post) for post in found.posts.values()]
            places = all(forums.post(number) is found.posts[number] for number in found.posts)
            return bodies[1:], found.count(), places, set(found.posts)

        bodies, count, places, numbers = place.do(look)
        expected = {f"{one}/{two}" for one in range(self.THREADS) for two in range(self.EACH)}
        assert failures == []
        assert (len(bodies), set(bodies)) == (len(expected), expected)
        assert (count, places) == (len(expected) + 1, True)
        assert set(made) == numbers - {topic.number}

    def test_topics_opened_together_are_all_listed_and_counted(self, place):
        forum = place.forum()
        threads = [Thread(target=place.topic, args=(forum,)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = place.do(lambda _, forums: (len(forums[forum].active), forums[forum].count()))
        assert found == (12, 12)

    @pytest.mark.parametrize("gone", [0, 70], ids=["one post", "a long topic"])
    def test_a_topic_is_deleted_or_answered_and_never_both(self, place, gone):
        for _ in range(2 if gone else 8):
            topic = place.topic()
            for number in place.replies(topic, gone, "ines"):
                place.remove(number)
            race = Thread(target=place.remove, args=(topic.number,))
            race.start()
            answered = answer_unless_deleted(place, topic)
            race.join()
            found = place.do(
                lambda _, forums, topic=topic: (
                    bool(forums.topic(topic.number).deleted),
                    forums.topic(topic.number).count(),
                )
            )
            assert found == (not answered, int(answered))


def answer_unless_deleted(place, topic):
    """Reply as the page does, which asks for permission; tell whether that was possible."""

    def answer(request, forums):
        found = forums.topic(topic.number)
        if found.deleted:
            return False
        request.find_service(IForums).reply(found, place.uids["paul"], "Juste à temps")
        return True

    return place.do(answer)
