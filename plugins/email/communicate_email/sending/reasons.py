"""Why letters wait, in the language of the operator who reads it.

What is stored is a sentence in English, as it is in the logs.  Here it is recognised by its
pattern; what is none of ours, as the name of a fault, is shown as it stands.
"""

import re
from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

_ = TranslationStringFactory("communicate_email")

WHAT = {
    "our greeting": _("our greeting"),
    "its sender": _("its sender"),
    "the recipient": _("the recipient"),
    "the message": _("the message"),
}
SENTENCES = (
    _("${what} was answered with ${code} ${status}"),
    _("the certificate of ${host} is not trusted: ${detail}"),
    _("${host} cannot be reached: ${detail}"),
    _("${host} offers no way to sign in: look at email.relay_user"),
    _(
        "${host} answered ${code} to our name and password: look at email.relay_user and "
        "COMMUNICATE_EMAIL_RELAY_PASSWORD"
    ),
    _("${host} offers no encryption, without which nothing is sent"),
    _("the conversation with ${host} broke off: ${detail}"),
    _("no mail leaves: see the setting email.out"),
    _("the name servers cannot say where its mail goes"),
    _("none of its machines has an address"),
    _("${host} has no address now"),
    _("${host} has no address that is reached through the internet"),
    _("${host} has no address"),
    _("it may have left before the site was restored from a backup"),
    _("an operator took it out of the queue"),
)
_NAME = re.compile(r"\\\$\\\{(\w+)\\\}")


def _patterns() -> Iterator[tuple[re.Pattern[str], Any]]:
    for sentence in SENTENCES:
        pattern = _NAME.sub(r"(?P<\1>.+)", re.escape(str(sentence)))
        yield re.compile(pattern), sentence


_KNOWN = tuple(_patterns())


def recognised(why: str) -> tuple[Any, dict[str, str]] | None:
    """Return the sentence that *why* is one of, and what stands in its gaps; None for none."""
    for pattern, sentence in _KNOWN:
        found = pattern.fullmatch(why)
        if found is not None:
            return sentence, found.groupdict()
    return None


def said(page: Any, why: str) -> tuple[str, str]:
    """Return *why* as *page* says it, and in which language, empty for the page's own."""
    found = recognised(why)
    if found is None:
        return why, "en" if why else ""
    sentence, gaps = found
    if gaps.get("what") in WHAT:
        gaps["what"] = page.say(WHAT[gaps["what"]])
    return str(page.say(sentence, **gaps)), ""
