"""What a part costs, by the first digits of a number."""

import pytest
from colander import Invalid, SchemaNode

from communicate_sms import prices, settings_abuse
from communicate_sms.errors import Declined
from communicate_sms.prices import Prices, price

NODE = SchemaNode(Prices(), name="prices")
LINES = "+33 0.045\n+33700 0.0501\n+32 1"


def told(text=LINES):
    return {"sms.prices": Prices().read(NODE, text), "sms.countries": (), "sms.region": "FR"}


def test_the_longest_prefix_decides_and_fractions_are_rounded_up():
    assert price(told(), "+33612345678", 1) == 45
    assert price(told(), "+33612345678", 3) == 135
    assert price(told(), "+33700123456", 2) == 102
    assert price(told(), "+32470123456", 1) == 1000


def test_without_prices_a_part_is_taken_to_be_dear():
    assert price(told(""), "+33612345678", 2) == 200


def test_where_no_price_is_known_nothing_is_sent():
    with pytest.raises(Declined):
        price(told(), "+79161234567", 1)
    assert price(told("+ 2"), "+79161234567", 1) == 2000


@pytest.mark.parametrize("line", ["33 1", "+33", "+33 x", "+33 -1", "+33 nan", "+33 1 2", "+3a 1"])
def test_a_line_that_is_none_is_said(line):
    with pytest.raises(Invalid):
        Prices().read(NODE, line)


def test_a_prefix_stands_once():
    with pytest.raises(Invalid):
        Prices().read(NODE, "+33 1\n+33 2")


def test_a_country_without_a_price_is_found_at_the_start():
    settings_abuse.check(told())
    with pytest.raises(ValueError, match=r"\+33"):
        settings_abuse.check(told("+32 1"))
    with pytest.raises(ValueError, match=r"\+ price"):
        settings_abuse.check({**told(), "sms.countries": ["all"]})


def test_amounts_are_read_as_people_write_them(house):
    def shown(request):
        return [prices.money(request, one) for one in (45, 1234560)]

    assert house.work(shown) == ["0,045\N{NO-BREAK SPACE}€", "1\u202f234,56\N{NO-BREAK SPACE}€"]
