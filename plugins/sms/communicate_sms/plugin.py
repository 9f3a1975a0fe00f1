"""Text messages' side of the contract: each hook in a few lines, the work elsewhere."""

from collections.abc import Sequence
from random import Random
from typing import Any

import click
import colander
from pyramid.config import Configurator
from pyramid.i18n import TranslationStringFactory

from communicate.contacts.bar import Act
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
    Purpose,
    Recipient,
)
from communicate.hookspecs import hookimpl
from communicate_sms import (
    alarms,
    allowance,
    duties,
    duties_incoming,
    duties_numbers,
    duties_texts,
    exporting,
    fading,
    health,
    manual,
    numbering,
    settings,
    settings_abuse,
)
from communicate_sms.commands import sms
from communicate_sms.content import BOOK, NAME, new_book, new_exchange
from communicate_sms.factor import BySms
from communicate_sms.interfaces import IAllowance, INumbers, ITexts
from communicate_sms.numbering import numbers_service
from communicate_sms.reach import may_text
from communicate_sms.texts import texts_service
from communicate_sms.ways import check, links

communicate_api = 1
communicate_apart = ("gateway", "transports.session", "transports.smpp")
_ = TranslationStringFactory("communicate_sms")


@hookimpl
def communicate_configure(config: Configurator) -> None:
    """State which operators are on other machines; offer the services and the pages."""
    config.register_service_factory(numbers_service, INumbers)
    config.register_service_factory(texts_service, ITexts)
    check(config.registry.settings)
    settings_abuse.check(config.registry.settings)
    config.register_service_factory(allowance.allowance_service, IAllowance)
    for link in links(config.registry.settings["sms.ways"]):
        config.add_link(link)
    config.add_second_step(BySms())
    config.add_member_act(text_to)
    config.include("communicate_sms.restored")
    config.include("communicate_sms.views.operating")
    config.include("communicate_sms.views.account")


@hookimpl
def communicate_settings() -> Sequence[colander.SchemaNode]:
    """Let operators say by which ways messages go."""
    return settings.nodes()


def text_to(request: Any, member: Any) -> Act | None:
    """Offer to write to the telephone of *member*, where the viewer may."""
    if request.site.get(NAME) is None or not may_text(request, request.member.uid, member.uid):
        return None
    return Act(f"/texting/new?to={member.login}", "phone", _("Send a text message"))


def unread(request: Any) -> int:
    """Return how many text messages the viewer has not read."""
    return int(request.find_service(ITexts).unread(request.member.uid))


@hookimpl
def communicate_home(request: Any) -> Sequence[Block]:
    """Show what waits to be read."""
    from communicate_sms.views.home import blocks  # views import this module's neighbours

    return blocks(request)


@hookimpl
def communicate_help() -> Sequence[HelpPage]:
    """Offer the page about text messages."""
    return manual.PAGES


@hookimpl
def communicate_mounts() -> Sequence[Mount]:
    """Hang the exchange at /texting, and what a member has under that member."""
    title = _("Text messages")
    return [
        Mount(NAME, new_exchange, title, "phone", 35, count=unread),
        Mount(BOOK, new_book, title, "phone", 35, where="member", service=NAME),
    ]


@hookimpl
def communicate_personal_data() -> Sequence[PersonalData]:
    """Declare messages, numbers and conversations."""
    return [
        *duties.PERSONAL_DATA,
        *duties_numbers.PERSONAL_DATA,
        *duties_texts.PERSONAL_DATA,
    ]


@hookimpl
def communicate_purposes() -> Sequence[Purpose]:
    """Declare what members consent to."""
    return duties_numbers.PURPOSES


@hookimpl
def communicate_jobs() -> Sequence[Job]:
    """Forget what is of no use any more."""
    return [
        Job(fading.FADE, fading.fade_job, every=fading.EVERY),
        Job(numbering.LAPSE, numbering.lapse_job),
        *allowance.JOBS,
        *duties_texts.JOBS,
        *duties_incoming.JOBS,
        *alarms.JOBS,
    ]


@hookimpl
def communicate_recipients() -> Sequence[Recipient]:
    """Declare the operator of telephones."""
    return duties.RECIPIENTS


@hookimpl
def communicate_export(member: Any, archive: Any) -> None:
    """Write the member's messages and number."""
    duties.export(member, archive)
    duties_numbers.export(member, archive)


@hookimpl
def communicate_import(member: Any, archive: Any) -> None:
    """Bring back what the member chose, wrote and received."""
    duties_numbers.bring_back(member, archive)
    exporting.bring_back(member, archive)


@hookimpl
def communicate_notifications() -> Sequence[Notification]:
    """Tell of what comes, in nobody's words; and operators of what stops or may be abused."""
    return [
        *duties_texts.NOTIFICATIONS,
        *duties_numbers.NOTIFICATIONS,
        *alarms.NOTIFICATIONS,
    ]


@hookimpl
def communicate_moderables() -> Sequence[Moderable]:
    """Let members report what other members have written to them."""
    return duties_texts.MODERABLES


@hookimpl
def communicate_paths() -> Sequence[Path]:
    """Declare the ways by which conversations are reached."""
    return duties_texts.PATHS


@hookimpl
def communicate_gateways(site: Any) -> Sequence[Gateway]:
    """Send what waits, where there is a way."""
    return [Gateway("sms", serve)] if site.settings["sms.ways"] else []


def serve(registry: Any) -> Any:
    """Start what sends; the libraries that it needs are loaded only now."""
    from communicate_sms.gateway import start

    return start(registry)


@hookimpl
def communicate_commands(group: click.Group) -> None:
    """Add ``communicate sms``."""
    group.add_command(sms)


@hookimpl
def communicate_erase(member: Any, receipt: Any) -> bool:
    """Forget a batch of what the member has here; tell whether there is more."""
    return duties.erase(member, receipt)


@hookimpl
def communicate_health() -> Sequence[HealthCheck]:
    """Tell operators whether messages leave, when a ceiling stops them, when it may be abused."""
    return [*health.HEALTH, *alarms.HEALTH]


@hookimpl
def communicate_demo(request: Any, people: Sequence[Any], random: Random) -> None:
    """Have the people of a demo write and be answered; nothing leaves."""
    from communicate_sms import demo  # nobody else reads its words

    demo.make(request, people, random)
