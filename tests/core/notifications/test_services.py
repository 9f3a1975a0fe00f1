"""What members are told, and what not."""

import threading

import pytest

from communicate.audience import MEMBERS, PRIVATE
from communicate.content import Content
from communicate.erasure.services import ErasureService
from communicate.interfaces import INotifications
from communicate.notifications import services
from communicate.notifications.services import NEWEST, inbox_of


class TestSend:
    def test_it_is_unread_in_the_inbox_of_one_member(self, shelf):
        shelf.tell()
        assert shelf.unread() == 1
        assert shelf.unread(shelf.rose) == 0
        (notice,) = shelf.kept()
        assert (notice.kind, notice.by, notice.target) == (
            "shelf.reply",
            shelf.paul,
            "/shelf/vase",
        )

    def test_an_aborted_transaction_tells_nothing(self, shelf):
        def send(request):
            service = request.find_service(INotifications)
            service.send("shelf.reply", shelf.ines, about=request.site["shelf"]["vase"])
            request.tm.doom()

        shelf.house.work(send)
        assert shelf.unread() == 0

    def test_nobody_is_told_of_what_they_did_themselves(self, shelf):
        shelf.tell(by=shelf.ines)
        assert shelf.kept() == []

    def test_what_the_receiver_may_not_read_is_not_told(self, shelf):
        shelf.limit("vase", PRIVATE)
        shelf.tell()
        assert shelf.kept() == []
        shelf.tell(to=shelf.rose)  # who owns it
        assert shelf.unread(shelf.rose) == 1

    def test_between_people_of_whom_one_blocked_the_other_nothing_passes(self, shelf, monkeypatch):
        shelf.block(shelf.ines, shelf.paul)
        shelf.tell()
        shelf.tell(to=shelf.paul, by=shelf.ines)
        assert shelf.kept() == shelf.kept(shelf.paul) == []
        shelf.tell(by=shelf.rose)
        assert shelf.unread() == 1

    def test_a_closed_account_is_told_nothing_and_tells_nothing(self, shelf):
        shelf.close(shelf.paul)
        shelf.tell(by=shelf.paul)
        shelf.tell(to=shelf.paul, by=shelf.rose)
        assert shelf.kept() == shelf.kept(shelf.paul) == []

    @pytest.mark.parametrize(
        ("kind", "about", "path", "error"),
        [
            ("shelf.unknown", "vase", None, LookupError),
            ("shelf.reply", None, None, ValueError),
            ("shelf.reply", None, "https://example.org/", ValueError),
            ("shelf.reply", None, "//example.org/", ValueError),
        ],
    )
    def test_a_mistake_of_the_sender_is_an_error(self, shelf, kind, about, path, error):
        with pytest.raises(error):
            shelf.tell(kind, about, path=path)

    def test_an_address_needs_no_thing(self, shelf):
        shelf.tell(about=None, path="/help")
        (notice,) = shelf.kept()
        assert (notice.target, notice.thing) == ("/help", 0)


class TestTogether:
    def test_what_is_unread_of_one_kind_about_one_thing_is_one(self, shelf):
        shelf.tell(path="/shelf/vase/1")
        shelf.tell(path="/shelf/vase/2", by=shelf.rose)
        shelf.tell("shelf.quote")
        shelf.tell(about="lampe")
        assert shelf.unread() == 3
        times = {notice.key: notice.times for notice in shelf.kept()}
        assert times[("/shelf/vase", "shelf.reply")] == 2
        reply = next(notice for notice in shelf.kept() if notice.times == 2)
        assert (reply.by, reply.path) == (shelf.rose, "/shelf/vase/1")  # the first that is new

    def test_what_was_read_stays_as_it_was(self, shelf):
        shelf.tell()
        shelf.house.work(
            lambda r: r.find_service(INotifications).seen(shelf.ines, r.site["shelf"]["vase"])
        )
        assert shelf.unread() == 0
        shelf.tell()
        assert [(one.times, one.read) for one in shelf.kept()] == [(1, False), (1, True)]


