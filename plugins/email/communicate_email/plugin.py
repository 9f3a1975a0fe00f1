"""E-mail's side of the contract: each hook in a few lines, the work elsewhere."""

from collections.abc import Sequence
from random import Random
from typing import Any

import click
import colander
from pyramid.config import Configurator
from pyramid.i18n import TranslationStringFactory

from communicate.declarations import (
    Block,
    Gateway,
    HealthCheck,
    HelpPage,
    Job,
    Moderable,
    Mount,
    Notification,
    Path,
    PersonalData,
    Recipient,
    Scope,
)
from communicate.hookspecs import hookimpl
from communicate_email import (
    attaching,
    duties,
    exporting,
    manual,
    manual_programs,
    manual_settings,
    reporting,
    settings,
)
from communicate_email.addresses import addresses_service
from communicate_email.aliases import DROP, drop_job
from communicate_email.content import NAME, new_account, new_office
from communicate_email.finding import in_mail
from communicate_email.imap import health as programs
from communicate_email.imap import settings as imap_settings
from communicate_email.interfaces import IAddresses, IDelivery, IMailStore
from communicate_email.programs import health as programs_health
from communicate_email.programs import settings as programs_settings
from communicate_email.receiving import duties as coming
from communicate_email.receiving import settings as receiving
from communicate_email.sending import content as sending_content
from communicate_email.sending import duties as sending
from communicate_email.sending import settings as sending_settings
from communicate_email.sending.commands import mail
from communicate_email.sending.health import HEALTH
from communicate_email.store import carrying, filtering, homing, proof, sweeping, trying
from communicate_email.store.commands import import_mail
from communicate_email.store.delivery import delivery_service
from communicate_email.store.services import mail_store

communicate_api = 1
communicate_apart = (
    "imap.gateway",
    "pop3.gateway",
    "receiving",
    "sending.runner",
    "sending.submission",
)  # gateways: loaded where one is wanted
_ = TranslationStringFactory("communicate_email")


@hookimpl
def communicate_configure(config: Configurator) -> None:
    """Offer the services."""
    config.register_service_factory(addresses_service, IAddresses)
    config.register_service_factory(delivery_service, IDelivery)
    config.register_service_factory(mail_store, IMailStore)
    largest = config.registry.settings["email.message_size"]
    config.add_large_bodies(attaching.PATHS, largest + attaching.FORM)
    brought = config.registry.settings["email.import_size"]
    config.add_large_bodies(rf"/members/[^/]+/{NAME}/files", brought + attaching.FORM)
    config.include("communicate_email.restored")
    config.add_search_elsewhere(in_mail)
    config.include("communicate_email.receiving.duties")
    config.include("communicate_email.sending")
    config.include("communicate_email.views.discovery")


@hookimpl
def communicate_settings() -> Sequence[colander.SchemaNode]:
    """Let operators say which domains, who the postmaster is, where mail comes in and leaves."""
    return [
        *settings.nodes(),
        *receiving.nodes(),
        *sending_settings.nodes(),
        *imap_settings.nodes(),
        *programs_settings.nodes(),
    ]


@hookimpl
def communicate_mounts() -> Sequence[Mount]:
    """Hang what finds mailboxes at /mail, and a member's mail in the space."""
    title, icon = _("Mail"), "envelope"
    return [
        Mount(NAME, new_office, title, icon, 20, count=duties.unread),
        Mount(NAME, new_account, title, icon, 20, where="member"),
        Mount(sending_content.NAME, sending_content.new_outgoing, _("Outgoing mail"), "send", 95),
    ]


@hookimpl
def communicate_personal_data() -> Sequence[PersonalData]:
    """Declare mail: what lies here, and what waits to leave."""
    return (*duties.PERSONAL_DATA, *sending.PERSONAL_DATA)


@hookimpl
def communicate_notifications() -> Sequence[Notification]:
    """Declare what members are told."""
    return duties.NOTICES


@hookimpl
def communicate_recipients() -> Sequence[Recipient]:
    """Declare the machines that mail goes to."""
    return (*sending.RECIPIENTS, *coming.RECIPIENTS)


