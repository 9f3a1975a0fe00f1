"""When a message leaves, as it was typed."""

from datetime import datetime
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request

from communicate.clock import milliseconds, now

_ = TranslationStringFactory("communicate_sms")

MINUTE = 60_000  # milliseconds: what is typed has no seconds


def leaving(request: Request, form: Any, when: datetime | None) -> int:
    """Return the moment *when* (ms), 0 for now; raise FormInvalid for one that is over."""
    if when is None:
        return 0
    at, present = milliseconds(when), milliseconds(now(request))
    if at < present - MINUTE:
        form.fail("later", _("This moment is over. Choose one to come, or none."))
    return at if at > present else 0
