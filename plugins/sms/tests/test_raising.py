"""Where a ceiling is reached operators see until when, and let more be spent."""

from datetime import UTC, datetime

import pytest

from communicate.interfaces import IClock
from communicate.testing.house import House
from communicate_sms import states
from communicate_sms.queue import exchange_of

from .conftest import SETTINGS

PAGE, MORE = "/operate/sms", "/operate/sms/more"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Yield a site where two parts may be sent in an hour."""
    ceilings = {
        "sms.prices": "+33 0.045",
        "sms.hour_ceiling": "0.1",
        "sms.day_ceiling": "5",
        "language": "en",
    }
    made = House(tmp_path_factory.mktemp("site"), ["sms"], {**SETTINGS, **ceilings})
    clock = made.registry.getUtility(IClock)
    clock.offset = datetime.now(UTC).replace(hour=12, minute=0) - datetime.now(UTC)
    made.ines = made.member("ines")
    made.member("oscar", "operators")
    made.oscar = made.browser("oscar")
    yield made
    made.close()


@pytest.fixture
def stopped(house, runner, write):
    """Return the ids of three messages, one of which the ceiling holds back."""
    house.work(lambda request: exchange_of(request).days.clear())
    found = [write(f"+3361234567{digit}") for digit in range(3)]
    runner.drain()
    return found


def waiting(house, numbers):
    """Return how many of those messages wait."""

    def look(request):
        kept = exchange_of(request).messages
        return sum(kept[number].state == states.WAITING for number in numbers)

    return house.work(look)


def raise_by(site, amount):
    """Let *amount* more be spent; return the answer."""
    form = site.oscar.get(MORE).forms["more"]
    form["amount"] = amount
    return form.submit(status="*")


def test_what_is_spent_is_shown_with_its_ceilings(site, house, stopped):
    page = site.oscar.get(PAGE)
    figures = [" ".join(row.get_text().split()) for row in page.html.select("#spent ~ ul li")]
    assert figures == ["This hour€0.09of €0.10", "Today€0.09of €5.00"]
    assert "A ceiling is reached: nothing is sent before" in page.text
    assert "a ceiling of what they may cost is reached" in site.oscar.get("/operate").text


def test_what_an_operator_lets_through_is_sent(site, house, runner, ways, stopped):
    assert waiting(house, stopped) == 1
    page = raise_by(site, "0,05").follow()
    assert "€0.05 more may be spent now." in page.text
    assert "A ceiling is reached" not in page.text
    runner.drain()
    assert waiting(house, stopped) == 0
    assert len(ways["un"].taken) == 3


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("", "This is needed"),
        ("beaucoup", "such as 5 or 2.50"),
        ("-1", "such as 5 or 2.50"),
        ("NaN", "such as 5 or 2.50"),
        ("1e99", "at most €5.00"),
        ("5.01", "at most €5.00"),
    ],
)
def test_what_is_no_amount_is_said_and_nothing_let_through(site, house, stopped, amount, said):
    answer = raise_by(site, amount)
    assert answer.status_int == 400
    assert said in answer.text
    assert "A ceiling is reached" in site.oscar.get(PAGE).text


def test_it_is_operators_who_do(site):
    for browser in (site.browser("ines"), site.browser()):
        assert browser.get(MORE, expect_errors=True).status_int in (302, 303, 403)
