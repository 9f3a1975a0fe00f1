"""The plugin contract: every hook that core calls, and what it promises to do with the answer.

A plugin is a module named in the entry-point group ``communicate.plugins``.  It states
``communicate_api = 1`` and implements the hooks it needs, each marked ``@hookimpl``::

    from communicate.hookspecs import hookimpl

    communicate_api = 1

    @hookimpl
    def communicate_mounts():
        return [Mount("forums", Forums, _("Forums"), "chat-square-text")]

Names and arguments are frozen.  *Stable* hooks are consumed today; *provisional* ones are
collected today and consumed by a later release, which makes them stable.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

import click
import colander
import pluggy
from pyramid.config import Configurator

from communicate import declarations as declared

PROJECT = "communicate"
API = 1

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def communicate_configure(config: Configurator) -> None:
    """Include the plugin's views, forms, services and permissions.

    Called once for each application, before anything is scanned; the plugin's package is scanned
    afterwards.  An exception leaves the plugin out in production, and stops the boot in
    development.  Stable.
    """


@hookspec
def communicate_settings() -> Sequence[colander.SchemaNode]:
    """Return a colander node for each ini setting, named without the plugin's prefix.

    ``page_size`` of the plugin ``forums`` is read from ``forums.page_size``, or from the variable
    ``COMMUNICATE_FORUMS_PAGE_SIZE``.  Stable.
    """
    return ()


@hookspec
def communicate_mounts() -> Sequence[declared.Mount]:
    """Return what the plugin hangs under the site or under each member.

    Core makes a missing mount of the site when the plugin is enabled, and shows it in the menu to
    those who may open it.  Stable.
    """
    return ()


@hookspec
def communicate_personal_data() -> Sequence[declared.PersonalData]:
    """Return every kind of personal data that the plugin stores.  Mandatory.

    What is declared here is what is exported, erased and stated in the policy.  A plugin that
    stores none returns an empty list.  Stable.
    """
    return ()


@hookspec
def communicate_recipients() -> Sequence[declared.Recipient]:
    """Return each outside party that receives something, and which fields.

    The gate lets nothing pass to a party that is not declared.  Stable.
    """
    return ()


@hookspec
def communicate_cookies() -> Sequence[declared.Cookie]:
    """Return each cookie that the plugin sets.  Stable."""
    return ()


@hookspec
def communicate_export(member: Any, archive: Any) -> None:
    """Write all that the plugin holds of *member* into *archive*.

    *member* has ``uid``, ``login``, ``language`` and ``request``, whose viewer is that member:
    what others wrote is written only where the member may VIEW it.  *archive* is a
    `communicate.mydata.archive.Archive`::

        archive.records("post", rows, title=_("Posts"), fields={"text": _("Text")})
        archive.records("followed", rows, owned=False)
        name = archive.file("2025/letter.pdf", chunks)
        archive.mbox("inbox", ((sender, when, chunks) for ...))

    ``records`` takes an iterable of mappings, which may be made one by one: nothing is kept.
    ``owned=False`` marks what is another's, or part of a place of others: for reading, apart from
    what the member owns.  Each kind is written in one call, also where there is nothing of it, and
    is described in the plugin's documentation.

    Called for one plugin at a time, in a job: a failure is recorded in the archive and against
    that plugin.  Nothing that it changes is kept.  Stable.
    """


@hookspec
def communicate_import(member: Any, archive: Any) -> None:
    """Restore what *archive* holds of what the plugin owns for *member*, who has nothing of it.

    *member* is as in ``communicate_export``.  *archive* is a
    `communicate.mydata.reading.Reading` of the plugin's part: ``records(kind, most=1000)`` yields
    what ``restored`` documents hold, ``file(name, most)`` returns the bytes of a file,
    ``here`` says whether the archive was made by this very site: elsewhere a login is somebody
    else's.  What is in it was perhaps written by a stranger: check each value with ``text``,
    ``one_of``, ``moment``, or raise ValueError with a sentence, which undoes all of it.

    All plugins share one transaction.  Afterwards ``communicate_export`` writes what was read.
    Stable.
    """


@hookspec
def communicate_erase(member: Any, receipt: Any) -> bool | None:
    """Erase what the plugin holds of *member*, and tell *receipt* what was done.

    *member* has ``uid`` and ``request``, a request of the present batch, which may still open what
    is sealed for that uid; ``receipt.erased(kind, count)`` counts.  Return True to be called again
    in a new transaction, after some hundred things: one batch is one transaction.

    Idempotent: it is called again after a crash, and when a plugin that was off or failed comes
    back.  By then the account, its space and its key are gone; `IAuthored` still has the ids of
    the plugin's kinds.  Stable.
    """


@hookspec
def communicate_home(request: Any) -> Sequence[declared.Block]:
    """Return blocks for the viewer's home page.  Stable."""
    return ()


