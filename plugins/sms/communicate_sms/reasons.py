"""Why a message was not taken, in words that operators may read.

What a transport says is a sentence of ours with gaps, some of them filled by the telephone
operator.  A gap is shown only where it holds a name or a short code: what a provider answers may
quote the number or the text.  What is no sentence of ours is not shown at all.
"""

import re
from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

_ = TranslationStringFactory("communicate_sms")

SENTENCES = (
    _("whoever sent it has ended"),
    _("it may have left before the site was restored from a backup"),
    _("too late"),
    _("no way goes there"),
    _("the number wants no messages"),
    _("nobody is there"),
    _("its price is not known"),
    _("it costs more than a ceiling"),
    _("${n} of ${count} parts were taken"),
    _("the provider asks for patience: ${code}"),
    _("the provider does not let this site in: ${code}"),
    _("the provider refuses the message: ${code}"),
    _("the provider answered ${code}"),
    _("Kannel refuses the message"),
    _("Kannel does not know the name or the password"),
    _("Kannel has no way to send now"),
    _("Kannel answered ${code}"),
    _("the session broke: ${code}"),
    _("the session ended before the answer"),
    _("${name} has no session"),
    _("${name} has lost its session"),
    _("${name} did not answer: ${code}"),
    _("${name} did not answer"),
    _("${name} asks for patience: ${code}"),
    _("${name} is busy: ${code}"),
    _("${name} refuses the message: ${code}"),
    _("${name} did not take the message: ${code}"),
    _("${name} did not say whether it takes the message"),
    _("${name} answered no JSON"),
    _("${name} answered without an end"),
    _("${name} cannot be reached: ${code}"),
)
FAULT = _("a fault of this site: ${code}")
_GAP = re.compile(r"\\\$\\\{(\w+)\\\}")
_NAME = re.compile(r"(?!.*\d{6})[\w.:\[\]-]{1,100}")  # of a way or a host
_CODE = re.compile(r"(?=[\w.-]{1,40}\Z)(?!.*\d{5})[\w.-]+", re.ASCII)
_CLASS = re.compile(r"[A-Z][A-Za-z]{0,40}(Error|Exception)", re.ASCII)  # of an error of ours


def _patterns() -> Iterator[tuple[re.Pattern[str], Any]]:
    for sentence in SENTENCES:
        pattern = _GAP.sub(r"(?P<\1>.+)", re.escape(str(sentence)))
        yield re.compile(pattern, re.DOTALL), sentence


_KNOWN = tuple(_patterns())


def recognised(why: str) -> tuple[Any, dict[str, str]] | None:
    """Return the sentence that *why* is one of, and what may be shown of its gaps; or None."""
    for pattern, sentence in _KNOWN:
        found = pattern.fullmatch(why)
        if found is not None:
            return sentence, {key: _shown(key, gap) for key, gap in found.groupdict().items()}
    return (FAULT, {"code": why}) if _CLASS.fullmatch(why) else None


def cleaned(why: str) -> str:
    """Return *why*, in English, without what may not be shown; empty where it is none of ours.

    >>> cleaned("vonage refuses the message: +33612345678 is barred")
    'vonage refuses the message: …'
    """
    found = recognised(why)
    if found is None:
        return ""
    sentence, gaps = found
    return str((sentence % gaps).interpolate()) if gaps else str(sentence)


def said(page: Any, why: str) -> str:
    """Return *why*, cleaned, as *page* says it."""
    found = recognised(why)
    return "" if found is None else str(page.say(found[0], **found[1]))


def _shown(key: str, gap: str) -> str:
    pattern = _NAME if key == "name" else _CODE
    return gap if gap == "…" or pattern.fullmatch(gap) else "…"
