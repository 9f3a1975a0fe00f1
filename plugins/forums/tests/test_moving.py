import threading

import pytest

from communicate.audience import MEMBERS
from communicate.ids import encode
from communicate.interfaces import IAuthored
from communicate.outbox.runner import run_due
from communicate_forums import moving
from communicate_forums.interfaces import IFollowing, IMoves
from communicate_forums.unread import is_new


def move(place, topic, forum):
    place.do(
        lambda r, forums: r.find_service(IMoves).move(forums.topic(topic.number), forums[forum])
    )


def split(place, number, title="À part"):
    """Split the topic of the post *number* from that post on; return the new topic's id."""

    def act(request, forums):
        service = request.find_service(IMoves)
        return service.split(forums.post(number), title, place.uids["moira"]).id

    return place.do(act)


def merge(place, topic, into):
    def act(request, forums):
        topics = (forums.topic(topic.number), forums.topic(into.number))
        request.find_service(IMoves).merge(*topics)

    place.do(act)


def numbers(place, number):
    return place.do(lambda _, forums: list(forums.topic(number).posts))


def landed(place, login, address):
    """Return where *login* ends up with *address*, redirects followed."""
    answer = place.browser(login).get(address)
    while answer.location:
        answer = answer.follow()
    return answer.request.path


def counts(place, forum):
    def look(_request, forums):
        held = forums[forum]
        return held.count(), sorted(held.active.values())

    return place.do(look)


def new_to(place, login, number):
    """Tell whether the topic has something new for *login*."""
    uid = place.uids[login]
    return place.do(lambda _, f: is_new(f.topic(number), f.readers.get(uid), uid))


