"""The messages' side of the contract: each hook in a few lines, the work elsewhere."""

from collections.abc import Sequence
from random import Random
from typing import Any

import colander
from pyramid.config import Configurator
from pyramid.i18n import TranslationStringFactory

from communicate.contacts.bar import Act
from communicate.declarations import (
    Block,
    HelpPage,
    Indexable,
    Job,
    Moderable,
    Mount,
    Notification,
    Path,
    PersonalData,
)
from communicate.hookspecs import hookimpl
from communicate_messages import (
    duties,
    exporting,
    found,
    indexing,
    life,
    manual,
    removal,
    settings,
)
from communicate_messages.boxes import box_of
from communicate_messages.content import new_messages
from communicate_messages.interfaces import ILife, IMessages, IRemovals, ITaking
from communicate_messages.reach import may_write
from communicate_messages.services import messages_service
from communicate_messages.taking import taking_service

communicate_api = 1
_ = TranslationStringFactory("communicate_messages")


@hookimpl
def communicate_configure(config: Configurator) -> None:
    """Offer the services, and the page of settings."""
    config.register_service_factory(messages_service, IMessages)
    config.register_service_factory(taking_service, ITaking)
    config.register_service_factory(life.life_service, ILife)
    config.register_service_factory(removal.removals_service, IRemovals)
    config.add_route("account.messages", "/account/messages")
    config.add_member_act(write_to)
    config.add_account_subject("account.messages", "chat-dots", _("Messages"), weight=55)


@hookimpl
def communicate_settings() -> Sequence[colander.SchemaNode]:
    """Let operators say how much a page shows, how long a message may be, how often one writes."""
    return settings.nodes()


def write_to(request: Any, member: Any) -> Act | None:
    """Offer to write to *member*, where the viewer may."""
    if request.site.get("messages") is None or not may_write(request, member.uid):
        return None
    return Act(f"/messages/new?to={member.login}", "chat-dots", _("Write a message"))


def unread(request: Any) -> int:
    """Return how many messages the viewer has not read."""
    box = box_of(request, request.viewer.uid)
    return 0 if box is None else int(box.unread())


@hookimpl
def communicate_mounts() -> Sequence[Mount]:
    """Hang the conversations at /messages, with the count of what is unread in the menu."""
    return [Mount("messages", new_messages, _("Messages"), "chat-dots", 30, count=unread)]


@hookimpl
def communicate_personal_data() -> Sequence[PersonalData]:
    """Declare messages, who takes part in conversations, and each member's choices."""
    return duties.PERSONAL_DATA


@hookimpl
def communicate_export(member: Any, archive: Any) -> None:
    """Write the member's conversations and choices."""
    exporting.export(member, archive)


@hookimpl
def communicate_import(member: Any, archive: Any) -> None:
    """Choose again what the member chose."""
    exporting.bring_back(member, archive)


@hookimpl
def communicate_erase(member: Any, receipt: Any) -> bool:
    """Empty a batch of the member's messages; tell whether there is more."""
    return duties.erase(member, receipt)


@hookimpl
def communicate_home(request: Any) -> Sequence[Block]:
    """Show what waits to be read."""
    from communicate_messages.views.home import blocks  # views import this module's neighbours

    return blocks(request)


@hookimpl
def communicate_indexables() -> Sequence[Indexable]:
    """Let those who take part find messages."""
    return [
        Indexable(
            indexing.KIND,
            indexing.walk,
            indexing.entry_of,
            title=_("Messages"),
            icon="chat-dots",
            show=found.message,
            part=True,
            news=False,
        )
    ]


@hookimpl
def communicate_moderables() -> Sequence[Moderable]:
    """Let messages be reported by those who read them."""
    return duties.MODERABLES


@hookimpl
def communicate_jobs() -> Sequence[Job]:
    """Destroy what was deleted, what has come to its end, and what nobody reads any more."""
    return [
        Job(removal.DESTROY, removal.destroy_job),
        Job(removal.EMPTY, removal.empty_job),
        Job(removal.WITHDRAW, removal.withdraw_job),
        Job(life.FADE, life.fade_job),
        Job(life.SWEEP, life.sweep_job, every=life.EVERY),
    ]


@hookimpl
def communicate_notifications() -> Sequence[Notification]:
    """Tell of messages, requests, and proposals; in nobody's words."""
    return duties.NOTIFICATIONS


@hookimpl
def communicate_paths() -> Sequence[Path]:
    """Declare the ways by which a message is reached."""
    return duties.PATHS


@hookimpl
def communicate_help() -> Sequence[HelpPage]:
    """Offer the page about messages."""
    return manual.PAGES


@hookimpl
def communicate_demo(request: Any, people: Sequence[Any], random: Random) -> None:
    """Have the people of a demo write to each other."""
    from communicate_messages import demo  # nobody else reads its words

    demo.make(request, people, random)
