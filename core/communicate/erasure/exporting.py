"""What core knows of all that a member wrote anywhere: how many things of which kind."""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.ids import encode
from communicate.interfaces import IAuthored

_ = TranslationStringFactory("communicate")

BATCH = 1000


def export(member: Any, archive: Any) -> None:
    """Write the numbers of all that *member* wrote."""
    archive.records("authored", authored(member), restored=False,
                    title=_("Numbers of what you wrote"), fields={"kind": _("Kind")})  # fmt: skip


def authored(member: Any) -> Iterator[dict[str, Any]]:
    """Yield kinds, each with the numbers of its things, a thousand at a time."""
    service = member.request.find_service(IAuthored)
    for kind in service.kinds(member.uid):
        last = 0
        while found := service.items(member.uid, kind, after=last, most=BATCH):
            yield {"kind": kind, "ids": [encode(number) for number in found]}
            last = found[-1]
