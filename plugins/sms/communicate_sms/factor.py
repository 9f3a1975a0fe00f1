"""Codes by text message as a second step of signing in: a fallback beside an app or a passkey.

The codes are core's (`communicate.factors.further`): here they are only carried to the number that
the member has proven.  Proven anew, even the same number is another one: its way is off then.
"""

from typing import Any
from urllib.parse import urlsplit

from pyramid.i18n import TranslationStringFactory

from communicate.accounts.letters import localizer
from communicate.factors.further import Unsent
from communicate.interfaces import ISeals
from communicate_sms import parts
from communicate_sms.books import book_of
from communicate_sms.errors import Declined
from communicate_sms.holds import is_held
from communicate_sms.interfaces import IAllowance, INumbers
from communicate_sms.queue import Queue

_ = TranslationStringFactory("communicate_sms")

LABEL = "sms.second-step"
TEXT = _(
    "second-step-text",
    default="${code} opens your account on ${site}. Give it to nobody. If you do not ask for it, "
    "change your password.",
)


class BySms:
    """The way of the second step that `communicate.factors.further.FurtherStep` describes."""

    name = "sms"
    icon = "phone"
    title = _("Code by text message")
    brief = _("Weaker than an app or a passkey: only for when neither is at hand.")
    offer = _("Send me a code by text message")
    weaker = (
        _(
            "Your operator may be talked into giving somebody else a SIM card for your number: "
            "then your codes go there."
        ),
        _(
            "Text messages are not encrypted: operators can read them, and so can whoever gets "
            "into their networks."
        ),
        _(
            "A false page can ask you for the code and use it at once. A passkey has nothing to "
            "give away."
        ),
        _("It may come late or not at all, and many telephones show it even while locked."),
        _(
            "NIST, which sets such rules in the United States, calls it restricted (SP 800-63B): "
            "something better is to be offered beside it."
        ),
    )
    needs = _("Codes go to the number that you have proven, and you have proven none.")
    setup = "/account/sms"

    def offered(self, request: Any) -> bool:
        """Tell whether operators let members use it, and there is a way to send."""
        settings = request.registry.settings
        return bool(settings["sms.second_step"] and settings["sms.ways"])

    def mark(self, request: Any, member: Any) -> bytes | None:
        """Return what stands for the member's number since it was proven, or None."""
        e164, book = request.find_service(INumbers).of(member.uid), book_of(request, member.uid)
        if e164 is None or book is None or book.number is None:
            return None
        about = f"{e164}\0{book.number.proven}"
        mark: bytes = request.find_service(ISeals).member_hmac(member.uid, LABEL, about.encode())
        return mark

    def goes(self, request: Any, member: Any) -> Any:
        """Return a sentence with the last two digits of the number, and no other."""
        e164 = request.find_service(INumbers).of(member.uid) or ""
        return _("Codes go to your number that ends in ${digits}.", mapping={"digits": e164[-2:]})

    def carry(self, request: Any, member: Any, code: str, until: int) -> None:
        """Queue *code* for the member's number, as far as limits and that telephone allow it."""
        e164 = request.find_service(INumbers).of(member.uid)
        if e164 is None or is_held(request, e164):
            raise Unsent
        text = said(request, member, code)
        count = len(parts.split(text).parts)
        try:
            request.find_service(IAllowance).hit(member.uid, e164, count, "code")
        except Declined as error:
            raise Unsent from error
        Queue(request).add(member.uid, e164, text, purpose="code", until=until)


def said(request: Any, member: Any, code: str) -> str:
    """Return what the telephone shows, in the language of *member*.

    The last line names the site to browsers that type a code where it belongs, and nowhere else.
    """
    settings = request.registry.settings
    translate = localizer(request.registry, member.language).translate
    words = {"code": code, "site": settings["communicate.name"]}
    text = str(translate(TEXT, mapping=words))
    host = urlsplit(settings["communicate.url"] or "").hostname
    return parts.tidy(f"{text}\n@{host} #{code}" if host else text)
