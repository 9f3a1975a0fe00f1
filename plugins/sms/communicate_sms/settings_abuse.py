"""The settings of what is spent on text messages, and how often they are sent."""

from typing import Any

import limits
from colander import Int, Invalid, OneOf, Range, Regex, SchemaNode, String, null
from phonenumbers import SUPPORTED_REGIONS, country_code_for_region

from communicate.settings.types import Names, Rate, SettingType
from communicate_sms import prices

EVERY = "all"  # countries
Window = tuple[int, int]  # so many, in so many milliseconds


class Rates(SettingType):
    """Rates that hold together, ``1/minute, 3/hour``, or ``off``."""

    def read(self, node: SchemaNode, text: str) -> tuple[Window, ...]:
        """Return the rates as windows."""
        if text.lower() == "off":
            return ()
        try:
            found = limits.parse_many(text)
        except ValueError:
            raise Invalid(node, f'"{text}" is to be rates such as 1/minute, 3/hour.') from None
        return tuple((one.amount, one.get_expiry() * 1000) for one in found)


class Countries(Names):
    """Countries by two letters, parted by blanks or commas, or ``all``."""

    def deserialize(self, node: SchemaNode, cstruct: Any) -> Any:
        """Return them in capitals; ``all`` alone stays as it is."""
        found = super().deserialize(node, cstruct)
        if found is null or found == [EVERY]:
            return found
        names = tuple(str(name).upper() for name in found)
        if unknown := [name for name in names if name not in SUPPORTED_REGIONS]:
            raise Invalid(node, f"{', '.join(unknown)}: write countries as FR, BE, or all.")
        return names


def node(kind: Any, name: str, missing: Any, description: str, **more: Any) -> SchemaNode:
    """Return the node of one setting."""
    return SchemaNode(kind, name=name, missing=missing, description=description, **more)


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [*of_money(), *of_numbers(), *of_members()]


def of_money() -> list[SchemaNode]:
    """Return what messages cost, and how much may be spent."""
    return [
        node(
            prices.Prices(),
            "prices",
            {},
            "Write one prefix of numbers in a line, and what a part costs there: +33 0.045.",
        ),
        node(
            String(),
            "currency",
            "EUR",
            "Write the currency of prices by three letters, as EUR.",
            validator=Regex("^[A-Z]{3}$"),
        ),
        node(
            prices.Amount(),
            "hour_ceiling",
            10_000,
            "Write how much messages may cost in an hour, as 10; sending stops there.",
        ),
        node(
            prices.Amount(),
            "day_ceiling",
            50_000,
            "Write how much messages may cost in a day (UTC), as 50; sending stops there.",
        ),
    ]


def of_numbers() -> list[SchemaNode]:
    """Return to which numbers messages go, and how often."""
    return [
        node(
            Countries(),
            "countries",
            (),
            "Write the countries to which messages go, as FR BE; none: that of sms.region.",
        ),
        node(
            Rates(),
            "number_limits",
            _windows("1/minute, 3/hour, 6/day"),
            "Write how often a member writes to one number that does not answer.",
        ),
        node(
            Rates(),
            "number_totals",
            _windows("2/minute, 10/hour, 30/day"),
            "Write how often all members together write to one number; what is more waits.",
        ),
        node(
            Rates(),
            "prefix_totals",
            _windows("60/hour, 300/day"),
            "Write how often all members together write to numbers that begin with the same seven "
            "digits; what is more waits.",
        ),
    ]


def of_members() -> list[SchemaNode]:
    """Return how much one member, or one address, may ask for."""
    return [
        node(
            Int(),
            "member_parts",
            40,
            "Write how many parts a member may send in 24 hours, from 0 to 10000.",
            validator=Range(0, 10_000),
        ),
        node(
            Rates(),
            "code_limits",
            _windows("1/minute, 3/hour, 6/day"),
            "Write how often a member may ask for a code.",
        ),
        node(
            Rate(),
            "address_messages",
            "60/hour",
            "Write how many messages may be sent from one network address.",
        ),
        node(
            Rate(),
            "address_codes",
            "10/hour",
            "Write how many codes may be asked for from one network address.",
        ),
        node(
            String(),
            "proven_first",
            "new",
            "Write who sends only once a number of their own is proven: new (accounts) or all.",
            validator=OneOf(("new", "all")),
        ),
    ]


def _windows(text: str) -> Any:
    return Rates().read(SchemaNode(Rates()), text)


def countries(settings: Any) -> tuple[str, ...] | None:
    """Return the countries to which messages go, None for all."""
    found = settings["sms.countries"]
    if list(found) == [EVERY]:
        return None
    return tuple(found) or (settings["sms.region"],)


def check(settings: Any) -> None:
    """Raise ValueError where a country is allowed whose price is not told."""
    allowed = countries(settings)
    codes = [prices.ANY] if allowed is None else [_code(one) for one in allowed]
    prices.check(settings, codes)


def _code(country: str) -> str:
    return f"+{country_code_for_region(country)}"