@hookspec
def communicate_space_blocks(member: Any, request: Any) -> Sequence[declared.Block]:
    """Return blocks of *member*'s space, each with only what the viewer of *request* may see.

    Ask ``request.viewer``, never ``request.member``: the owner looks at the space as others see
    it, too.  A block shows to others once the owner says so, in the place that the owner gives
    it; its name is the plugin's own.  Nothing is to be written.  Stable.
    """
    return ()


@hookspec
def communicate_indexables() -> Sequence[declared.Indexable]:
    """Return the kinds that the plugin puts into the catalog.

    ``communicate reindex`` walks them all and makes their entries anew.  Stable.
    """
    return ()


@hookspec
def communicate_moderables() -> Sequence[declared.Moderable]:
    """Return the kinds that can be reported, and what hide and delete mean.

    The page ``/report/<kind>/<id>``, with the id as `communicate.ids.encode` writes it, takes a
    report from whoever may VIEW the thing; link to it where the thing is shown to others than its
    owner.  What is found has ``id``, ``owner`` (a uid, or None) and an ``__acl__``.  Stable.
    """
    return ()


@hookspec
def communicate_storage_use(member: Any) -> int:
    """Return how many bytes the plugin keeps of *member*, added up from what it finds.

    What counts against the quota is what the plugin told `IQuota` in the transactions that kept
    and destroyed it; ``communicate doctor`` compares both.  Stable.
    """
    return 0


@hookspec
def communicate_scopes() -> Sequence[declared.Scope]:
    """Return the scopes of app passwords that the plugin's gateways ask for.

    A gateway asks `IAppPasswords.verify_gateway` with the name of one, such as ``email.read``.
    Members choose among the titles.  Stable.
    """
    return ()


@hookspec
def communicate_purposes() -> Sequence[declared.Purpose]:
    """Return the purposes that need a member's consent.

    Ask ``IConsents.given(uid, name)`` each time before something is done for one; nobody consents
    until the member has said so under *Consents*, where it is taken back as easily.  Stable.
    """
    return ()


@hookspec
def communicate_paths() -> Sequence[declared.Path]:
    """Return the plugin's paths to content other than its views, which are known.

    `communicate.testing.matrix` compares each with the ACL of each thing, for every viewer.
    Stable.
    """
    return ()


@hookspec
def communicate_gateways(site: Any) -> Sequence[declared.Gateway]:
    """Return protocol servers for ``serve`` to start; *site* is the registry.  Stable."""
    return ()


@hookspec
def communicate_jobs() -> Sequence[declared.Job]:
    """Return the handlers of the plugin's queued and periodic work.

    Handlers are called at least once: they are idempotent.  Jobs of a plugin that is off wait.
    Stable.
    """
    return ()


@hookspec
def communicate_commands(group: click.Group) -> None:
    """Add click commands to *group*, the command ``communicate``.

    Each takes ``--config`` and ``--var`` after its last word without declaring them.  Stable.
    """


@hookspec
def communicate_notifications() -> Sequence[declared.Notification]:
    """Return the kinds of notice that the plugin sends through `INotifications`.

    Members choose for each when it comes by mail.  Its sentences are said on the page, in the
    mail, and in nobody's words.  Stable.
    """
    return ()


@hookspec
def communicate_help() -> Sequence[declared.HelpPage]:
    """Return pages of help, each at ``/help/<name>`` and in the list of ``/help``.  Stable."""
    return ()


@hookspec
def communicate_linkables() -> Sequence[declared.Linkable]:
    """Return what members keep here to which they can put links into what they write.

    A form whose field for words takes files (`communicate.writing.files.Taking`) with ``links``
    offers each.  Stable.
    """
    return ()


@hookspec
def communicate_health() -> Sequence[declared.HealthCheck]:
    """Return checks that ``communicate doctor`` and operators run.  Stable."""
    return ()


@hookspec
def communicate_demo(request: Any, people: Sequence[Any], random: Random) -> None:
    """Make content for a site that is there to be looked at: ``communicate demo``.

    *people* are the members that were made for it, in the order in which they joined: each has
    ``uid``, ``login``, ``name``, ``language`` ("fr" or "en") and ``joined``.  Draw from *random*
    alone, in an order that depends on nothing else, so that one seed makes one site; write in the
    past with `communicate.clock.at`.  One call is one transaction.  A plugin that adds to what
    others make says so with ``hookimpl(trylast=True)``.  Stable.
    """
