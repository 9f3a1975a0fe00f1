"""Who may send how much: countries, numbers, parts of a day, codes, new accounts, addresses."""

from datetime import UTC, datetime, timedelta

import pytest

from communicate.interfaces import ISeals
from communicate.testing.house import House
from communicate_sms import allowance
from communicate_sms.allowance import ABROAD, AGAIN, CODES, QUOTA, TOO_DEAR, UNPROVEN
from communicate_sms.content import Book, Number
from communicate_sms.errors import Declined
from communicate_sms.interfaces import IAllowance, ITexts
from communicate_sms.queue import exchange_of
from communicate_sms.reach import ToNumber

from .conftest import WAYS, Slow

HER, HIS = "+33612345678", "+33612345679"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Yield a site with the limits that a site has by itself."""
    made = House(tmp_path_factory.mktemp("site"), ["sms"], {"sms.ways": WAYS})
    made.ines = made.member("ines")
    yield made
    made.close()


@pytest.fixture
def hit(house):
    """Return what counts a message of Ines."""

    def count(number=HER, parts=1, purpose="message", **more):
        house.work(
            lambda request: request.find_service(IAllowance).hit(
                house.ines, number, parts, purpose, **more
            )
        )

    yield count
    house.work(lambda request: exchange_of(request).spent.clear())


@pytest.fixture
def later(house):
    """Return what lets time pass; it is put back."""
    with Slow(datetime.now(UTC)).hung_in(house) as clock:

        def pass_by(span):
            clock.offset += span

        yield pass_by


@pytest.fixture
def chosen(house):
    """Return the settings, which are put back."""
    before = dict(house.registry.settings)
    yield house.registry.settings
    house.registry.settings.update(before)


def declined(what, *given, **more):
    """Return why *what* is declined."""
    with pytest.raises(Declined) as error:
        what(*given, **more)
    return error.value


class TestLater:
    """What is for later counts at the moment at which it leaves, whenever it was written."""

    def test_nobody_gathers_days_of_parts_for_one_day(self, house, hit, later):
        there = int(datetime.now(UTC).timestamp() * 1000) + 10 * allowance.DAY
        hit(parts=20, at=there)
        later(2 * DAY)
        hit(HIS, parts=20, at=there + allowance.DAY // 2)
        assert house.work(lambda r: r.find_service(IAllowance).left(house.ines)) == 40
        for at in (there - allowance.DAY // 4, there + allowance.DAY // 4):
            assert declined(hit, "+33612345670", at=at).reason == QUOTA
        hit("+33612345670", parts=20, at=there - allowance.DAY // 2 - 1)
        hit("+33612345671", parts=40)

    def test_nobody_gathers_messages_to_one_number(self, hit, later):
        there = int(datetime.now(UTC).timestamp() * 1000) + 10 * allowance.DAY
        for one in range(6):
            hit(at=there + one * allowance.DAY // 8)
        later(2 * DAY)
        assert declined(hit, at=there + 6 * allowance.DAY // 8).reason == AGAIN
        assert declined(hit, at=there + 30_000).reason == AGAIN
        hit(at=there + 9 * allowance.DAY // 8)
        hit()

    def test_so_does_what_a_member_writes(self, house, hit, later):
        there = int(datetime.now(UTC).timestamp() * 1000) + 10 * allowance.DAY

        def write(request):
            number = ToNumber(HER)
            request.find_service(ITexts).send(house.ines, number, "Bonjour", there)

        house.work(write)
        later(2 * DAY)
        assert declined(house.work, write).reason == AGAIN

    def test_what_does_not_leave_is_given_back_where_it_was_counted(self, house, hit):
        there = int(datetime.now(UTC).timestamp() * 1000) + 10 * allowance.DAY
        for at in (0, there, there + allowance.DAY):
            hit(parts=3, at=at)

        def give_back(request):
            service = request.find_service(IAllowance)
            service.give_back(house.ines, HER, 3, at=there)
            return [when for when, _key, _parts in exchange_of(request).spent[house.ines].messages]

        (first, last) = house.work(give_back)
        assert first < there < last


class TestNumbers:
    def test_one_that_does_not_answer_has_one_message_a_minute_three_an_hour_six_a_day(
        self, hit, later
    ):
        for rest, waits in ((MINUTE, 60), (MINUTE, 60), (HOUR, 3480)):
            hit()
            error = declined(hit)
            assert error.reason == AGAIN
            assert waits - 5 <= error.seconds <= waits
            later(rest)
        for _one in range(3):
            hit()
            later(MINUTE)
        later(HOUR)
        assert 20 * 3600 < declined(hit).seconds <= 24 * 3600
        later(DAY)
        hit()

    def test_another_one_is_another_matter(self, hit):
        hit(HER)
        hit(HIS)

    def test_who_answers_may_be_written_to_at_once(self, house, hit):
        hit()
        house.work(lambda r: r.find_service(IAllowance).answered(house.ines, HIS))
        declined(hit)
        house.work(lambda r: r.find_service(IAllowance).answered(house.ines, HER))
        hit()
        assert house.work(lambda r: r.find_service(IAllowance).left(house.ines)) == 38

    def test_what_goes_to_a_member_tells_nothing_of_that_members_number(self, hit):
        hit(HER, to=7)
        hit(HER)
        assert declined(hit, HIS, to=7).reason == AGAIN

    def test_they_are_kept_as_hashes(self, house, hit):
        hit()

        def kept(request):
            (event,) = exchange_of(request).spent[house.ines].messages
            return event[1]

        assert HER[1:].encode() not in house.work(kept)
        assert len(house.work(kept)) == 16


class TestCountries:
    def test_none_but_that_of_the_site_has_messages(self, hit):
        assert declined(hit, "+32470123456").reason == ABROAD
        assert declined(hit, "+32470123456", purpose="code").reason == ABROAD
        assert declined(hit, "+590690001234").reason == ABROAD

    def test_operators_say_which_others(self, hit, chosen):
        chosen["sms.countries"] = ("BE", "GP")
        hit("+32470123456")
        hit("+590690001234")
        assert declined(hit).reason == ABROAD

    def test_or_all(self, hit, chosen):
        chosen["sms.countries"] = ["all"]
        hit("+79161234567")


class TestMembers:
    def test_a_member_sends_so_many_parts_a_day(self, house, hit, later):
        hit("+33612340000", 30)
        later(HOUR)
        error = declined(hit, "+33612340001", 11)
        assert error.reason == QUOTA
        assert 22 * 3600 < error.seconds <= 23 * 3600
        hit("+33612340002", 10)
        assert house.work(lambda r: r.find_service(IAllowance).left(house.ines)) == 0
        later(DAY - HOUR)
        assert house.work(lambda r: r.find_service(IAllowance).left(house.ines)) == 30

    def test_what_costs_more_than_a_ceiling_is_declined_at_once(self, hit, chosen):
        chosen["sms.hour_ceiling"] = 250
        hit("+33612340000", 2)
        assert declined(hit, "+33612340001", 3).reason == TOO_DEAR

    def test_what_is_declined_or_undone_counts_nothing(self, house, hit):
        declined(hit, parts=41)

        def undone(request):
            request.find_service(IAllowance).hit(house.ines, HER, 1)
            request.tm.doom()

        house.work(undone)
        assert house.work(lambda r: r.find_service(IAllowance).left(house.ines)) == 40

    def test_a_new_account_has_codes_only_until_its_number_is_proven(self, house, hit, chosen):
        chosen["communicate.new_account_days"] = 3
        assert declined(hit).reason == UNPROVEN
        hit(purpose="code")
        house.work(lambda request: prove(request, house.ines))
        hit()

    def test_nor_has_anybody_where_operators_want_it_so(self, house, chosen):
        chosen["sms.proven_first"] = "all"
        zoe = house.member("zoe")

        def ask(request):
            request.find_service(IAllowance).hit(zoe, HER, 1)

        assert declined(house.work, ask).reason == UNPROVEN


def prove(request, uid):
    """Have member *uid* a proven number."""
    login = request.site["members"].logins[uid]
    sealed = request.find_service(ISeals).seal(uid, "sms.number", HIS)
    member = request.site["members"][login]
    if member.get("sms") is None:
        member["sms"] = Book()
    member["sms"].number = Number(sealed, b"key", 0)


class TestCodes:
    def test_they_have_limits_of_their_own(self, hit, later):
        hit(HER, purpose="code")
        assert declined(hit, HIS, purpose="code").reason == CODES
        hit(HER)
        for _one in range(2):
            later(MINUTE)
            hit(HER, purpose="code")
        later(MINUTE)
        assert declined(hit, HER, purpose="code").reason == CODES

    def test_what_the_site_says_by_itself_is_not_counted(self, hit):
        for _one in range(3):
            hit(purpose="notice")
            hit(purpose="test")


class TestForgetting:
    def test_after_a_day_nothing_is_known(self, house, hit, later):
        hit()
        house.work(lambda request: allowance.sweep(request, {}))
        assert house.work(lambda r: len(exchange_of(r).spent)) == 1
        later(DAY + MINUTE)
        house.work(lambda request: allowance.sweep(request, {}))
        assert house.work(lambda r: len(exchange_of(r).spent)) == 0
