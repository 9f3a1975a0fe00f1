"""The plugin's side of the contract."""

from collections.abc import Iterable, Sequence
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Mount, PersonalData
from communicate.hookspecs import hookimpl
from communicate.ids import encode
from communicate.interfaces import IAuthored, ISeals

from communicate_NAME.content import Line, Lines

communicate_api = 1
_ = TranslationStringFactory("communicate_NAME")


@hookimpl
def communicate_mounts() -> Sequence[Mount]:
    """Hang the lines at /NAME."""
    return [Mount("NAME", Lines, _("Lines"), "list-ul")]


@hookimpl
def communicate_personal_data() -> Sequence[PersonalData]:
    """Declare what is stored of members."""
    return [
        PersonalData(
            kind="NAME.line",
            what=_("Lines that you left"),
            why=_("You wrote them for other members to read."),
            audience="members",
            retention=_("Until you erase your account"),
            stored=("communicate_NAME.content:Line",),
        )
    ]


def lines_of(request: Any, uid: int) -> Iterable[Line]:
    """Return the lines that member *uid* wrote."""
    return [line for line in request.site["NAME"].values() if line.owner == uid]


@hookimpl
def communicate_export(member: Any, archive: Any) -> None:
    """Write the member's lines into the archive."""
    seals, lines = member.request.find_service(ISeals), lines_of(member.request, member.uid)
    rows = ({"id": encode(line.id), "text": seals.text(line.words)} for line in lines)
    archive.records("line", rows, title=_("Lines"), fields={"text": _("Text")})


@hookimpl
def communicate_erase(member: Any, receipt: Any) -> None:
    """Remove the member's lines."""
    authored = member.request.find_service(IAuthored)
    for line in lines_of(member.request, member.uid):
        del line.__parent__[encode(line.id)]
        authored.remove(member.uid, "NAME.line", line.id)
