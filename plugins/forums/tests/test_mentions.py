import pytest

from communicate.interfaces import IContacts, INotifications
from communicate.outbox.runner import run_due
from communicate_forums.interfaces import IForums


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


class TestLinks:
    def test_cannot_be_made_by_hand(self, place):
        topic = place.topic(
            body='<a class="mention" href="/members/paul">x</a> [y](/members/paul)'
        )
        page = place.browser().get(topic.base).maybe_follow()
        assert page.html.select(".post-body a")
        assert page.html.select("a.mention") == []


class TestNotices:
    def test_who_is_mentioned_is_told_once(self, told):
        topic = told.topic(body="Qu'en penses-tu, @paul ? @paul !")
        assert (told.unread("paul"), told.unread("moira")) == (1, 0)
        page = told.browser("paul").get("/notices")
        assert "mentions you" in page.text
        assert "penses" not in page.text.partition("<main")[2].partition("</main>")[0]
        assert told.status("paul", topic.post()) == 200

    def test_an_edit_tells_only_whom_it_adds(self, told):
        topic = told.topic(body="Merci @paul")
        assert told.unread("paul") == 1

        def edit(request, forums):
            post = forums.post(topic.number)
            request.find_service(IForums).edit(post, "Merci @paul et @moira")

        told.do(edit)
        assert (told.unread("paul"), told.unread("moira")) == (1, 1)

    def test_nobody_is_told_of_what_they_may_not_read(self, told):
        told.topic(told.forum(audience=told.only("ines", "moira")), body="Chut, @paul @moira")
        assert (told.unread("paul"), told.unread("moira")) == (0, 1)

    def test_nobody_tells_themselves(self, told):
        told.topic(body="Moi, @ines")
        assert told.unread("ines") == 0

    @pytest.mark.parametrize(("one", "other"), [("ines", "paul"), ("paul", "ines")])
    def test_a_block_keeps_both_from_it(self, told, one, other):
        uids = told.uids
        told.house.work(lambda r: r.find_service(IContacts).block(uids[one], uids[other]))
        told.topic(body="Écoute, @paul")
        assert told.unread("paul") == 0

    def test_what_is_deleted_before_it_is_told_is_not_told(self, told):
        topic = told.topic(body="Ah, @paul")
        told.remove(topic.number)
        assert told.unread("paul") == 0
