from datetime import UTC, date, datetime, timedelta

import pytest
from pyramid.interfaces import ILocalizer

from communicate.web.formats import Formats, moment, zone_named

NOW = datetime(2026, 11, 23, 17, 54, tzinfo=UTC)  # Monday, 18:54 in Paris


@pytest.fixture(scope="module")
def french(site):
    """Return French formats in Paris."""
    return formats(site, "fr")


@pytest.fixture(scope="module")
def english(site):
    """Return English formats in Paris."""
    return formats(site, "en")


def formats(site, language, zone="Europe/Paris"):
    return Formats(site.registry.getUtility(ILocalizer, name=language), zone)


class TestRelativeTimes:
    @pytest.mark.parametrize(
        ("ago", "french_words", "english_words"),
        [
            (timedelta(seconds=20), "à l’instant", "just now"),
            (timedelta(minutes=12), "il y a 12\xa0min", "12 min ago"),
            (timedelta(hours=3, minutes=20), "il y a 3\xa0h", "3 hr ago"),
            (timedelta(hours=15), "aujourd’hui, 03:54", "today, 03:54"),
            (timedelta(hours=19), "hier, 23:54", "yesterday, 23:54"),
            (timedelta(days=2), "samedi, 18:54", "Saturday, 18:54"),
            (timedelta(days=6), "mardi, 18:54", "Tuesday, 18:54"),
            (timedelta(days=7), "16 novembre", "16 November"),
            (timedelta(days=400), "19 octobre 2025", "19 October 2025"),
            (timedelta(seconds=-5), "aujourd’hui, 18:54", "today, 18:54"),
        ],
    )
    def test_up_to_a_week_then_the_date(self, french, english, ago, french_words, english_words):
        assert french.relative(NOW - ago, NOW) == french_words
        assert english.relative(NOW - ago, NOW) == english_words

    def test_the_day_is_that_of_the_members_zone(self, site):
        then = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
        assert formats(site, "fr", "America/Montreal").relative(then, NOW) == "hier, 21:00"
        assert formats(site, "fr", "Pacific/Auckland").relative(then, NOW) == "hier, 15:00"

    def test_the_element_says_the_exact_moment_as_people_write_it(self, french):
        html = french.time(NOW - timedelta(minutes=12), NOW)
        assert html == (
            '<time datetime="2026-11-23T17:42:00Z" title="lundi 23 novembre 2026 à 18:42">'
            "il y a 12\xa0min</time>"
        )

    def test_of_many_moments_each_is_said_as_alone(self, french):
        end = int(NOW.timestamp() * 1000)
        moments = [end - 1000 * seconds for seconds in (0, 59, 61, 50_000, 90_000, 10**9)] + [end]
        assert french.times(moments, NOW) == [french.time(each, NOW) for each in moments]

    def test_milliseconds_do_as_well(self, french):
        stored = int(NOW.timestamp() * 1000)
        assert french.exact(stored) == "lundi 23 novembre 2026 à 18:54"
        assert moment(stored) == NOW

    def test_what_is_remembered_is_not_mixed_up(self, french):
        then = NOW - timedelta(minutes=30)
        assert french.relative(then, NOW) == "il y a 30\xa0min"
        assert french.relative(then, NOW + timedelta(days=1)) == "hier, 18:24"
        assert french.relative(then, NOW + timedelta(days=30)) == "23 novembre"


class TestFigures:
    @pytest.mark.parametrize(
        ("count", "said"),
        [
            (0, "0 octets"),
            (999, "999 octets"),
            (1000, "1 ko"),
            (1_840_000, "1,84 Mo"),
            (12_340_000, "12,3 Mo"),
            (5_000_000_000, "5 Go"),
            (10**18, "1\u202f000\u202f000 To"),
        ],
    )
    def test_sizes(self, french, count, said):
        assert french.size(count) == said

    def test_numbers(self, french, english):
        assert french.number(12345) == "12\u202f345"
        assert english.number(12345) == "12,345"

    def test_spans(self, french):
        spans = [
            timedelta(days=365),
            timedelta(days=30),
            timedelta(hours=12),
            timedelta(minutes=1),
        ]
        said = [french.span(span).replace("\xa0", " ") for span in spans]
        assert said == ["1 an", "30 jours", "12 heures", "1 minute"]

    def test_lists(self, french, english):
        assert french.list(["a", "b", "c"]) == "a, b et c"
        assert english.list(["a", "b"]) == "a and b"

    def test_days(self, french):
        assert french.day(date(2026, 11, 2)) == "2 novembre 2026"
        assert french.day(NOW) == "23 novembre 2026"


class TestZones:
    @pytest.mark.parametrize("name", [None, "", "Nowhere/Land", "../etc/passwd", "a\x00"])
    def test_an_unknown_one_is_utc(self, name):
        assert zone_named(name).key == "UTC"
