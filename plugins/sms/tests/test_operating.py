"""Operators see how much there is and decide what is in doubt; no number and no text is shown."""

from datetime import UTC, date, datetime

import pytest

from communicate.interfaces import IClock
from communicate_sms import reasons, states
from communicate_sms.content import Day
from communicate_sms.queue import exchange_of
from communicate_sms.transports.passing import Uncertain

NUMBER, TEXT = "+33612345678", "Le tilleul penche"
PAGE = "/operate/sms"


@pytest.fixture(scope="module")
def oscar(site):
    """Return the browser of an operator, in English; it is noon, and no day ends."""
    clock = site.registry.getUtility(IClock)
    clock.offset = datetime.now(UTC).replace(hour=12, minute=0) - datetime.now(UTC)
    site.member("oscar", "operators")
    browser = site.browser("oscar")
    browser.set_cookie("lang", "en")
    return browser


@pytest.fixture
def doubtful(house, runner, ways, write, monkeypatch):
    """Return the ids of two messages that may have been sent or not, one of them abroad."""
    monkeypatch.setitem(house.registry.settings, "sms.countries", ("FR", "DE"))

    def cut(message):
        raise Uncertain(f"un answered {message.number} {message.text}")

    ways["un"].answer = cut
    found = [write(NUMBER, TEXT), write("+4915123456789", f"{TEXT} {'x' * 200}")]
    runner.drain()
    return sorted(found)


def figures(page):
    """Return what the page counts, by its word."""
    return {
        row.find("span").text: int(row.find("strong").text)
        for row in page.html.select("#queue ~ ul li")
    }


def state(house, number):
    return house.work(lambda request: exchange_of(request).messages[number].state)


def press(page, name, button):
    """Press *button* of the form about the message *name*."""
    forms = [form for form in page.forms.values() if "message" in form.fields]
    return next(form for form in forms if form["message"].value == name).submit(button)


class TestWhatIsShown:
    def test_it_counts_what_waits_is_for_later_and_in_doubt(self, oscar, write, doubtful):
        write(NUMBER, TEXT)
        write(NUMBER, TEXT, due=2**53)
        assert figures(oscar.get(PAGE)) == {
            "Waiting": 1,
            "Being sent": 0,
            "For later": 1,
            "In doubt": 2,
        }

    def test_it_counts_what_is_being_sent(self, oscar, runner, ways, write):
        seen = []
        ways["un"].answer = lambda _message: seen.append(figures(oscar.get(PAGE))) or "ref"
        write(NUMBER, TEXT)
        runner.drain()
        assert seen == [{"Waiting": 0, "Being sent": 1, "For later": 0, "In doubt": 0}]

    def test_it_says_where_it_was_to_go_and_neither_number_nor_text(self, oscar, doubtful):
        page = oscar.get(PAGE)
        said = " ".join(page.html.get_text().split())
        for shown in ("France", "Germany", "1 part", "2 parts", "a member’s message", "by un"):
            assert shown in said
        for hidden in ("612345678", "15123456789", "tilleul", "ines", "answered"):
            assert hidden not in page.text.replace(" ", "")

    def test_it_speaks_french(self, oscar, doubtful):
        oscar.set_cookie("lang", "fr")
        try:
            page = oscar.get(PAGE)
        finally:
            oscar.set_cookie("lang", "en")
        assert "Allemagne" in page.text
        assert "2 parties" in page.text

    def test_the_first_page_of_operators_leads_there(self, oscar, doubtful):
        page = oscar.get("/operate")
        assert "Text messages that may have been sent or not: 2" in page.text
        assert [link["href"] for link in page.html.select("nav ul.rows a")][-1] == PAGE

    def test_nobody_else_opens_it(self, site):
        for browser in (site.browser("ines"), site.browser()):
            assert browser.get(PAGE, expect_errors=True).status_int in (302, 303, 403)


