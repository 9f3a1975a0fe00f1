"""What the site itself answers to a telephone: seldom, and only where something was sent to."""

from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.accounts.letters import localizer
from communicate.clock import milliseconds, now
from communicate.sealing import SITE
from communicate_sms import numbers, parts, writers
from communicate_sms.brought import Brought
from communicate_sms.errors import Declined
from communicate_sms.holds import is_held
from communicate_sms.interfaces import IAllowance
from communicate_sms.queue import ANSWER, Queue

_ = TranslationStringFactory("communicate_sms")

# Characters of GSM-7 only, so that each is one part: no ê, no ’, no « in French.
STOPPED = _("Nothing more comes to this number from ${site}. Send START to undo that.")
STARTED = _("Text messages from ${site} come to this number again.")
WHOM = _(
    "Several people wrote to you from ${site}. Nobody reads your answer: it does not say whom it "
    "is for. Begin with the name, as in ${example}"
)
EXAMPLE = "agathe: OK"
DAY = timedelta(days=1) // timedelta(milliseconds=1)


def say(request: Any, number: str, what: Any) -> None:
    """Send *what* to *number*, once a day at most.

    Nothing is said where nothing was ever sent to, or can be: nobody makes the site send to
    numbers of their choice.  Whoever wants nothing more hears of that, and of nothing else.
    """
    settings, present = request.registry.settings, milliseconds(now(request))
    try:
        fit = numbers.read(number, settings["sms.region"]) == number
    except numbers.Unfit:
        return
    if not fit or not writers.is_known(request, number):
        return
    if what is not STOPPED and is_held(request, number):
        return
    translate = localizer(request.registry, None).translate
    text = translate(what, mapping={"site": settings["communicate.name"], "example": EXAMPLE})
    try:
        count = len(parts.split(str(text)).parts)
        request.find_service(IAllowance).check(SITE, number, count, "notice")
    except Declined:
        return
    if Brought(request).note_for_a_day("answer", str(what), number):
        queue = Queue(request)
        message = queue.add(SITE, number, str(text), purpose=ANSWER, until=present + DAY)
        message.of_hold = what is STOPPED
