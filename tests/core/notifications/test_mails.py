"""Notices by mail: one mail for many, at the moment that was chosen, without private words."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from communicate.audience import PRIVATE
from communicate.erasure.services import ErasureService
from communicate.interfaces import INotifications
from communicate.notifications import plans
from communicate.notifications.kinds import kinds_of
from communicate.notifications.services import make_inbox
from communicate.testing.house import PASSWORD

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
PARIS = ZoneInfo("Europe/Paris")


def text(mail):
    return mail.get_content()


def choose(shelf, **choices):
    """Let Inès choose: kinds of the shelf, and when they are mailed."""

    def change(request):
        inbox = make_inbox(request, shelf.ines)
        inbox.choices = {f"shelf.{kind}": when for kind, when in choices.items()}

    shelf.house.work(change)


class TestDue:
    def moment(self, when, *present):
        return plans.due(when, datetime(*present, tzinfo=PARIS), PARIS).strftime("%a %d %H:%M")

    def test_at_once_is_in_a_minute(self):
        assert self.moment("now", 2026, 3, 3, 23, 59) == "Wed 04 00:00"

    @pytest.mark.parametrize(
        ("hour", "expected"), [(7, "Tue 03 08:00"), (8, "Wed 04 08:00"), (23, "Wed 04 08:00")]
    )
    def test_daily_is_at_eight_where_the_member_is(self, hour, expected):
        assert self.moment("daily", 2026, 3, 3, hour) == expected

    @pytest.mark.parametrize(("day", "expected"), [(1, "Mon 02 08:00"), (2, "Mon 09 08:00")])
    def test_weekly_is_on_monday(self, day, expected):
        assert self.moment("weekly", 2026, 3, day, 9) == expected

    def test_eight_stays_eight_when_the_clocks_change(self):
        before = datetime(2026, 3, 28, 9, tzinfo=PARIS)
        assert plans.due("daily", before, PARIS).utcoffset() != before.utcoffset()
        assert self.moment("daily", 2026, 3, 28, 9) == "Sun 29 08:00"


class TestAtOnce:
    def test_it_comes_after_a_minute_and_what_came_in_it_is_one_mail(self, shelf, clock):
        shelf.tell()
        shelf.tell(about="lampe", by=shelf.rose)
        clock.move(seconds=59)
        assert shelf.mails() == []
        clock.move(seconds=2)
        (mail,) = shelf.mails()
        assert mail["To"] == "ines@example.org"
        assert mail["Subject"] == "2 notices on 2 Communicate"
        assert "paul replied." in text(mail)
        assert "rose replied." in text(mail)

    def test_one_alone_is_its_own_subject(self, shelf, clock):
        shelf.tell()
        clock.move(minutes=2)
        (mail,) = shelf.mails()
        assert mail["Subject"] == "paul replied."

    def test_its_link_reads_the_notice_and_leads_to_the_thing(self, shelf, clock):
        shelf.tell(about=None, path="/help")
        clock.move(minutes=2)
        (mail,) = shelf.mails()
        path = re.search(r"http://localhost(/notices/\w{13})", text(mail))[1]
        browser = shelf.house.browser("ines", PASSWORD)
        assert browser.get(path).location.endswith("/help")
        assert shelf.unread() == 0

    def test_the_next_reply_is_not_mailed_before_the_first_is_read(self, shelf, clock):
        shelf.tell()
        clock.move(minutes=2)
        assert len(shelf.mails()) == 1
        shelf.tell()
        clock.move(minutes=2)
        assert len(shelf.mails()) == 1
        shelf.house.work(
            lambda r: r.find_service(INotifications).seen(shelf.ines, r.site["shelf"]["vase"])
        )
        shelf.tell()
        clock.move(minutes=2)
        assert len(shelf.mails()) == 2

    def test_never_is_never(self, shelf, clock):
        shelf.tell("shelf.quiet")
        clock.move(days=30)
        assert shelf.mails() == []


class TestDigest:
    def test_many_of_a_day_are_one_mail_the_next_morning(self, shelf, clock):
        for about in ("vase", "lampe"):
            for by in (shelf.paul, shelf.rose, shelf.paul):
                shelf.tell("shelf.quote", about, by=by)
        clock.move(hours=22)  # 7:00 UTC
        assert shelf.mails() == []
        clock.move(hours=1, minutes=1)
        (mail,) = shelf.mails()
        assert text(mail).count("3 quotes.") == 2
        clock.move(days=7)
        assert len(shelf.mails()) == 1

    def test_the_morning_is_that_of_the_members_zone_and_its_words_theirs(self, shelf, clock):
        shelf.member(shelf.ines, zone="Pacific/Auckland", language="fr")  # 22:00 there
        shelf.tell("shelf.quote")
        clock.move(hours=9, minutes=50)
        assert shelf.mails() == []
        clock.move(minutes=11)
        (mail,) = shelf.mails()
        assert "Bonjour ines" in text(mail)

    def test_daily_and_weekly_ones_share_the_mail_of_monday(self, shelf, clock):
        shelf.tell("shelf.like")
        clock.move(days=5)  # Sunday
        shelf.tell("shelf.quote")
        clock.move(days=1)
        (mail,) = shelf.mails()
        assert "paul likes it." in text(mail)
        assert "paul quoted you." in text(mail)
        clock.move(days=14)
        assert len(shelf.mails()) == 1

    def test_what_went_on_since_is_told_again(self, shelf, clock):
        shelf.tell("shelf.quote")
        clock.move(days=1)
        assert len(shelf.mails()) == 1
        shelf.tell("shelf.quote")
        clock.move(days=1)
        mails = shelf.mails()
        assert len(mails) == 2
        assert "2 quotes." in text(mails[-1])

    def test_what_a_member_chose_counts(self, shelf, clock):
        choose(shelf, reply="daily", quote="never")
        shelf.tell()
        shelf.tell("shelf.quote")
        clock.move(minutes=5)
        assert shelf.mails() == []
        clock.move(days=1)
        (mail,) = shelf.mails()
        assert "replied" in text(mail)
        assert "quoted" not in text(mail)

    def test_a_mail_that_would_be_endless_says_that_there_is_more(self, shelf, clock):
        for number in range(55):
            shelf.tell("shelf.quote", about=None, path=f"/help/{number}")
        clock.move(days=1)
        (mail,) = shelf.mails()
        assert text(mail).count("paul quoted you.") == 50
        assert "And others: http://localhost/notices" in text(mail)


class TestToday:
    """What holds when the mail is written, not what held when the notice was sent."""

    def test_what_was_read_meanwhile_is_not_mailed(self, shelf, clock):
        shelf.tell()
        shelf.tell("shelf.quote", "lampe")
        browser = shelf.house.browser("ines", PASSWORD)
        form = next(f for f in browser.get("/notices").forms.values() if f.action == "/notices")
        form.submit()
        clock.move(days=1)
        assert shelf.mails() == []

    def test_what_may_not_be_read_any_more_is_not_mailed(self, shelf, clock):
        shelf.tell()
        shelf.tell(about="lampe", by=shelf.rose)
        shelf.limit("vase", PRIVATE)
        clock.move(minutes=2)
        (mail,) = shelf.mails()
        assert "rose" in text(mail)
        assert "paul" not in text(mail)

    def test_what_is_gone_is_not_mailed(self, shelf, clock):
        shelf.tell()
        shelf.house.work(lambda request: request.site["shelf"].__delitem__("vase"))
        clock.move(minutes=2)
        assert shelf.mails() == []

    def test_nor_what_comes_from_somebody_blocked_meanwhile(self, shelf, clock):
        shelf.tell()
        shelf.block(shelf.paul, shelf.ines)
        clock.move(minutes=2)
        assert shelf.mails() == []

    def test_nor_from_who_closed_the_account(self, shelf, clock):
        shelf.tell()
        shelf.close(shelf.paul)
        clock.move(minutes=2)
        assert shelf.mails() == []

    @pytest.mark.parametrize("state", ["suspended", "closed"])
    def test_who_may_not_sign_in_gets_none(self, shelf, clock, state):
        shelf.tell()
        shelf.member(shelf.ines, state=state)
        clock.move(minutes=2)
        assert shelf.mails() == []

    def test_an_erasure_takes_the_mail_that_waits(self, shelf, clock):
        shelf.tell()
        shelf.house.work(lambda request: ErasureService(request).start(shelf.ines))
        clock.move(minutes=2)
        assert shelf.mails() == []


class TestUnsubscribe:
    @pytest.fixture
    def mail(self, shelf, clock):
        shelf.tell()
        clock.move(minutes=2)
        return shelf.mails()[0]

    def address(self, mail):
        (found,) = re.findall(
            r"<http://localhost(/unsubscribe\?token=[\w-]+)>", mail["List-Unsubscribe"]
        )
        return found

    def stopped(self, shelf, clock):
        """Tell whether nothing more comes, of any kind."""
        before = len(shelf.mails())
        for kind in kinds_of(shelf.house.registry):
            if kind.startswith("shelf"):
                shelf.tell(kind, "lampe", by=shelf.rose)
        clock.move(days=10)
        return len(shelf.mails()) == before

    def test_one_click_of_a_mail_program_stops_all(self, shelf, clock, mail):
        """It sends no cookie and no token of ours: RFC 8058."""
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        shelf.house.browser().post(self.address(mail), ONE_CLICK, status=200)
        assert self.stopped(shelf, clock)
        assert shelf.unread() > 1  # they are on the page

    def test_a_person_sees_a_page_with_one_button(self, shelf, clock, mail):
        assert self.address(mail) in text(mail)
        browser = shelf.house.browser()
        page = browser.get(self.address(mail))
        form = next(f for f in page.forms.values() if "unsubscribe" in f.action)
        assert "no more notices" in form.submit().text
        assert self.stopped(shelf, clock)

    def test_to_open_the_page_stops_nothing(self, shelf, clock, mail):
        """Programs follow links."""
        shelf.house.browser().get(self.address(mail), status=200)
        assert not self.stopped(shelf, clock)

    @pytest.mark.parametrize("token", ["", "x", "0" * 24, "%C3%A9", "x" * 5000])
    def test_a_wrong_address_is_nothing(self, shelf, mail, token):
        browser = shelf.house.browser()
        browser.get(f"/unsubscribe?token={token}", status=404)
        browser.post(f"/unsubscribe?token={token}", ONE_CLICK, status=404)

    def test_what_is_neither_our_page_nor_one_click_is_refused(self, shelf, clock, mail):
        shelf.house.browser().post(self.address(mail), {"x": "y"}, status=400)
        assert not self.stopped(shelf, clock)

    def test_the_secret_does_not_lie_in_the_tree(self, shelf, mail):
        secret = self.address(mail).partition("=")[2]
        tree = b"".join(path.read_bytes() for path in shelf.house.folder.rglob("Data.fs"))
        assert tree
        assert secret.encode() not in tree

    def test_it_can_be_made_useless(self, shelf, clock, mail):
        browser = shelf.house.browser("ines", PASSWORD)
        page = browser.get("/account/notices")
        form = next(f for f in page.forms.values() if "renew" in f.fields)
        form.submit("renew").follow()
        shelf.house.browser().post(self.address(mail), ONE_CLICK, status=404)
        shelf.tell(about="lampe")
        clock.move(minutes=2)
        shelf.house.browser().post(self.address(shelf.mails()[-1]), ONE_CLICK, status=200)

    def test_every_mail_has_the_same(self, shelf, clock, mail):
        shelf.tell(about="lampe")
        clock.move(minutes=2)
        assert {self.address(one) for one in shelf.mails()} == {self.address(mail)}

    def test_it_is_gone_with_the_account(self, shelf, mail):
        shelf.house.work(lambda request: ErasureService(request).start(shelf.ines))
        shelf.mails()
        shelf.house.browser().post(self.address(mail), ONE_CLICK, status=404)