class TestSeen:
    def test_it_reads_every_kind_about_the_thing_and_no_other(self, shelf):
        for kind in ("shelf.reply", "shelf.quote"):
            shelf.tell(kind)
        shelf.tell(about="lampe")
        shelf.house.work(
            lambda r: r.find_service(INotifications).seen(shelf.ines, r.site["shelf"]["vase"])
        )
        assert [one.target for one in shelf.kept() if not one.read] == ["/shelf/lampe"]
        assert shelf.unread() == 1


class TestRoom:
    def test_the_newest_stay_and_the_oldest_go(self, shelf, monkeypatch):
        monkeypatch.setattr(services, "NEWEST", 5)
        for number in range(8):
            shelf.tell(about=None, path=f"/{number}")
        assert [one.target for one in shelf.kept()] == ["/7", "/6", "/5", "/4", "/3"]
        assert shelf.unread() == 5
        assert NEWEST == 1_000

    def test_after_ninety_days_they_are_gone_with_the_next(self, shelf, clock):
        shelf.tell(about="lampe")
        clock.move(days=89)
        shelf.tell("shelf.quote")
        assert len(shelf.kept()) == 2
        clock.move(days=2)
        shelf.tell("shelf.like")
        assert [one.kind for one in shelf.kept()] == ["shelf.like", "shelf.quote"]
        assert shelf.unread() == 2


class TestKept:
    def test_a_login_in_an_address_is_kept_as_a_number(self, shelf):
        shelf.tell(about=None, path="/members/rose/articles")
        (notice,) = shelf.kept()
        assert notice.target == f"/members/~{shelf.rose}/articles"

    def test_no_word_of_a_member_lies_in_it(self, shelf):
        def hang(request):
            request.site["members"]["rose"]["boîte"] = Content(shelf.rose, MEMBERS)

        shelf.house.work(hang)
        shelf.house.work(
            lambda r: r.find_service(INotifications).send(
                "shelf.reply", shelf.ines, about=r.site["members"]["rose"]["boîte"], by=shelf.rose
            )
        )
        (notice,) = shelf.kept()
        assert "rose" not in notice.target
        assert notice.target.startswith(f"/members/~{shelf.rose}/")


class TestErasure:
    def erase(self, shelf, uid):
        shelf.house.work(lambda request: ErasureService(request).start(uid))
        while shelf.house.run_jobs():
            pass

    def test_of_who_was_told_takes_the_inbox(self, shelf):
        shelf.tell()
        self.erase(shelf, shelf.ines)
        assert shelf.house.work(lambda request: inbox_of(request, shelf.ines)) is None
        assert not shelf.house.work(lambda request: list(request.root_map["notices"].caused))

    def test_of_who_caused_it_takes_the_notice_out_of_every_inbox(self, shelf):
        shelf.tell()
        shelf.tell(to=shelf.rose, about="lampe")
        shelf.tell(by=shelf.rose, about="lampe")
        self.erase(shelf, shelf.paul)
        assert [one.by for one in shelf.kept()] == [shelf.rose]
        assert shelf.kept(shelf.rose) == []
        assert shelf.unread() == 1


class TestAtOnce:
    def test_many_who_tell_one_member_at_the_same_moment_are_all_counted(self, shelf):
        def tell(number):
            for about in range(5):
                shelf.tell(about=None, path=f"/{number}/{about}")
                shelf.tell()

        threads = [threading.Thread(target=tell, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert shelf.unread() == 21
        assert len(shelf.kept()) == 21
        assert max(notice.times for notice in shelf.kept()) == 20


class TestOldSite:
    def test_one_that_has_no_inboxes_yet_gets_them_with_the_first_notice(self, shelf):
        shelf.house.work(lambda request: request.root_map.__delitem__("notices"))
        assert shelf.unread() == 0
        assert "Nothing new" in shelf.house.browser("ines").get("/notices").text
        shelf.tell()
        assert shelf.unread() == 1
