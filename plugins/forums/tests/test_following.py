import pytest

from communicate.interfaces import INotifications
from communicate.outbox.runner import run_due
from communicate_forums import telling
from communicate_forums.interfaces import IFollowing


@pytest.fixture
def told(make_place):
    """Return a place, and what tells how many notices somebody has not read."""
    place = make_place()

    def unread(login):
        run_due(place.house.registry)
        uid = place.uids[login]
        return place.house.work(lambda r: r.find_service(INotifications).unread(uid))

    place.unread = unread
    return place


def followed(place, login):
    """Return the ids of what *login* follows."""

    def look(request, _forums):
        return [thing.id for thing in request.find_service(IFollowing).followed(place.uids[login])]

    return place.do(look)


def forum_id(place, name="general"):
    return place.do(lambda _, forums: forums[name].id)


def replied(topic):
    """Return what a job is given that tells of the replies in *topic*."""
    return {"topic": topic.number, "post": topic.number + 1}


def drop(request, name):
    """Forget the jobs of that name, as an operator may."""
    outbox = request.root_map["outbox"]
    for job in [job for job in outbox.jobs.values() if job.name == name]:
        outbox.drop(job)


class TestFollowing:
    def test_who_opens_a_topic_follows_it_and_can_end_that(self, place):
        topic = place.topic()
        assert topic.number in followed(place, "ines")
        place.click("ines", f"{topic.base}/follow?act=unfollow")
        assert topic.number not in followed(place, "ines")

    def test_a_button_follows_topics_and_forums(self, place):
        topic = place.topic()
        place.click("paul", f"{topic.base}/follow?act=follow")
        place.click("paul", "/forums/general/follow?act=follow")
        page = place.browser("paul").get(topic.base).maybe_follow()
        assert page.html.select_one("[name=act][value=unfollow]")["aria-pressed"] == "true"
        assert set(followed(place, "paul")) >= {topic.number, forum_id(place)}
        listed = place.browser("paul").get("/account/forums")
        assert {"/forums/general"} < {a["href"] for a in listed.html.select(".row-title")}

    def test_the_list_ends_what_it_shows(self, place):
        topic = place.topic()
        place.click("paul", f"{topic.base}/follow?act=follow")
        page = place.browser("paul").get("/account/forums")
        value = topic.base.rpartition("/")[2]
        form = next(f for f in page.forms.values() if f.fields.get("unfollow") and value in f.text)
        form.submit("unfollow")
        assert topic.number not in followed(place, "paul")

    @pytest.mark.parametrize("value", ["", "x", "forum:nowhere", "0000000000000"])
    def test_what_is_nothing_cannot_be_unfollowed(self, place, value):
        place.click("paul", f"/account/forums?unfollow={value}", status=400)

    def test_strangers_are_asked_to_sign_in(self, place):
        topic = place.topic()
        place.click(None, f"{topic.base}/follow?act=follow", status=403)
        place.click(None, "/forums/read", status=403)
        assert "/follow" not in place.browser().get(topic.base).maybe_follow().text

    def test_an_act_that_is_none_is_refused(self, place):
        place.click("paul", f"{place.topic().base}/follow?act=own", status=400)

    def test_a_list_does_not_show_what_one_may_not_read_any_more(self, place):
        forum = place.forum()
        topic = place.topic(forum, title="Le code du portail")
        place.click("paul", f"{topic.base}/follow?act=follow")
        assert "Le code" in place.browser("paul").get("/account/forums").text
        place.words(
            lambda words: words.change_forum(
                words.request.site["forums"][forum], {"audience": place.only("ines")}
            )
        )
        assert "Le code" not in place.browser("paul").get("/account/forums").text


