"""Members write to members whose number they are not told, and these read it here, too."""

from datetime import timedelta

import pytest

from communicate.audience import PRIVATE
from communicate.ids import encode
from communicate.interfaces import IContacts, IDisclosures, IErasure, IMembers
from communicate.permissions import DELETE, VIEW
from communicate.reports.reasons import REASONS
from communicate.testing import kit
from communicate_sms import duties_texts, holds, states
from communicate_sms.books import made_book
from communicate_sms.errors import Declined
from communicate_sms.interfaces import ITexts
from communicate_sms.queue import Outcome, Queue
from communicate_sms.reach import ToMember, ToNumber
from communicate_sms.talks import RECEIVED
from communicate_sms.transports.passing import Receipt

from .correspondents import LEA, NUMBERS, OMAR, People

NONE = "takes no text messages from you"

HELD = "+33633333334"


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Yield people who write to each other."""
    made = People(tmp_path_factory.mktemp("site"), **{"communicate.language": "en"})
    yield made
    made.close()


def state(people, number):
    """Return how far the message has come."""
    return people.house.work(lambda request: Queue(request).tree.messages[number].state)


class TestWhoIsErasedMeanwhile:
    """What was on its way then is settled: it holds up nothing that others write."""

    LATER = Outcome(states.WAITING, why="slowly", pause=timedelta())
    TAKEN = Outcome(states.SENT, "ref")

    @pytest.mark.parametrize(
        ("purpose", "outcome"),
        [("message", TAKEN), ("message", LATER), ("code", TAKEN), ("code", LATER)],
    )
    def test_nothing_is_left_of_it(self, people, purpose, outcome):
        house, login = people.house, f"gina{purpose}{outcome.state}"
        uid = people.uids[login] = house.member(login)
        people.has(login, "+33644444444")
        paul = people.to("paul")

        def write(request):
            if purpose == "message":
                return request.find_service(ITexts).send(uid, paul, "Salut").id
            return Queue(request).add(uid, LEA.e164, "1", purpose=purpose, until=2**53).id

        number = house.work(write)
        house.work(lambda request: Queue(request).take("test", 10, timedelta(minutes=1)))
        house.work(lambda request: request.find_service(IErasure).start(uid))
        house.work(lambda request: Queue(request).settle(number, "test", outcome))
        house.run_jobs()
        assert house.work(lambda request: number in Queue(request).tree.messages) is False
        assert people.said("paul", people.to(login)) == []
        assert people.drain() == []


class TestNumberThatIsNotTold:
    def test_the_number_of_now_gets_it_and_its_author_reads_of_it_nowhere(self, people):
        number = people.send("ines", people.to("paul"), "Tu es là ?")
        people.has("paul", "+33655555555")
        assert people.drain() == ["ines: Tu es là ?"]
        assert people.way.taken[0].number == "+33655555555"

        def known(request):
            message = Queue(request).tree.messages[number]
            left = next(iter(request.find_service(IDisclosures).of(people.uids["ines"])))
            return message.number, vars(message), vars(left) if hasattr(left, "__dict__") else left

        assert "33655555555" not in repr(people.house.work(known))
        name = people.on("ines", people.to("paul"), lambda texts, talk: texts.name(talk))
        assert name == ("paul", None, None)

    def test_what_it_costs_is_not_told(self, people):
        uid = people.uids["ines"]
        shown = people.do(lambda texts: texts.preview(uid, people.to("paul"), "Bonjour"))
        assert shown.price is None
        assert shown.text == "ines: Bonjour"
        assert people.do(lambda texts: texts.preview(uid, LEA, "Bonjour").price) == 100

    @pytest.mark.parametrize(
        "number",
        ["+33633333333", "+4915123456789", "+33633333334"],
        ids=["open", "abroad", "held"],
    )
    def test_what_is_in_the_way_reads_the_same_whatever_it_is(self, people, number):
        people.has("zoe", number)

        def close(request):
            book = made_book(request, people.uids["zoe"])
            if number == NUMBERS["zoe"]:
                book.open_to = PRIVATE
            if number == HELD:
                tree = Queue(request).tree
                holds.hold(tree, holds.number_key(Queue(request).seals, number), 1)

        people.house.work(close)
        with pytest.raises(Declined, match=NONE):
            people.send("ines", people.to("zoe"), "Bonjour")
        people.has("zoe", NUMBERS["zoe"])

    def test_a_block_reads_like_any_other_no_and_holds_for_the_number_itself(self, people):
        ines, zoe = people.uids["ines"], people.uids["zoe"]
        service = IContacts
        people.house.work(lambda request: request.find_service(service).block(zoe, ines))
        try:
            with pytest.raises(Declined, match=NONE):
                people.send("ines", people.to("zoe"), "Bonjour")
            # Who tries numbers does not see which one is hers: it reads like one of nobody's.
            mine, nobodys = (
                people.do(lambda texts, to=to: texts.preview(ines, to, "Bonjour").price)
                for to in (ToNumber(NUMBERS["zoe"]), ToNumber("+33633333339"))
            )
            assert mine == nobodys
            number = people.send("ines", ToNumber(NUMBERS["zoe"]), "Bonjour")
            assert people.drain() == []
            assert state(people, number) == states.FAILED
            assert people.come("zoe", people.to("ines"), "Moi") is None
        finally:
            people.house.work(lambda request: request.find_service(service).unblock(zoe, ines))

    def test_who_is_nobody_gets_nothing(self, people):
        for to in (people.to("ines"), people.to("hugo"), ToMember(5)):
            with pytest.raises(Declined):
                people.send("ines", to, "Bonjour")

    def test_who_closes_it_meanwhile_gets_nothing(self, people):
        number = people.send("ines", people.to("zoe"), "Trop tard")

        def close(request):
            made_book(request, people.uids["zoe"]).open_to = PRIVATE

        people.house.work(close)
        assert people.drain() == []
        assert state(people, number) == states.FAILED
        assert people.said("zoe", people.to("ines")) == []
        people.has("zoe", NUMBERS["zoe"])

    def test_what_a_suspended_member_had_queued_does_not_leave(self, people):
        number = people.send("paul", OMAR, "Encore un")
        service = IMembers

        def suspend(request):
            members = request.find_service(service)
            members.suspend(members.by_uid(people.uids["paul"]))

        people.house.work(suspend)
        assert people.drain() == []
        assert state(people, number) == states.FAILED

        def back(request):
            members = request.find_service(service)
            members.resume(members.by_uid(people.uids["paul"]))

        people.house.work(back)

    def test_a_number_does_not_tell_whose_it_is(self, people):
        uid = people.uids["ines"]
        shown = [
            people.do(lambda texts, to=to: texts.preview(uid, to, "Bonjour"))
            for to in (ToNumber(NUMBERS["zoe"]), OMAR)
        ]
        assert shown[0] == shown[1]
        people.send("ines", ToNumber(NUMBERS["zoe"]), "Qui est-ce ?")
        people.drain()
        assert people.said("zoe", people.to("ines")) == []
        people.come("ines", ToNumber(NUMBERS["zoe"]), "Devine")
        name = people.on("ines", ToNumber(NUMBERS["zoe"]), lambda texts, talk: texts.name(talk))
        assert name.login is None


class TestCopy:
    def test_who_gets_it_reads_it_here_once_it_has_left(self, people):
        number = people.send("ines", people.to("zoe"), "Lis-moi")
        assert people.said("zoe", people.to("ines")) == []
        people.drain()
        assert people.said("zoe", people.to("ines")) == ["Lis-moi"]
        assert people.unread("zoe") == 0
        assert people.may("zoe", "zoe", number, VIEW)
        assert not people.may("ines", "zoe", number, VIEW)
        people.house.work(
            lambda request: Queue(request).receive(
                Queue(request).tree.messages[number], Receipt(states.DELIVERED)
            )
        )
        assert people.said("zoe", people.to("ines")) == ["Lis-moi"]

    def test_what_its_author_deletes_is_gone_there_at_once(self, people):
        number = people.send("ines", people.to("zoe"), "Oublie")
        people.drain()
        people.line("ines", people.to("zoe"), number, lambda texts, line: texts.delete(line))
        assert "Oublie" not in people.said("zoe", people.to("ines"))
        assert not people.may("zoe", "zoe", number, VIEW)
        people.line("ines", people.to("zoe"), number, lambda texts, line: texts.undo(line))
        assert "Oublie" in people.said("zoe", people.to("ines"))
        people.line("ines", people.to("zoe"), number, lambda texts, line: texts.delete(line))
        people.later(seconds=11)
        with pytest.raises(LookupError):
            people.may("zoe", "zoe", number, VIEW)

    def test_whom_it_went_to_deletes_it_for_herself_alone(self, people):
        number = people.send("ines", people.to("zoe"), "Garde")
        people.drain()
        assert people.may("zoe", "zoe", number, DELETE)
        people.line("zoe", people.to("ines"), number, lambda texts, line: texts.delete(line))
        people.later(seconds=11)
        assert "Garde" not in people.said("zoe", people.to("ines"))
        assert people.said("ines", people.to("zoe"))[-1] == "Garde"


class TestReporting:
    def test_a_moderator_hides_shows_and_destroys_what_was_reported(self, people):
        number = people.send("ines", people.to("paul"), "Vilenie")
        people.drain()

        def act(name, *more):
            def call(request):
                line = duties_texts.find(request, number)
                return getattr(duties_texts, name)(request, line, *more)

            return people.house.work(call)

        assert act("words_of") == "Vilenie"
        act("hide", "")
        assert "Vilenie" not in people.said("paul", people.to("ines"))
        act("restore")
        assert "Vilenie" in people.said("paul", people.to("ines"))
        act("forget", people.uids["zoe"])
        assert act("words_of") == "Vilenie"
        act("forget", people.uids["ines"])
        assert people.house.work(lambda request: duties_texts.find(request, number)) is None
        assert people.said("ines", people.to("paul"))[-1] == "Vilenie"

    def test_who_reads_it_reports_it_and_nobody_else_can(self, people):
        number = people.send("ines", people.to("paul"), "À signaler")
        people.drain()
        address = f"/report/{RECEIVED}/{encode(number)}"
        browser = people.house.browser("paul")
        form = kit.form_with(browser.get(address), "reason")
        form["reason"] = next(iter(REASONS))
        assert "/sms/" in form.submit("report").location
        for login in ("ines", "zoe"):
            people.house.browser(login).get(address, status=404)

    def test_what_came_from_a_number_is_nobodys_to_report(self, people):
        number = people.come("ines", LEA, "Coucou")
        assert people.house.work(lambda request: duties_texts.find(request, number)) is None
