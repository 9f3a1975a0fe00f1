"""Numbers are understood as people write them, and only those of mobile telephones are taken."""

import pytest

from communicate_sms import numbers


@pytest.mark.parametrize(
    ("written", "region", "read"),
    [
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("+33 (0)6.12.34.56.78", "FR", "+33612345678"),
        ("0033612345678", "FR", "+33612345678"),
        ("0170 1234567", "DE", "+491701234567"),
        ("+7 916 123-45-67", "FR", "+79161234567"),
        ("٠٩١٦١٢٣٤٥٦٧", "IR", "+989161234567"),  # digits of another script
        ("+1 202 555 0143", "FR", "+12025550143"),  # fixed or mobile: nobody can tell in America
    ],
)
def test_a_number_is_read(written: str, region: str, read: str) -> None:
    assert numbers.read(written, region) == read


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "no telephone number"),
        ("bonjour", "no telephone number"),
        ("112", "Short numbers"),
        ("+7 112", "Short numbers"),
        ("36665", "Short numbers"),
        ("06 12 34", "Short numbers"),
        ("06 12 34 56 7", "no such number"),
        ("+33 1 42 68 53 00", "not the number of a mobile"),
        ("+33 899 70 00 00", "special price"),
        ("+1 900 234 5678", "special price"),
        ("+881 612 345 678", "satellite"),
        ("+882 16 123 4567", "satellite"),
        ("06 12 34 56 78 ext. 4", "extension"),
        ("6" * 41, "at most 15 digits"),
    ],
)
def test_what_cannot_have_messages_is_refused_with_the_reason(written: str, reason: str) -> None:
    with pytest.raises(numbers.Unfit, match=reason):
        numbers.read(written, "FR")


def test_a_number_is_shown_as_people_write_it_and_says_where_it_is_from() -> None:
    assert numbers.shown("+33612345678") == "+33 6 12 34 56 78"
    assert numbers.country("+33612345678") == "FR"
