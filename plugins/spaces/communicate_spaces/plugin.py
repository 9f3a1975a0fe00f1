"""The spaces' side of the contract: each hook in a few lines, the work elsewhere."""

from collections.abc import Sequence
from random import Random
from typing import Any

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
from communicate.interfaces import IComments
from communicate_spaces import duties, exporting, found, indexing, manual, settings
from communicate_spaces.content import NAME, Comments, Wall
from communicate_spaces.interfaces import ICommenting, ICommentRemovals, IRules
from communicate_spaces.removal import DESTROY, FORGET, destroy_job, forget_job, removals_service
from communicate_spaces.services import commenting_service, rules_service
from communicate_spaces.showing import comments_service

communicate_api = 1
_ = TranslationStringFactory("communicate_spaces")


@hookimpl
def communicate_configure(config: Configurator) -> None:
    """Offer comments to all, and the page of settings."""
    config.register_service_factory(comments_service, IComments)
    config.register_service_factory(commenting_service, ICommenting)
    config.register_service_factory(rules_service, IRules)
    config.register_service_factory(removals_service, ICommentRemovals)
    config.add_route("account.comments", "/account/comments")
    config.add_route("account.comments.thing", "/account/comments/{thing}")
    config.add_account_subject("account.comments", "chat-left", _("Comments"), weight=55)


@hookimpl
def communicate_settings() -> Sequence[colander.SchemaNode]:
    """Let operators say how long a comment may be, and be changed."""
    return settings.nodes()


@hookimpl
def communicate_mounts() -> Sequence[Mount]:
    """Keep comments under each member, and what finds one by its id at /comments."""
    return [
        Mount(NAME, Comments, _("Comments"), "chat-left", 90),
        Mount(NAME, Wall, _("Comments"), "chat-left", 90, where="member"),
    ]


@hookimpl
def communicate_personal_data() -> Sequence[PersonalData]:
    """Declare comments, and who may comment."""
    return duties.PERSONAL_DATA


@hookimpl
def communicate_export(member: Any, archive: Any) -> None:
    """Write what the member commented, and who may comment what is the member's."""
    exporting.export(member, archive)


@hookimpl
def communicate_import(member: Any, archive: Any) -> None:
    """Let those comment again who might."""
    exporting.bring_back(member, archive)


@hookimpl
def communicate_erase(member: Any, receipt: Any) -> bool:
    """Destroy a batch of the member's comments and threads; tell whether there are more."""
    return duties.erase(member, receipt)


@hookimpl
def communicate_home(request: Any) -> Sequence[Block]:
    """Say how many comments wait."""
    from communicate_spaces.views.home import blocks  # views import this module's neighbours

    return blocks(request)


@hookimpl
def communicate_space_blocks(member: Any, request: Any) -> Sequence[Block]:
    """Show the comments on the space."""
    from communicate_spaces.views.space import blocks  # views import this module's neighbours

    return blocks(member, request)


@hookimpl
def communicate_indexables() -> Sequence[Indexable]:
    """Let comments be found."""
    return [
        Indexable(
            indexing.KIND,
            indexing.walk,
            indexing.entry_of,
            title=_("Comments"),
            icon="chat-left",
            show=found.comment,
            part=True,
        )
    ]


@hookimpl
def communicate_moderables() -> Sequence[Moderable]:
    """Let comments be reported."""
    return duties.MODERABLES


@hookimpl
def communicate_jobs() -> Sequence[Job]:
    """Destroy what was deleted, and what was said on what is gone."""
    return [Job(DESTROY, destroy_job), Job(FORGET, forget_job)]


@hookimpl
def communicate_notifications() -> Sequence[Notification]:
    """Tell of comments, replies, mentions, and of what waits, is approved or hidden."""
    return duties.NOTIFICATIONS


@hookimpl
def communicate_paths() -> Sequence[Path]:
    """Declare the way by which a comment is reached."""
    return duties.PATHS


@hookimpl
def communicate_help() -> Sequence[HelpPage]:
    """Offer the page about comments."""
    return manual.PAGES


@hookimpl(trylast=True)  # what others make can be commented
def communicate_demo(request: Any, people: Sequence[Any], random: Random) -> None:
    """Have the people of a demo comment each other's spaces."""
    from communicate_spaces import demo  # nobody else reads its words

    demo.make(request, people, random)