class TestTelling:
    def test_followers_hear_of_replies_and_find_the_first_one_unread(self, told):
        topic = told.topic()
        told.browser("ines").get(topic.base).maybe_follow()
        told.later(seconds=1)
        number = told.reply(topic, "Avec de la graisse")
        assert (told.unread("ines"), told.unread("paul")) == (1, 0)
        page = told.browser("ines").get("/notices")
        assert "replied" in page.text
        assert "graisse" not in page.text.partition("<main")[2].partition("</main>")[0]
        answer = told.browser("ines").get(f"{topic.base}/unread")
        assert answer.location.endswith(f"#{topic.post(number).rpartition('/')[2]}")

    def test_replies_that_were_not_read_are_one_notice(self, told):
        topic = told.topic()
        told.replies(topic, 3)
        assert told.unread("ines") == 1

    def test_followers_of_a_forum_hear_of_topics_and_not_of_replies(self, told):
        told.click("paul", "/forums/general/follow?act=follow")
        topic = told.topic()
        assert told.unread("paul") == 1
        told.reply(topic, "Oui", by="moira")
        assert told.unread("paul") == 1

    def test_a_mention_and_a_reply_are_one_notice(self, told):
        topic = told.topic()
        told.reply(topic, "Merci @ines")
        assert told.unread("ines") == 1
        assert "mentions you" in told.browser("ines").get("/notices").text

    def test_nobody_hears_of_what_was_narrowed_meanwhile(self, told):
        forum = told.forum()
        told.click("paul", f"/forums/{forum}/follow?act=follow")
        told.topic(forum)
        told.words(
            lambda words: words.change_forum(
                words.request.site["forums"][forum], {"audience": told.only("ines")}
            )
        )
        assert told.unread("paul") == 0

    def test_posting_queues_one_job_however_many_follow(self, make_place, monkeypatch):
        place = make_place()
        monkeypatch.setattr(telling, "BATCH", 20)
        topic = place.topic()
        uids = [place.house.member(f"membre{n}") for n in range(50)]

        def follow(request, forums):
            service = request.find_service(IFollowing)
            for uid in uids:
                service.follow(forums.topic(topic.number), uid)

        place.do(follow)

        def waiting(request, _forums):
            return request.root_map["outbox"].waiting().get(telling.REPLIES, 0)

        place.reply(topic, "Bonne nouvelle")
        assert place.do(waiting) == 1
        run_due(place.house.registry)
        assert place.do(waiting) == 0
        told = place.house.work(
            lambda r: [r.find_service(INotifications).unread(uid) for uid in uids]
        )
        assert told == [1] * 50

    def test_many_who_reply_at_once_leave_the_topic_itself_alone(self, place):
        topic = place.topic()
        place.click("paul", f"{topic.base}/follow?act=follow")
        place.reply(topic, "Un", by="ines")
        run_due(place.house.registry)
        before = place.do(lambda _, forums: forums.topic(topic.number)._p_serial)
        for word in ("Deux", "Trois"):
            place.reply(topic, word, by="ines")
            run_due(place.house.registry)
        assert place.do(lambda _, forums: forums.topic(topic.number)._p_serial) == before

    def test_a_reply_written_while_others_are_told_of_is_told_of_too(self, told, monkeypatch):
        monkeypatch.setattr(telling, "BATCH", 1)
        topic = told.topic()
        for login in ("paul", "moira"):
            told.click(login, f"{topic.base}/follow?act=follow")
        told.reply(topic, "Un", by="ines")
        told.house.work(lambda request: telling.replies_job(request, replied(topic)))
        told.reply(topic, "Deux @moira", by="ines")
        assert [told.unread(login) for login in ("paul", "moira")] == [1, 2]
        assert "mentions you" in told.browser("moira").get("/notices").text

    def test_a_reply_at_the_moment_at_which_telling_ends_is_told_of(self, told, monkeypatch):
        monkeypatch.setattr(telling, "BATCH", 1)
        topic = told.topic()
        told.click("paul", f"{topic.base}/follow?act=follow")
        tell, late = telling._tell, []

        def meanwhile(request, *given):
            """Have a reply leave it to this job at its last step, when it has looked already."""
            batch = tell(request, *given)
            if not batch and not late:
                late.append(told.reply(topic, "Deux", by="ines"))
                payload = {"topic": topic.number, "post": late[0]}
                told.house.work(lambda r: telling.replies_job(r, payload))
                told.house.work(lambda r: drop(r, telling.REPLIES))
            return batch

        monkeypatch.setattr(telling, "_tell", meanwhile)
        for _ in range(2):  # the second one meets what the first one has made
            late.clear()
            told.reply(topic, "Un", by="ines")
            run_due(told.house.registry)
            [number] = late
            state = told.do(lambda _, forums: vars(forums.topic(topic.number).telling).copy())
            assert (state["told"], state["running"]) == (number, 0)

    def test_all_replies_are_told_of_in_one_go_where_few_follow(self, told):
        topic = told.topic()
        told.click("paul", f"{topic.base}/follow?act=follow")
        last = told.replies(topic, telling.POSTS // 2, by="ines")[-1]
        told.house.work(lambda request: telling.replies_job(request, replied(topic)))
        assert told.do(lambda _, forums: forums.topic(topic.number).telling.told) == last
        waiting = told.do(lambda r, _: r.root_map["outbox"].waiting())
        assert telling.BATCHES not in waiting

    def test_a_job_that_was_lost_silences_nobody_for_long(self, told, monkeypatch):
        monkeypatch.setattr(telling, "BATCH", 1)
        topic = told.topic()
        told.click("paul", f"{topic.base}/follow?act=follow")
        told.reply(topic, "Un", by="ines")
        told.house.work(lambda request: telling.replies_job(request, replied(topic)))
        told.house.work(lambda request: drop(request, telling.BATCHES))
        told.browser("paul").get(topic.base).maybe_follow()
        told.later(hours=2)
        told.reply(topic, "Deux", by="ines")
        assert told.unread("paul") == 1

    def test_nothing_is_queued_where_nobody_else_follows(self, place):
        run_due(place.house.registry)
        topic = place.topic(place.forum())
        place.reply(topic, "Moi seule", by="ines")
        queued = place.do(lambda r, _: r.root_map["outbox"].waiting().get(telling.REPLIES, 0))
        assert queued == 0


class TestHome:
    def test_followed_topics_with_news_wait_there_until_they_are_read(self, told):
        topic = told.topic(title="Ma question")
        told.browser("ines").get(topic.base).maybe_follow()
        told.later(seconds=1)
        assert "Topics that you follow" not in told.browser("ines").get("/").text
        told.reply(topic, "Ma réponse")
        run_due(told.house.registry)
        for path in ("/", "/forums"):
            page = told.browser("ines").get(path).text
            assert "Topics that you follow" in page
        told.browser("ines").get(topic.base).maybe_follow()
        for path in ("/", "/forums"):
            assert "Topics that you follow" not in told.browser("ines").get(path).text

    def test_no_more_than_some_are_kept(self, told, monkeypatch):
        monkeypatch.setattr(telling, "NEWS", 2)
        topics = [told.topic() for _ in range(4)]
        for topic in topics:
            told.reply(topic, "Oui")
        run_due(told.house.registry)
        kept = told.do(lambda _, forums: list(forums.readers[told.uids["ines"]].news))
        assert kept == [topic.number for topic in topics[-2:]]


class TestSeen:
    def test_who_reads_the_topic_is_told_of_it_no_more(self, told):
        topic = told.topic()
        told.reply(topic, "Oui.")
        assert told.unread("ines") == 1
        told.browser("ines").get(topic.base).maybe_follow()
        assert told.unread("ines") == 0

    def test_who_reads_another_page_of_it_is(self, told):
        topic = told.topic()
        for _ in range(30):
            told.reply(topic, "Oui.")
        assert told.unread("ines") == 1
        told.browser("ines").get(topic.base).maybe_follow()
        assert told.unread("ines") == 1
        told.browser("ines").get(f"{topic.base}/latest").maybe_follow().maybe_follow()
        assert told.unread("ines") == 0
