"""The articles' side of the contract: each hook in a few lines, the work elsewhere."""

from collections.abc import Sequence
from datetime import timedelta
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
from communicate_articles import (
    commands,
    duties,
    exporting,
    indexing,
    manual,
    settings,
    telling,
    versions,
)
from communicate_articles.content import NAME, new_articles, new_shelf
from communicate_articles.folders import uploading, uploads
from communicate_articles.interfaces import IArticles, IRemovals
from communicate_articles.removal import DESTROY, destroy_job, removals_service
from communicate_articles.services import OUT, articles_service, out_job

communicate_api = 1
_ = TranslationStringFactory("communicate_articles")


@hookimpl
def communicate_configure(config: Configurator) -> None:
    """Offer the services."""
    config.register_service_factory(articles_service, IArticles)
    config.register_service_factory(removals_service, IRemovals)
    config.add_route("account.articles", "/account/articles")
    config.add_route("account.articles.download", "/account/articles/download")
    config.add_route("account.articles.upload", "/account/articles/upload")
    config.add_account_subject("account.articles", "journal-richtext", _("Articles"), weight=62)


@hookimpl
def communicate_settings() -> Sequence[colander.SchemaNode]:
    """Let operators say how long an article may be, and how long versions are kept."""
    return settings.nodes()


@hookimpl
def communicate_mounts() -> Sequence[Mount]:
    """Hang the list of articles at /articles, and a member's articles in the space."""
    title, icon = _("Articles"), "journal-richtext"
    return [
        Mount(NAME, new_articles, title, icon, 20),
        Mount(NAME, new_shelf, title, icon, 20, where="member"),
    ]


@hookimpl
def communicate_personal_data() -> Sequence[PersonalData]:
    """Declare articles, drafts and former versions."""
    return duties.PERSONAL_DATA


@hookimpl
def communicate_export(member: Any, archive: Any) -> None:
    """Write the member's articles, drafts and former versions."""
    exporting.export(member, archive)


@hookimpl
def communicate_import(member: Any, archive: Any) -> None:
    """Restore the member's articles, drafts and former versions."""
    exporting.bring_back(member, archive)


@hookimpl
def communicate_erase(member: Any, receipt: Any) -> bool:
    """Destroy a batch of the member's articles; tell whether there are more."""
    return duties.erase(member, receipt)


@hookimpl
def communicate_home(request: Any) -> Sequence[Block]:
    """Show what the member is writing."""
    from communicate_articles.views.own import blocks  # views import this module's neighbours

    return blocks(request)


@hookimpl
def communicate_space_blocks(member: Any, request: Any) -> Sequence[Block]:
    """Show the member's latest articles."""
    from communicate_articles.views.space import blocks  # views import this module's neighbours

    return blocks(member, request)


@hookimpl
def communicate_help() -> Sequence[HelpPage]:
    """Offer the page about articles."""
    return manual.PAGES


@hookimpl
def communicate_indexables() -> Sequence[Indexable]:
    """Let articles be found."""
    return [
        Indexable(
            indexing.ARTICLE,
            indexing.walk,
            indexing.entry_of,
            title=_("Articles"),
            icon="journal-richtext",
            show=indexing.found,
            address=indexing.address,
        )
    ]


@hookimpl
def communicate_moderables() -> Sequence[Moderable]:
    """Let articles be reported."""
    return duties.MODERABLES


@hookimpl
def communicate_jobs() -> Sequence[Job]:
    """Bring out what was scheduled, bring in ZIPs; destroy what was deleted, or is old."""
    return [
        Job(OUT, out_job),
        Job(DESTROY, destroy_job),
        Job(uploads.JOB, uploading.handle),
        Job(uploads.SWEEP, uploads.sweep, every=timedelta(hours=1)),
        Job(versions.SWEEP, versions.sweep_job, every=timedelta(days=1)),
    ]


@hookimpl
def communicate_notifications() -> Sequence[Notification]:
    """Tell authors of what came out by itself."""
    return telling.NOTIFICATIONS


@hookimpl
def communicate_commands(group: click.Group) -> None:
    """Add ``communicate articles``."""
    group.add_command(commands.articles)


@hookimpl
def communicate_paths() -> Sequence[Path]:
    """Declare the ways by which an article is reached."""
    return duties.PATHS


@hookimpl
def communicate_demo(request: Any, people: Sequence[Any], random: Random) -> None:
    """Have the people of a demo write articles."""
    from communicate_articles import demo  # nobody else reads its words

    demo.make(request, people, random)
