"""What a message costs: so much for each part, by the first digits of its number."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_UP, Decimal, InvalidOperation
from typing import Any

from babel import Locale
from babel.numbers import format_currency
from colander import Invalid, SchemaNode
from pyramid.i18n import TranslationStringFactory

from communicate.settings.types import SettingType
from communicate.web.formats import LOCALES
from communicate_sms.errors import Declined

_ = TranslationStringFactory("communicate_sms")

ANY = "+"  # the prefix of every number
UNKNOWN = 100  # thousandths for a part, where the settings tell no price
LARGEST = Decimal(1_000_000)


class Prices(SettingType):
    """One prefix in a line, ``+33`` or ``+`` for all, and what a part costs: ``+33 0.045``."""

    def read(self, node: SchemaNode, text: str) -> Mapping[str, int]:
        """Return prices in thousandths, which are rounded up, by prefix."""
        found: dict[str, int] = {}
        for line in filter(None, map(str.strip, text.splitlines())):
            prefix, *rest = line.split()
            if len(rest) != 1 or not (prefix == ANY or is_prefix(prefix)) or prefix in found:
                raise Invalid(node, f'"{line}" is to be, once: +prefix price.')
            found[prefix] = thousandths(node, rest[0])
        return found


class Amount(SettingType):
    """An amount of money, ``12.50``."""

    def read(self, node: SchemaNode, text: str) -> int:
        """Return it in thousandths."""
        return thousandths(node, text)


def is_prefix(text: str) -> bool:
    """Tell whether *text* is a plus and digits."""
    return text.startswith("+") and text[1:].isascii() and text[1:].isdecimal()


def thousandths(node: SchemaNode, text: str) -> int:
    """Return the amount that *text* is, in thousandths, rounded up."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= LARGEST:
        raise Invalid(node, f'"{text}" is not an amount such as 0.045.')
    return int((amount * 1000).to_integral_value(ROUND_UP))


def price(settings: Mapping[str, Any], e164: str, parts: int) -> int:
    """Return what *parts* to the number *e164* cost, in thousandths of the currency.

    The longest prefix decides.  Raise Declined where no price is known: what may cost anything is
    not sent.  A site that states no price at all reckons with 0.100 for each part.
    """
    prices: Mapping[str, int] = settings["sms.prices"]
    if not prices:
        return UNKNOWN * parts
    for length in range(len(e164), 0, -1):
        found = prices.get(e164[:length])
        if found is not None:
            return found * parts
    raise Declined(_("Messages to this country are not sent: what they cost is not known here."))


def money(request: Any, amount: int) -> str:
    """Return *amount* (thousandths) as it is read in the language of *request*: ``0,045 €``."""
    locale = Locale.parse(LOCALES.get(request.localizer.locale_name, "en_GB"))
    pattern = locale.currency_formats["standard"].pattern
    return format_currency(
        Decimal(amount) / 1000,
        request.registry.settings["sms.currency"],
        pattern.replace("0.00", "0.000") if amount % 10 else pattern,
        locale=locale,
        currency_digits=False,
    )


def check(settings: Mapping[str, Any], calling_codes: Iterable[str]) -> None:
    """Raise ValueError where the settings tell prices, but none for a country that is allowed."""
    prices: Mapping[str, int] = settings["sms.prices"]
    for code in calling_codes:
        if prices and not any(code.startswith(prefix) for prefix in prices):
            raise ValueError(f"sms.prices: add a line for {code}: {code} price")
