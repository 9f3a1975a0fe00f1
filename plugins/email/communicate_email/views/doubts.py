"""What about a sender is not as it seems: each in a sentence, before what the message says."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate_email.letters import OUTSIDE
from communicate_email.mime import Address, Shown
from communicate_email.views.acquaintances import Acquaintances, folded
from communicate_email.views.desk import Desk
from communicate_email.views.domains import ascii_of, domain_of, imitated, readable, same_holder
from communicate_email.views.people import SHOWN, clean, warnings
from communicate_email.views.vouching import OWN, Vouched

_ = TranslationStringFactory("communicate_email")

IMITATES = _("${domain} looks like ${known}, which you know, and is another.")
READS = _("${domain} is written with letters that read ${words}.")
NAMESAKE = _(
    "Somebody you know is called “${name}”, and writes from ${known}: this is another address."
)
CLAIMS = _("The address is one of this site, and the message did not come from here.")
ANSWERS = _("Answers go to another address than the sender's: ${address}")
ASTRAY = _("Answers do not go to ${domain}, where the message says it is from, but to ${address}")


class Doubt(NamedTuple):
    """One sentence; *grave* where it may be a trap, and not only worth knowing."""

    sentence: Any
    grave: bool = True


def doubts(desk: Desk, role: str, shown: Shown, vouched: Vouched | None) -> list[Doubt]:
    """Return what could mislead whoever reads who *shown*, in a folder for *role*, is from."""
    if role in OWN:
        return []
    found = [Doubt(sentence) for sentence in warnings(shown)]
    found += of_answers(shown)
    if vouched is None or vouched.author is None:
        known = Acquaintances.of(desk)
        for person in shown.author[:SHOWN]:
            found += of_sender(known, person, vouched)
    return found


def of_sender(known: Acquaintances, person: Address, vouched: Vouched | None) -> Iterator[Doubt]:
    """Yield what is doubtful about a sender who did not sign in here."""
    address, name = clean(person.address).lower(), clean(person.name)
    domain = ascii_of(domain_of(address))
    if domain in known.own_domains:
        if vouched is not None and vouched.way == OUTSIDE and not vouched.verified:
            yield Doubt(CLAIMS)
        return
    if address in known.addresses:
        return
    imitation = imitated(domain, known.domains)
    if imitation:
        yield Doubt(IMITATES % {"domain": readable(domain), "known": readable(imitation)})
    elif readable(domain) != domain:
        yield Doubt(READS % {"domain": domain, "words": readable(domain)}, grave=False)
    other = known.called(name) if folded(name) else ""
    if other and other != address:
        yield Doubt(NAMESAKE % {"name": name, "known": other})


def of_answers(shown: Shown) -> list[Doubt]:
    """Return where answers go, if that is not where the message comes from."""
    own = {one.address.lower() for one in shown.author}
    others = [one.address for one in shown.reply_to if one.address.lower() not in own]
    if not others or not own:
        return []
    told = clean(", ".join(others[:SHOWN]))
    homes = [domain_of(address) for address in own]
    for other in others:
        if not any(same_holder(domain_of(other), home) for home in homes):
            return [Doubt(ASTRAY % {"domain": clean(homes[0]), "address": told})]
    return [Doubt(ANSWERS % {"address": told}, grave=False)]
