"""What members consent to: off until given, dated, withdrawn as easily, theirs alone."""

from datetime import UTC
from types import SimpleNamespace

import pytest

from communicate.interfaces import IErasure
from communicate.privacy.consents import MOST, trimmed
from communicate.privacy.declared import export
from communicate.privacy.interfaces import IConsents

CONTEST = "sample.contest"
PAGE = "/account/consents"


@pytest.fixture
def house(sample, make_house):
    """Return a site with a purpose that needs consent, and two members."""
    house = make_house(["sample"])
    house.member("ines")
    house.member("paul")
    return house


@pytest.fixture
def ines(house):
    """Return the uid of Inès."""
    return uid_of(house, "ines")


def uid_of(house, login):
    return house.work(lambda request: request.site["members"][login].uid)


def ask(house, name, *arguments):
    """Return what the service answers."""
    return house.work(lambda request: getattr(request.find_service(IConsents), name)(*arguments))


class TestService:
    def test_nothing_is_consented_to_until_it_is_given(self, house, ines):
        assert not ask(house, "given", ines, CONTEST)
        ask(house, "give", ines, CONTEST)
        assert ask(house, "given", ines, CONTEST)
        assert not ask(house, "given", uid_of(house, "paul"), CONTEST)

    def test_each_act_is_dated_and_one_that_changes_nothing_is_none(self, house, ines):
        for name in ("withdraw", "give", "give", "withdraw", "withdraw"):
            ask(house, name, ines, CONTEST)
        acts = ask(house, "history", ines)
        assert [(act.purpose, act.given) for act in acts] == [(CONTEST, True), (CONTEST, False)]
        assert 0 < acts[0].when <= acts[1].when
        assert not ask(house, "given", ines, CONTEST)

    def test_nobody_consents_to_what_nobody_declares(self, house, ines):
        with pytest.raises(LookupError, match="communicate_purposes"):
            ask(house, "give", ines, "sample.spying")
        ask(house, "give", ines, CONTEST)
        house.reboot([])
        assert not ask(house, "given", ines, CONTEST)
        assert len(ask(house, "history", ines)) == 1  # it is theirs still

    def test_an_erased_member_leaves_none(self, house, ines):
        ask(house, "give", ines, CONTEST)
        house.work(lambda request: request.find_service(IErasure).start(ines))
        house.run_jobs()
        assert ask(house, "history", ines) == []

    def test_they_are_exported_with_their_dates(self, house, ines):
        ask(house, "give", ines, CONTEST)
        written = []
        archive = SimpleNamespace(records=lambda kind, rows, **more: written.extend(rows))
        house.work(lambda request: export(SimpleNamespace(uid=ines, request=request), archive))
        (row,) = written
        assert (row["purpose"], row["given"], row["when"].tzinfo) == (CONTEST, True, UTC)

    def test_what_stands_is_remembered_however_often_one_changes_ones_mind(self):
        acts = (("other", True, 1), *((CONTEST, n % 2 == 0, n) for n in range(MOST - 1)))
        left = trimmed(acts)
        assert len(left) == MOST - 1
        assert left[0] == ("other", True, 1)
        assert left[-1] == acts[-1]


class TestPage:
    def press(self, browser, name):
        form = next(f for f in browser.get(PAGE).forms.values() if name in f.fields)
        return form.submit(name).follow()

    def test_gives_and_withdraws_by_one_button_each(self, house, ines):
        browser = house.browser("ines")
        assert "pas donné" in browser.get(PAGE)
        assert "vous consentez" in self.press(browser, "give")
        assert ask(house, "given", ines, CONTEST)
        page = self.press(browser, "withdraw")
        assert "retiré" in page.html.select_one(".rows").get_text()
        assert len(page.html.select("main ul.small li")) == 2
        assert not ask(house, "given", ines, CONTEST)

    def test_takes_no_purpose_that_nobody_declares(self, house):
        browser = house.browser("ines")
        form = next(f for f in browser.get(PAGE).forms.values() if "give" in f.fields)
        form["give"].force_value("sample.spying")
        form.submit("give", status=400)

    def test_is_the_members_own(self, house):
        house.browser().get(PAGE, status=403)

    def test_says_so_where_nothing_needs_consent(self, house):
        house.reboot([])
        assert "Ce site ne fait rien qui demande votre accord" in house.browser("ines").get(PAGE)