@hookimpl
def communicate_export(member: Any, archive: Any) -> None:
    """Write the member's mail, each folder as an mbox."""
    exporting.export(member, archive)
    sending.export(member, archive)


@hookimpl
def communicate_import(member: Any, archive: Any) -> None:
    """Restore the member's mail."""
    exporting.bring_back(member, archive)


@hookimpl
def communicate_erase(member: Any, receipt: Any) -> bool:
    """Forget a batch of what the member has here; tell whether there is more."""
    return duties.erase(member, receipt) or sending.erase(member, receipt)


@hookimpl
def communicate_storage_use(member: Any) -> int:
    """Return how many bytes the member's messages have."""
    return duties.storage_use(member) + sending.storage_use(member)


@hookimpl
def communicate_scopes() -> Sequence[Scope]:
    """Let app passwords open mail to programs."""
    return duties.SCOPES


@hookimpl
def communicate_paths() -> Sequence[Path]:
    """Declare the ways by which mail is reached."""
    return duties.PATHS


@hookimpl
def communicate_health() -> Sequence[HealthCheck]:
    """Check that the postmaster is somebody, that mail leaves, scanners and servers answer."""
    own = [*duties.HEALTH, *proof.HEALTH, *HEALTH, *coming.HEALTH]
    return [*own, *programs.HEALTH, *programs_health.HEALTH]


@hookimpl
def communicate_home(request: Any) -> Sequence[Block]:
    """Show what waits to be read."""
    from communicate_email.views.home import blocks  # views import this module's neighbours

    return blocks(request)


@hookimpl
def communicate_moderables() -> Sequence[Moderable]:
    """Let what a member wrote be reported by whoever received it."""
    return reporting.MODERABLES


@hookimpl
def communicate_help() -> Sequence[HelpPage]:
    """Offer the pages about mail."""
    return [*manual.PAGES, manual_settings.PAGE, manual_programs.PAGE]


@hookimpl
def communicate_jobs() -> Sequence[Job]:
    """Destroy what has lain in the junk and in the trash for its days."""
    return [
        Job(sweeping.SWEEP, sweeping.sweep_job, every=sweeping.EVERY),
        Job(sweeping.EMPTY, sweeping.empty_job),
        Job(DROP, drop_job),
        Job(carrying.BRING, carrying.bring_job),
        Job(carrying.SWEEP, carrying.sweep_job, every=sweeping.EVERY),
        Job(homing.TAKE, homing.take_job),
        Job(filtering.FORGET, filtering.forget_job),
        Job(trying.APPLY, trying.apply_job),
        *coming.JOBS,
    ]


@hookimpl
def communicate_gateways(site: Any) -> Sequence[Gateway]:
    """Let mail in where the settings say on which addresses, and send what waits."""
    wanted = site.settings["email.smtp"] or site.settings["email.lmtp"]
    own = [Gateway("mail", serve_mail)] if wanted else []
    if site.settings["email.imap"] or site.settings["email.imaps"]:
        own.append(Gateway("imap", serve_imap))
    if site.settings["email.pop3"] or site.settings["email.pop3s"]:
        own.append(Gateway("pop3", serve_pop3))
    return [*own, *sending.gateways(site.settings)]


def serve_imap(registry: Any) -> Any:
    """Start the servers of programs that read mail."""
    from communicate_email.imap.gateway import start

    return start(registry)


def serve_mail(registry: Any) -> Any:
    """Start the servers of mail that comes in; what they are made of is loaded only now."""
    from communicate_email.receiving.gateway import start

    return start(registry)


def serve_pop3(registry: Any) -> Any:
    """Start the servers of programs that fetch mail."""
    from communicate_email.pop3.gateway import start

    return start(registry)


@hookimpl
def communicate_demo(request: Any, people: Sequence[Any], random: Random) -> None:
    """Have the people of a demo write to each other, and get mail from elsewhere."""
    from communicate_email import demo  # nobody else reads its words

    demo.make(request, people, random)


@hookimpl
def communicate_commands(group: click.Group) -> None:
    """Add ``communicate mail``."""
    mail.add_command(import_mail)
    group.add_command(mail)
