"""The forums' side of the contract: each hook in a few lines, the work elsewhere."""

from collections.abc import Sequence
from random import Random
from typing import Any

import click
import colander
from pyramid.config import Configurator
from pyramid.i18n import TranslationStringFactory

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
from communicate_forums import duties, exporting, found, indexing, manual, settings, telling
from communicate_forums.commands import forum
from communicate_forums.content import new_forums
from communicate_forums.following import following_service
from communicate_forums.interfaces import IFollowing, IForums, IMoves, IRemovals
from communicate_forums.moving import moves_service
from communicate_forums.removal import DESTROY, destroy_job, removals_service
from communicate_forums.services import forums_service

communicate_api = 1
_ = TranslationStringFactory("communicate_forums")


@hookimpl
def communicate_configure(config: Configurator) -> None:
    """Offer the services, and the page of settings."""
    config.register_service_factory(forums_service, IForums)
    config.register_service_factory(removals_service, IRemovals)
    config.register_service_factory(following_service, IFollowing)
    config.register_service_factory(moves_service, IMoves)
    config.add_route("account.forums", "/account/forums")
    config.add_account_subject("account.forums", "chat-square-text", _("Forums"), weight=60)


@hookimpl
def communicate_settings() -> Sequence[colander.SchemaNode]:
    """Let operators say how much a page shows and how long a post may be."""
    return settings.nodes()


@hookimpl
def communicate_mounts() -> Sequence[Mount]:
    """Hang the forums at /forums."""
    return [Mount("forums", new_forums, _("Forums"), "chat-square-text", 10)]


@hookimpl
def communicate_personal_data() -> Sequence[PersonalData]:
    """Declare topics, posts, and how far members have read."""
    return duties.PERSONAL_DATA


@hookimpl
def communicate_export(member: Any, archive: Any) -> None:
    """Write what the member wrote, follows and has read."""
    exporting.export(member, archive)


@hookimpl
def communicate_import(member: Any, archive: Any) -> None:
    """Follow again what the member followed."""
    exporting.bring_back(member, archive)


@hookimpl
def communicate_erase(member: Any, receipt: Any) -> bool:
    """Empty a batch of the member's posts and titles; tell whether there are more."""
    return duties.erase(member, receipt)


@hookimpl
def communicate_home(request: Any) -> Sequence[Block]:
    """Show the topics with the latest posts."""
    from communicate_forums.views.home import blocks  # views import this module's neighbours

    return blocks(request)


@hookimpl
def communicate_space_blocks(member: Any, request: Any) -> Sequence[Block]:
    """Show what the member wrote last."""
    from communicate_forums.views.space import blocks  # views import this module's neighbours

    return blocks(member, request)


@hookimpl
def communicate_indexables() -> Sequence[Indexable]:
    """Let topics and posts be found."""
    return [
        Indexable(
            indexing.TOPIC_KIND,
            indexing.walk_topics,
            indexing.entry_of_topic,
            title=_("Topics"),
            icon="chat-left-text",
            show=found.topic,
            address=indexing.address_of_topic,
        ),
        Indexable(
            indexing.POST_KIND,
            indexing.walk_posts,
            indexing.entry_of_post,
            title=_("Posts"),
            icon="chat-left",
            show=found.post,
            part=True,
        ),
    ]


@hookimpl
def communicate_moderables() -> Sequence[Moderable]:
    """Let topics and posts be reported."""
    return duties.MODERABLES


@hookimpl
def communicate_jobs() -> Sequence[Job]:
    """Destroy what was deleted; tell the catalog of what was hidden, and people of what is new."""
    return [
        Job(telling.REPLIES, telling.replies_job, together=True),
        Job(telling.BATCHES, telling.batch_job),
        Job(telling.ANNOUNCE, telling.announce_job),
        Job(DESTROY, destroy_job),
        Job(indexing.REINDEX, indexing.reindex_posts),
    ]


@hookimpl
def communicate_notifications() -> Sequence[Notification]:
    """Tell of mentions, replies, new topics, and of what moderators hid."""
    return duties.NOTIFICATIONS


@hookimpl
def communicate_commands(group: click.Group) -> None:
    """Add ``communicate forum``."""
    group.add_command(forum)


@hookimpl
def communicate_paths() -> Sequence[Path]:
    """Declare the ways by which a topic or a post is reached."""
    return duties.PATHS


@hookimpl
def communicate_help() -> Sequence[HelpPage]:
    """Offer the page about forums."""
    return manual.PAGES


@hookimpl
def communicate_demo(request: Any, people: Sequence[Any], random: Random) -> None:
    """Have the people of a demo talk."""
    from communicate_forums import demo  # nobody else reads its words

    demo.make(request, people, random)
