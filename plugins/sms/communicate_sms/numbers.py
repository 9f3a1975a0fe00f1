"""Telephone numbers as members write them (ITU-T E.164), and which can have text messages."""

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType
from pyramid.i18n import TranslationStringFactory

_ = TranslationStringFactory("communicate_sms")

LONGEST = 40  # characters of what is written: 15 digits with signs between
SHORT = 6  # digits after the country code of emergency and service numbers, at most
MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
SATELLITE = frozenset({870, 881, 882, 883})  # Inmarsat, mobile satellite, international networks
DEAR = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})


class Unfit(ValueError):
    """No text message can be sent there, for the *reason*, a sentence for the member."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read(written: str, region: str) -> str:
    """Return the number that *written* means as ``+`` and digits (E.164); raise Unfit.

    Without a country code it is one of *region*, ``FR``.  Digits of other scripts are read, so
    show the member what is understood before it is used.
    """
    if len(written) > LONGEST:
        raise Unfit(_("Write one number, with at most 15 digits."))
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        raise Unfit(_("This is no telephone number. Write it like +33 6 12 34 56 78.")) from None
    _check(number)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def shown(e164: str) -> str:
    """Return the number *e164* with the blanks that people expect, ``+33 6 12 34 56 78``."""
    return phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)


def country(e164: str) -> str:
    """Return the region of *e164*, ``FR``, or an empty string for what belongs to none."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(e164)) or ""


def _check(number: PhoneNumber) -> None:
    """Raise Unfit unless *number* is one of a mobile telephone, or may be one."""
    if number.extension:
        raise Unfit(_("A number with an extension cannot have text messages."))
    if number.country_code in SATELLITE:
        raise Unfit(_("Messages to satellite telephones are not sent: they cost too much."))
    if not phonenumbers.is_valid_number(number):
        if len(phonenumbers.national_significant_number(number)) <= SHORT:
            raise Unfit(_("Short numbers cannot have messages. Write the whole number."))
        raise Unfit(_("There is no such number. Check its digits, with the country code first."))
    kind = phonenumbers.number_type(number)
    if kind in DEAR:
        raise Unfit(_("Messages to numbers with a special price are not sent."))
    if kind not in MOBILE:
        raise Unfit(_("This is not the number of a mobile telephone."))
