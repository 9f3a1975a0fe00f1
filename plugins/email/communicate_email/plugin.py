"""E-mail's side of the contract: each hook in a few lines, the work elsewhere."""

from collections.abc import Sequence
from typing import Any

import click
import colander
from pyramid.config import Configurator
from pyramid.i18n import TranslationStringFactory

from communicate.declarations import (
    Gateway,
    HealthCheck,
    Job,
    Mount,
    Path,
    PersonalData,
    Recipient,
    Scope,
)
from communicate.hookspecs import hookimpl
from communicate_email import duties, exporting, settings
from communicate_email.addresses import addresses_service
from communicate_email.content import NAME, new_account, new_office
from communicate_email.interfaces import IAddresses, IDelivery, IMailStore
from communicate_email.receiving import duties as coming
from communicate_email.receiving import settings as receiving
from communicate_email.sending import content as sending_content
from communicate_email.sending import duties as sending
from communicate_email.sending import settings as sending_settings
from communicate_email.sending.commands import mail
from communicate_email.sending.health import HEALTH
from communicate_email.store import sweeping
from communicate_email.store.commands import import_mail
from communicate_email.store.delivery import delivery_service
from communicate_email.store.services import mail_store

communicate_api = 1
communicate_apart = (
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
    config.include("communicate_email.receiving.duties")
    config.include("communicate_email.sending")


@hookimpl
def communicate_settings() -> Sequence[colander.SchemaNode]:
    """Let operators say which domains, who the postmaster is, where mail comes in and leaves."""
    return [*settings.nodes(), *receiving.nodes(), *sending_settings.nodes()]


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
def communicate_recipients() -> Sequence[Recipient]:
    """Declare the machines that mail goes to."""
    return sending.RECIPIENTS


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
    return duties.storage_use(member)


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
    """Check that the postmaster is somebody, that mail leaves, and that scanners answer."""
    return [*duties.HEALTH, *HEALTH, *coming.HEALTH]


@hookimpl
def communicate_jobs() -> Sequence[Job]:
    """Destroy what has lain in the junk and in the trash for its days."""
    return [
        Job(sweeping.SWEEP, sweeping.sweep_job, every=sweeping.EVERY),
        Job(sweeping.EMPTY, sweeping.empty_job),
        *coming.JOBS,
    ]


@hookimpl
def communicate_gateways(site: Any) -> Sequence[Gateway]:
    """Let mail in where the settings say on which addresses, and send what waits."""
    wanted = site.settings["email.smtp"] or site.settings["email.lmtp"]
    own = [Gateway("mail", serve_mail)] if wanted else []
    return [*own, *sending.gateways(site.settings)]


def serve_mail(registry: Any) -> Any:
    """Start the servers of mail that comes in; what they are made of is loaded only now."""
    from communicate_email.receiving.gateway import start

    return start(registry)


@hookimpl
def communicate_commands(group: click.Group) -> None:
    """Add ``communicate mail``."""
    mail.add_command(import_mail)
    group.add_command(mail)
