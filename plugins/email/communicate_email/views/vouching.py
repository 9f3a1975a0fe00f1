"""Who a message is really from, as far as is known here, in one line; and how that is known."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate_email.letters import OUTSIDE, SITE
from communicate_email.mime import Shown
from communicate_email.receiving.results import Checked, Looked, looked
from communicate_email.store import origins
from communicate_email.store.reading import Listed
from communicate_email.views.desk import Desk
from communicate_email.views.domains import ascii_of, domain_of, same_holder

_ = TranslationStringFactory("communicate_email")

GOOD, QUIET, WARN = "good", "quiet", "warn"
ICONS = {GOOD: "shield-check", QUIET: "shield", WARN: "shield-exclamation"}
OWN = ("sent", "drafts")  # what lies there the member wrote, or a program of the member's
TOP = 64 * 1024  # bytes, among which is all that we put on top
MOST_SIGNED = 5  # signatures that are told of

UNSURE = _("We could not verify that this message is really from ${domain}: be careful.")
UNCLEAR = _("This message does not say in one clear way who wrote it: be careful.")
UNCHECKED = _("Who sent this message was not checked when it came in.")
BROUGHT = _("This message was not taken in by this site: who sent it was not checked.")
VERIFIED = _("Sent by ${domain}: verified")
MEMBER = _("Written by a member of this site, who signed in to send it:")
GONE = _("Written by a member of this site, who has left it.")
HERE = _("This site wrote this message itself.")

SPF = {
    "pass": _("The machine that brought it may send for ${domain}."),
    "fail": _("The machine that brought it may not send for ${domain}."),
    "softfail": _("The machine that brought it should not send for ${domain}."),
    "none": _("${domain} does not say which machines may send for it."),
    "": _("Which machines may send for ${domain} could not be found out."),
}
DKIM = {
    "pass": _("Signed by ${domain}, and unchanged since."),
    "fail": _("The signature of ${domain} does not hold: it is forged, or something changed."),
    "": _("The signature of ${domain} could not be checked."),
}
UNSIGNED = _("The message is not signed.")
DMARC = {
    "pass": _("${domain} vouches for the message."),
    "none": _("${domain} does not say how to recognise what is really from it."),
    "fail": _(
        "${domain} does not vouch for the message, and leaves it to us what to think of it."
    ),
    "quarantine": _("${domain} does not vouch for the message, and wants it taken for junk."),
    "reject": _("${domain} does not vouch for the message, and wants it refused."),
    "": _("Whether ${domain} vouches for the message could not be found out."),
}
FILTER, SCANNER = _("Junk filter"), _("Virus scanner")
SILENT = _("It did not answer: this message was not checked.")


class Vouched(NamedTuple):
    """What a page says of who a message is from: one *line*, and *details* with a word before.

    *author* is the uid of a member to be named after the line.  *verified* is the domain that is
    known to have sent it, empty where none is.
    """

    tone: str
    line: Any
    details: tuple[tuple[Any, Any], ...] = ()
    author: int | None = None
    verified: str = ""
    way: str = ""  # how it came, as `communicate_email.letters` has it

    @property
    def icon(self) -> str:
        """The icon that goes with the line."""
        return "person-check" if self.author is not None else ICONS[self.tone]


def vouched(desk: Desk, one: Listed, shown: Shown) -> Vouched | None:
    """Return what is known of who wrote a message, None where its reader did."""
    origin = origins.of(desk.request, desk.account, one.row.id)
    if origin.author is not None:
        return _of_member(desk, origin.author)
    if origin.way == SITE:
        return Vouched(GOOD, HERE, way=SITE)
    if origin.way == OUTSIDE:
        top = b"".join(desk.reading.pieces(one.row.id, 0, TOP))
        return of_stranger(looked(top), shown)._replace(way=OUTSIDE)
    return None if one.box.role in OWN else Vouched(QUIET, BROUGHT)


def _of_member(desk: Desk, uid: int) -> Vouched | None:
    if uid == desk.uid:
        return None
    if desk.request.page.person(uid) is None:
        return Vouched(GOOD, GONE)
    return Vouched(GOOD, MEMBER, author=uid)


def of_stranger(found: Looked, shown: Shown) -> Vouched:
    """Return what was found out about a message that came in from elsewhere."""
    checked, details = found.checked, tuple(_details(found))
    if checked is None or checked.dmarc == "temperror":
        return Vouched(QUIET, UNCHECKED, details)
    if checked.dmarc == "permerror" or not is_author(shown, checked.domain):
        return Vouched(WARN, UNCLEAR, details)
    said = {"domain": checked.domain}
    if speaks(checked):
        return Vouched(GOOD, VERIFIED % said, details, verified=checked.domain)
    return Vouched(WARN if checked.dmarc == "fail" else QUIET, UNSURE % said, details)


def is_author(shown: Shown, domain: str) -> bool:
    """Tell whether *shown*, as people read it, has one author, of that *domain*."""
    if len(shown.author) != 1 or shown.author[0].odd or not domain:
        return False
    return ascii_of(domain_of(shown.author[0].address)) == domain


def speaks(checked: Checked) -> bool:
    """Tell whether the domain of the author is known to have sent the message.

    By what it asks for itself; where it asks for nothing, by a signature of its own that holds, or
    by a machine that may send for it.
    """
    if checked.dmarc != "none":
        return checked.dmarc == "pass"
    domains = [each.domain for each in checked.signatures if each.result == "pass"]
    if checked.spf == "pass" and checked.by == "smtp.mailfrom":
        domains.append(checked.identity)
    return any(same_holder(each, checked.domain) for each in domains if each)


def _details(found: Looked) -> Iterator[tuple[Any, Any]]:
    if found.checked is not None:
        yield from _checked(found.checked)
    if found.spam is not None:
        yield FILTER, _("It takes this for junk.") if found.spam else _("It sees no junk here.")
    if found.scanned:
        yield SCANNER, _("It found no virus.")
    for name, word in (("junk", FILTER), ("viruses", SCANNER)):
        if name in found.unchecked:
            yield word, SILENT


def _checked(checked: Checked) -> Iterator[tuple[Any, Any]]:
    said = _("the sender")
    spf = "none" if checked.spf == "neutral" else checked.spf
    yield "SPF", SPF.get(spf, SPF[""]) % {"domain": checked.identity or said}
    for each in checked.signatures[:MOST_SIGNED]:
        yield "DKIM", DKIM.get(each.result, DKIM[""]) % {"domain": each.domain}
    if not checked.signatures:
        yield "DKIM", UNSIGNED
    if checked.dmarc != "permerror":
        key = _asked(checked) if checked.dmarc == "fail" else checked.dmarc
        yield "DMARC", DMARC.get(key, DMARC[""]) % {"domain": checked.domain or said}


def _asked(checked: Checked) -> str:
    """Return what the domain asks for, which does not vouch for a message."""
    return checked.policy if checked.policy in ("quarantine", "reject") else "fail"
