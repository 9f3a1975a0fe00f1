"""Having core and each plugin write what they hold of a member, one at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.interfaces import ILocalizer

from communicate.clock import now
from communicate.interfaces import IMembers, IPlugins, ISeals
from communicate.mydata import left
from communicate.mydata.archive import Archive, Halt, Out
from communicate.mydata.manifest import Manifest
from communicate.mydata.pages import Words
from communicate.mydata.reading import origin
from communicate.storage.work import made_request
from communicate.web.formats import Formats

_ = TranslationStringFactory("communicate")

HOOK = "communicate_export"


class NoSuchMember(Halt):
    """There is no such member, or not any more."""


@dataclass(frozen=True)
class ExportedMember:
    """Whose archive is written, as plugins see it.

    The *request* is made for one plugin: its member and its viewer are this member, and nothing
    that it changes is kept.
    """

    uid: int
    login: str
    language: str
    request: Any


def export(
    registry: Any,
    uid: int,
    out: Out,
    *,
    folder: Path | None = None,
    progress: Callable[[Archive], None] = lambda _archive: None,
) -> Manifest:
    """Write all that the site holds of member *uid* into *out*, as a ZIP; return what that is.

    *folder* takes what waits for its turn, sealed; *progress* is called now and then with the
    archive.  A plugin that fails is in the manifest, and keeps no other from its part.
    """
    with made_request(registry) as request:
        words, manifest = _begin(as_member(request, uid))
        moment = now(request)
    archive = Archive(out, words, manifest, moment, folder=folder)
    try:
        _write(registry, uid, archive, progress)
        archive.close()
    except BaseException:
        archive.abandon()
        raise
    return manifest


def _write(registry: Any, uid: int, archive: Archive, progress: Callable[[Archive], None]) -> None:
    plugins = registry.getUtility(IPlugins)
    for name in plugins.names():
        with made_request(registry) as request:
            member = as_member(request, uid)
            connection = request.root_map._p_jar
            archive.tick = partial(_tick, archive, connection, progress)
            with archive.part(name):
                plugins.call(name, HOOK, member=member, archive=archive)
        progress(archive)
    _write_left(registry, uid, archive, progress)


def _write_left(
    registry: Any, uid: int, archive: Archive, progress: Callable[[Archive], None]
) -> None:
    """Write what plugins that are off keep, which cannot write it themselves."""
    with made_request(registry) as request:
        member = as_member(request, uid)
        archive.tick = partial(_tick, archive, request.root_map._p_jar, progress)
        found = left.places(request, request.member)
        for plugin in sorted({place.plugin for place in found}):
            with archive.part(plugin, "off"):
                writer = left.Left(member.request, uid, archive)
                for own in (True, False):
                    held = [place for place in found if (place.plugin, place.own) == (plugin, own)]
                    rows = (row for place in held for row in writer.rows(place))
                    if held:
                        title = _("Kept by ${plugin}", mapping={"plugin": plugin})
                        archive.records("kept", rows, owned=own, restored=False, title=title)


def as_member(request: Any, uid: int, *, begin: bool = True) -> ExportedMember:
    """Read in *request* as member *uid*, in a new transaction; raise NoSuchMember."""
    if begin:
        request.tm.begin()
    member = request.find_service(IMembers).by_uid(uid)
    if member is None:
        raise NoSuchMember("this account is not there any more")
    request.member = member
    language = member.language or request.registry.settings.get("communicate.language", "fr")
    return ExportedMember(uid, member.login, language, request)


def _begin(member: ExportedMember) -> tuple[Words, Manifest]:
    registry, account = member.request.registry, member.request.member
    localizer = registry.getUtility(ILocalizer, name=member.language)
    words = Words(Formats(localizer, account.zone or registry.settings.get("communicate.zone")))
    site = registry.settings.get("communicate.name", "2 Communicate")
    made = _stamp(now(member.request))
    seals = member.request.find_service(ISeals)
    return words, Manifest(site, member.login, member.language, made, origin(seals))


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _tick(archive: Archive, connection: Any, progress: Callable[[Archive], None]) -> None:
    """Let go of what was read, and tell how far it is."""
    connection.cacheGC()
    progress(archive)
