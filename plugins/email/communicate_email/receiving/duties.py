"""What this part does for the contract; loaded at every start, and light for that."""

from typing import Any

from pyramid.config import Configurator
from pyramid.i18n import TranslationStringFactory

from communicate import clamav
from communicate.declarations import HealthCheck, Job, Recipient
from communicate.tls.serving import NoCertificate, files_of
from communicate_email.receiving import rspamd
from communicate_email.receiving.learning import LEARN, learn_job, moved
from communicate_email.store.events import Copied, Moved

_ = TranslationStringFactory("communicate_email")

JOBS = (Job(LEARN, learn_job),)
RECIPIENTS = (
    Recipient(
        rspamd.RECIPIENT,
        _("The filter for junk mail (rspamd) on the machine of this site, if it has one"),
        ("message", "sender", "address", "machine"),
        _("It tells junk from other mail; it asks public lists about senders and links."),
        {
            "message": _("mail that comes in for you, and what you move into Junk or out of it"),
            "sender": _("the address of who writes to you"),
            "address": _("your address"),
            "machine": _("the machine that brought it"),
            "junk": _("to tell whether a message is junk"),
            "learn": _("to learn from what you move into Junk, and out of it"),
        },
    ),
)
UNENCRYPTED = _(
    "There is no certificate, so that mail comes in without encryption: make one with "
    "`communicate tls self-signed`, or name files with communicate.tls_certificate and "
    "communicate.tls_key."
)
NO_CLAMD = _(
    "clamd does not answer at the address email.clamav: start it, or write `off` there. Messages "
    "come in meanwhile, marked as not checked."
)
NO_RSPAMD = _(
    "rspamd does not answer at the address email.rspamd: start it, or write `off` there. Messages "
    "come in meanwhile, marked as not checked."
)


def includeme(config: Configurator) -> None:
    """Listen to what is moved into Junk, and out of it, and what programs copy that move so."""
    config.add_subscriber(moved, Moved)
    config.add_subscriber(moved, Copied)


def check_certificate(registry: Any) -> Any:
    """Return a sentence where mail comes in and cannot be encrypted, or None."""
    if not registry.settings["email.smtp"]:
        return None
    try:
        files_of(registry.settings)
    except NoCertificate:
        return UNENCRYPTED
    return None


def check_clamd(registry: Any) -> Any:
    """Return a sentence where clamd is named and does not answer, or None."""
    address = registry.settings["email.clamav"]
    return NO_CLAMD if address and not clamav.answers(address) else None


def check_rspamd(registry: Any) -> Any:
    """Return a sentence where rspamd is named and does not answer, or None."""
    address = registry.settings["email.rspamd"]
    return NO_RSPAMD if address and not rspamd.answers(address) else None


HEALTH = (
    HealthCheck("email.tls", _("Mail that comes in is encrypted"), check_certificate),
    HealthCheck("email.clamav", _("Mail is looked at for viruses"), check_clamd),
    HealthCheck("email.rspamd", _("Mail is looked at for junk"), check_rspamd),
)