class TestMove:
    def test_old_addresses_lead_on_and_lists_are_right(self, place):
        start, end = place.forum(), place.forum()
        topic = place.topic(start, title="Le volet")
        number = place.reply(topic, "Oui")
        move(place, topic, end)
        now = f"/forums/{end}/{encode(topic.number)}-le-volet"
        assert landed(place, None, topic.base) == now
        assert landed(place, None, topic.post(number)) == now
        assert (counts(place, start), counts(place, end)) == ((0, []), (1, [topic.number]))
        move(place, topic, start)
        assert landed(place, None, now) == f"/forums/{start}/{encode(topic.number)}-le-volet"

    def test_the_rights_of_the_other_forum_hold_at_once_on_every_path(self, place):
        narrow = place.forum(audience=place.only("ines", "moira"))
        topic = place.topic(title="Jonquille", body="Une jonquille")
        number = place.reply(topic, "Deux jonquilles", by="ines")
        quoting = place.topic()
        place.reply(quoting, f"[quote:{encode(number)}]")
        paths = ["/sitemap.xml", "/forums/feed.atom", "/forums/general/feed.atom", "/"]
        assert place.found("paul", "jonquilles") == {number}
        move(place, topic, narrow)
        assert place.found("paul", "jonquille") == place.found("paul", "jonquilles") == set()
        assert place.found("oscar", "jonquille") == set()
        for login in (None, "paul", "oscar"):
            for address in (topic.base, topic.post(number), f"{topic.base}/feed.atom"):
                assert place.status(login, address) == (403 if login == "oscar" else 404)
            for path in (*paths, "/forums", "/forums/general", quoting.base):
                page = place.browser(login).get(path).maybe_follow().text.lower()
                assert "jonquille" not in page
        pages = place.browser().get("/sitemap.xml").xml.findall(".//{*}loc")
        for page in pages:
            path = page.text.removeprefix("http://localhost")
            assert "jonquille" not in place.browser().get(path).text
        assert place.status("ines", topic.base) == 200
        run_due(place.house.registry)
        assert place.found("paul", "jonquilles") == set()

    def test_an_old_address_does_not_tell_that_its_forum_exists(self, place):
        secret, open_ = place.forum(audience=place.only("ines")), place.forum()
        topic = place.topic(secret)
        move(place, topic, open_)
        assert place.status("ines", topic.base) == 200
        assert place.status("paul", topic.base) == place.status("paul", topic.post()) == 404
        assert place.status("paul", f"/forums/{open_}/{encode(topic.number)}") == 200

    def test_words_come_back_where_more_people_read(self, place):
        narrow, wide = place.forum(audience=place.only("ines")), place.forum()
        topic = place.topic(narrow, body="Pervenche")
        number = place.reply(topic, "Pervenche aussi", by="ines")
        move(place, topic, wide)
        run_due(place.house.registry)
        assert place.found(None, "pervenche") == {topic.number, number}

    def test_what_is_read_followed_and_locked_stays_so(self, place):
        topic = place.topic()
        place.browser("paul").get(topic.base).maybe_follow()
        place.do(lambda _, forums: setattr(forums.topic(topic.number), "locked", True))
        end = place.forum()
        move(place, topic, end)
        assert not new_to(place, "paul", topic.number)
        followed = place.do(
            lambda r, _: [t.id for t in r.find_service(IFollowing).followed(place.uids["ines"])]
        )
        assert topic.number in followed
        assert place.do(lambda _, forums: forums.topic(topic.number).locked)

    def test_a_hidden_one_stays_hidden_and_a_pin_is_lost(self, place):
        start, end = place.forum(), place.forum()
        topic = place.topic(start)
        place.do(lambda _, forums: forums.topic(topic.number).set_pinned(True))
        place.click("moira", f"{topic.base}/hide?reason=Non")
        move(place, topic, end)

        def look(_request, forums):
            return [
                (len(f.pinned), list(f.concealed), f.count()) for f in (forums[start], forums[end])
            ]

        assert place.do(look) == [(0, [], 0), (0, [topic.number], 0)]

    def test_two_at_once_leave_it_in_one_place(self, make_place):
        place = make_place()
        ends = [place.forum(), place.forum()]
        topic = place.topic()
        barrier = threading.Barrier(2, timeout=20)

        def run(end):
            barrier.wait()
            move(place, topic, end)

        threads = [threading.Thread(target=run, args=(end,)) for end in ends]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lists = [counts(place, name) for name in ("general", *ends)]
        assert sorted(lists) == [(0, []), (0, []), (1, [topic.number])]
        here = place.do(lambda _, forums: forums.topic(topic.number).__parent__.__name__)
        assert counts(place, here) == (1, [topic.number])

    def test_a_reply_and_a_move_at_once_are_both_there(self, make_place):
        place = make_place()
        end, topic = place.forum(), place.topic()
        threads = [
            threading.Thread(target=move, args=(place, topic, end)),
            threading.Thread(target=place.reply, args=(topic, "En même temps")),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(numbers(place, topic.number)) == 2
        assert (counts(place, "general"), counts(place, end)) == ((0, []), (1, [topic.number]))


class TestSplit:
    @pytest.fixture
    def topic(self, place):
        return place.topic(place.forum(), title="Le composteur")

    def test_what_follows_goes_and_permalinks_lead_on(self, place, topic):
        first, second, third = (place.reply(topic, f"Réponse {n}") for n in range(3))
        new = split(place, second)
        assert numbers(place, topic.number) == [topic.number, first]
        assert numbers(place, new) == [second, third]
        for number in (second, third):
            assert f"{encode(new)}-a-part" in landed(place, None, topic.post(number))
        assert counts(place, topic.forum) == (2, sorted([topic.number, new]))
        found = place.do(lambda _, f: [f.topic(n).count() for n in (topic.number, new)])
        assert found == [2, 2]

    def test_the_new_topic_is_its_first_authors_and_the_title_the_moderators(self, place, topic):
        number = place.reply(topic, "Autre chose")
        new = split(place, number)
        owner, writer = place.do(lambda _, f: (f.topic(new).owner, f.topic(new).title.uid))
        assert (owner, writer) == (place.uids["paul"], place.uids["moira"])
        for login in ("paul", "moira"):
            listed = place.do(
                lambda r, _, uid=place.uids[login]: r.find_service(IAuthored).items(
                    uid, "forums.topic"
                )
            )
            assert new in listed

    def test_search_finds_both_under_their_titles(self, place, topic):
        number = place.reply(topic, "Hellébore")
        new = split(place, number, "Hortensia")
        run_due(place.house.registry)
        assert new == number
        assert place.found("ines", "hellébore") == place.found("ines", "hortensia") == {number}

    def test_what_was_read_stays_read_and_what_was_not_stays_new(self, make_place):
        place = make_place()
        topic = place.topic()
        _first, second = place.reply(topic, "Un"), place.reply(topic, "Deux")
        place.browser("ines").get(topic.base).maybe_follow()
        place.later(seconds=1)
        place.reply(topic, "Trois")
        new = split(place, second)
        assert not new_to(place, "ines", topic.number)
        assert new_to(place, "ines", new)
        place.reply(topic, "Encore ici")
        place.browser("ines").get(topic.base).maybe_follow()
        assert new_to(place, "ines", new)
        place.browser("ines").get(f"/forums/general/{encode(new)}").maybe_follow()
        assert not new_to(place, "ines", new)

    def test_followers_follow_both_and_can_leave_either(self, place, topic):
        number = place.reply(topic, "Autre chose")
        new = split(place, number)
        uid = place.uids["ines"]

        def followed():
            return place.do(lambda r, _: [t.id for t in r.find_service(IFollowing).followed(uid)])

        assert {topic.number, new} <= set(followed())
        place.click("ines", f"{topic.base}/follow?act=unfollow")
        assert topic.number not in followed()
        assert new in followed()

    def test_the_first_post_stays(self, place, topic):
        with pytest.raises(moving.CannotMove):
            split(place, topic.number)

    def test_so_many_posts_at_most(self, place, topic, monkeypatch):
        monkeypatch.setattr(moving, "MOST", 2)
        found = place.replies(topic, 3)
        with pytest.raises(moving.CannotMove):
            split(place, found[0])
        assert split(place, found[1]) == found[1]

    def test_a_page_asks_for_the_title(self, place, topic):
        number = place.reply(topic, "Autre chose")
        answer = place.write("moira", topic.post(number) + "/split", "split", title="Autre sujet")
        assert answer.location.endswith("-autre-sujet")
        refused = place.write(
            "moira", topic.post() + "/split", "split", status=400, title="Le même"
        )
        assert "move the topic instead" in refused.text


class TestMerge:
    @pytest.fixture
    def two(self, place):
        forum = place.forum()
        older, newer = place.topic(forum, title="Antan"), place.topic(forum, title="Récent")
        place.older_reply, place.newer_reply = place.reply(older, "A"), place.reply(newer, "B")
        return older, newer

    def test_posts_come_together_by_date_and_addresses_lead_there(self, place, two):
        older, newer = two
        merge(place, newer, older)
        expected = [older.number, newer.number, place.older_reply, place.newer_reply]
        assert numbers(place, older.number) == expected
        now = f"{older.base}-antan"
        for address in (newer.base, newer.post(), newer.post(place.newer_reply)):
            assert landed(place, None, address) == now
        assert counts(place, older.forum) == (1, [older.number])
        assert place.do(lambda _, f: f.topic(older.number).count()) == 4

    def test_the_title_that_goes_is_destroyed_and_forgotten(self, place, two):
        older, newer = two
        merge(place, older, newer)
        run_due(place.house.registry)
        assert place.found("paul", "antan").isdisjoint({older.number, newer.number})
        listed = place.do(
            lambda r, _: r.find_service(IAuthored).items(place.uids["ines"], "forums.topic")
        )
        assert older.number not in listed
        assert newer.number in listed

    def test_what_was_new_of_either_stays_new(self, make_place):
        place = make_place()
        one, other = place.topic(), place.topic()
        for topic in (one, other):
            place.browser("paul").get(topic.base).maybe_follow()
        place.later(seconds=1)
        merge(place, other, one)
        assert not new_to(place, "paul", one.number)
        place.reply(one, "Après", by="ines")
        assert new_to(place, "paul", one.number)
        place.browser("paul").get(one.base).maybe_follow()
        assert not new_to(place, "paul", one.number)

    def test_what_was_not_read_of_one_is_new_in_both(self, make_place):
        place = make_place()
        one, other = place.topic(), place.topic()
        for topic in (one, other):
            place.browser("paul").get(topic.base).maybe_follow()
        place.later(seconds=1)
        place.reply(other, "Pas lu", by="ines")
        place.later(seconds=1)
        place.reply(one, "Lu", by="ines")
        place.browser("paul").get(one.base).maybe_follow()
        merge(place, other, one)
        page = place.browser("paul").get(f"{one.base}/unread").follow()
        assert page.text.index('id="new"') < page.text.index("Pas lu")

    def test_followers_of_both_follow_one(self, place, two):
        older, newer = two
        place.click("paul", f"{newer.base}/follow?act=follow")
        merge(place, newer, older)
        uid = place.uids["paul"]

        def followed():
            return place.do(lambda r, _: [t.id for t in r.find_service(IFollowing).followed(uid)])

        assert followed().count(older.number) == 1
        place.click("paul", f"{older.base}/follow?act=unfollow")
        assert older.number not in followed()

    def test_into_a_narrower_forum_takes_its_words_along(self, place, two):
        _older, newer = two
        narrow = place.forum(audience=place.only("ines", "moira"))
        into = place.topic(narrow)
        number = place.reply(newer, "Anémone")
        merge(place, newer, into)
        assert place.found("paul", "anémone") == set()
        assert place.status("paul", newer.post(number)) == 404
        run_due(place.house.registry)
        assert place.found("paul", "anémone") == set()

    def test_not_with_itself_nor_what_is_hidden(self, place, two):
        older, newer = two
        with pytest.raises(moving.CannotMove):
            merge(place, older, older)
        place.click("moira", f"{newer.base}/hide?reason=Non")
        with pytest.raises(moving.CannotMove):
            merge(place, newer, older)

    def test_split_and_merged_again_is_as_before(self, place, two):
        older, _newer = two
        before = numbers(place, older.number)
        new = split(place, place.older_reply)
        part = type(older)(older.forum, new)
        merge(place, part, older)
        assert numbers(place, older.number) == before
        assert landed(place, None, part.base) == f"{older.base}-antan"
        assert place.status("ines", older.base) == 200
        followed = place.do(
            lambda r, _: [t.id for t in r.find_service(IFollowing).followed(place.uids["ines"])]
        )
        assert followed.count(older.number) == 1


class TestPages:
    def test_moderators_choose_among_forums_that_they_read(self, place):
        secret, end, topic = place.forum(audience=place.only("ines")), place.forum(), place.topic()
        page = place.browser("moira").get(f"{topic.base}/move")
        offered = [radio["value"] for radio in page.html.select("[name=forum]")]
        assert end in offered
        assert secret not in offered
        assert "general" not in offered
        answer = place.write("moira", f"{topic.base}/move", "move", forum=end)
        assert answer.location == f"/forums/{end}/{encode(topic.number)}-le-volet-grince"

    def test_a_forum_that_they_do_not_read_is_refused(self, place):
        secret, topic = place.forum(audience=place.only("ines")), place.topic()
        place.click("moira", f"{topic.base}/move?move=move&forum={secret}", status=400)
        place.click("moira", f"{topic.base}/move?move=move&forum=general", status=400)

    def test_what_was_written_for_members_is_not_opened_to_everyone(self, place):
        """No role opens anything narrower."""
        members = place.forum(audience=MEMBERS)
        other, wide, topic = place.forum(audience=MEMBERS), place.forum(), place.topic(members)
        page = place.browser("moira").get(f"{topic.base}/move")
        offered = [radio["value"] for radio in page.html.select("[name=forum]")]
        assert other in offered
        assert wide not in offered
        place.click("moira", f"{topic.base}/move?move=move&forum={wide}", status=400)
        address = place.topic(wide).base
        page = place.write("moira", f"{topic.base}/move", "merge", status=400, topic=address)
        assert "written for fewer" in page.text
        assert place.status(None, topic.base) != 200

    def test_a_topic_is_merged_by_its_address(self, place):
        one, other = place.topic(), place.topic()
        address = f"http://localhost{other.base}-le-volet-grince"
        place.write("moira", f"{one.base}/move", "merge", topic=address)
        assert one.number in numbers(place, other.number)

    @pytest.mark.parametrize("address", ["x", "/forums/general", "http://[", "/forums/x/zzz"])
    def test_an_address_of_nothing_is_refused_with_a_sentence(self, place, address):
        page = place.write(
            "moira", f"{place.topic().base}/move", "merge", status=400, topic=address
        )
        assert "No topic that you moderate" in page.text

    def test_what_they_do_not_moderate_is_as_good_as_nothing(self, place):
        narrow = place.topic(place.forum(audience=place.only("ines", "moira")))
        page = place.write(
            "moira", f"{place.topic().base}/move", "merge", status=400, topic=narrow.base
        )
        assert "No topic that you moderate" in page.text

    @pytest.mark.parametrize("login", [None, "ines", "oscar"])
    def test_nobody_else_may(self, place, login):
        topic = place.topic()
        number = place.reply(topic, "Oui")
        for address in (f"{topic.base}/move", topic.post(number) + "/split"):
            assert place.status(login, address) == 403
            place.click(login, address, status=403)