class TestDeciding:
    @pytest.mark.parametrize(
        ("button", "sent"), [("again", states.WAITING), ("sent", states.SENT)]
    )
    def test_one(self, house, oscar, doubtful, button, sent):
        page = oscar.get(PAGE)
        (first, _second) = [
            form["message"].value
            for form in page.forms.values()
            if "message" in form.fields and form["message"].value != "all"
        ]
        press(page, first, button)
        assert [state(house, number) for number in doubtful] == [sent, states.UNCERTAIN]
        page = press(page, first, button).follow()  # pressed twice
        assert "decided meanwhile" in page.text
        assert [state(house, number) for number in doubtful] == [sent, states.UNCERTAIN]

    def test_all(self, house, oscar, doubtful):
        page = press(oscar.get(PAGE), "all", "sent").follow()
        assert {state(house, number) for number in doubtful} == {states.SENT}
        assert "Nothing is in doubt." in page.text

    @pytest.mark.parametrize(
        ("name", "button"), [("*", "again"), ("zzzzz", "again"), ("", "sent"), ("all", "neither")]
    )
    def test_what_there_is_not_is_refused(self, house, oscar, doubtful, name, button):
        form = next(form for form in oscar.get(PAGE).forms.values() if "message" in form.fields)
        form["message"] = name
        form.submit(button, status=400)
        assert {state(house, number) for number in doubtful} == {states.UNCERTAIN}


class TestCosts:
    @pytest.fixture
    def days(self, house):
        """Return what puts sums into a day, so many days ago; they are gone afterwards."""

        def put(ago, cost, **sums):
            def write(request):
                day = Day()
                day.hours = [cost, *([0] * 23)]
                for name, count in sums.items():
                    setattr(day, name, count)
                number = request.page.now.toordinal() - date(1970, 1, 1).toordinal() - ago
                exchange_of(request).days[number] = day

            house.work(write)

        def clear(request):
            exchange_of(request).days.clear()

        house.work(clear)
        yield put
        house.work(clear)

    def test_a_quiet_site_says_so(self, oscar, days):
        assert "Nothing was sent in these days." in oscar.get(PAGE).text

    def test_each_day_is_in_the_chart_and_in_the_table(self, oscar, days):
        days(0, 1250, messages=20, parts=25, failed=1, received=3)
        days(29, 40, messages=1, parts=1)
        days(30, 99_000, messages=999, parts=999)
        page = oscar.get(PAGE)
        rows = [
            [(cell.find(class_="fold-off") or cell).get_text() for cell in row.find_all("td")]
            for row in page.html.select("#costs ~ .sheet tr")
        ]
        assert rows[1:] == [
            ["€1.25", "20", "25", "1", "3"],
            ["€0.04", "1", "1", "0", "0"],
            ["€1.29", "21", "26", "1", "3"],
        ]
        columns = [title.get_text() for title in page.html.select("svg rect title")]
        assert len(columns) == 30
        assert columns[-1].endswith("€1.25, 25 parts")
        assert [text.get_text() for text in page.html.select("svg text")][:2] == ["€1.00", "€2.00"]

    def test_where_nothing_has_a_price_the_chart_shows_parts(self, oscar, days):
        days(3, 0, messages=20, parts=25)
        page = oscar.get(PAGE)
        assert page.html.select_one("#chart-title").get_text() == "Parts sent each day"
        assert [text.get_text() for text in page.html.select("svg text")][:2] == ["25", "50"]


@pytest.mark.parametrize(
    ("why", "shown"),
    [
        ("the provider answered 500", "the provider answered 500"),
        ("nobody.example cannot be reached: TimeoutError", None),
        ("1 of 3 parts were taken", None),
        ("un refuses the message: +33612345678 is barred", "un refuses the message: …"),
        ("un refuses the message: 33612345678", "un refuses the message: …"),
        ("un is busy: Le tilleul penche", "un is busy: …"),
        ("+33612345678 did not answer", "… did not answer"),
        ("ZeroDivisionError", "a fault of this site: ZeroDivisionError"),
        ("Bonjour", ""),
        ("id:1 stat:DELIVRD text:Bonjour", ""),
    ],
)
def test_why_is_a_sentence_of_ours_without_what_others_put_into_it(why, shown):
    assert reasons.cleaned(why) == (why if shown is None else shown)
