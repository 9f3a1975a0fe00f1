"""What a space writes into its member's archive, and how it is restored.

A picture carries a mark: the HMAC of its bytes under the site's key.  One that has its mark was
made by this site, and is hung as it is; any other is read and made anew like every picture.
"""

import hmac
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from io import BytesIO
from typing import Any

import colander
from pyramid.i18n import TranslationStringFactory

from communicate.clock import milliseconds, moment
from communicate.ids import encode
from communicate.interfaces import IAuthored, ISeals
from communicate.mydata.audiences import known, told
from communicate.pictures import BadPicture, recode, seal
from communicate.profile import values
from communicate.profile.content import Element, Profile, profile_of
from communicate.profile.forms import LABEL as LONGEST_LABEL
from communicate.profile.indexing import ELEMENT, settle
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import AVATAR, KINDS, MOST, SEEN, STANDING
from communicate.profile.services import LABEL, PICTURE, VALUE

_ = TranslationStringFactory("communicate")

Row = dict[str, Any]
LABEL_OF_MARK = "communicate.export.picture"
SPACE = {
    "title": _("Kind"),
    "label": _("Label"),
    "value": _("Text"),
    "picture": _("Picture"),
    "audience": _("Visible to"),
    "created": _("Made"),
    "changed": _("Changed"),
}
SHOWN = {"title": _("Kind"), "picture": _("Picture"), "audience": _("Visible to")}
LONGEST_PICTURE = 2 * 2**20


def export(member: Any, archive: Any) -> None:
    """Write what *member* says in the space, and who may see it."""
    writer = Writer(member, archive)
    archive.records("element", writer.elements(), title=_("Your space"), fields=SPACE)
    archive.records("standing", writer.standing(), title=_("What your space shows"), fields=SHOWN)
    archive.records("block-of-space", writer.blocks(), title=_("Services in your space"))
    seen = member.request.member.seen
    rows = [] if seen is None else [{"day": date.fromordinal(seen)}]
    archive.records("last-visit", rows, restored=False, title=_("Last visit"),
                    fields={"day": _("Day")})  # fmt: skip


class Writer:
    """The records of one member's space."""

    def __init__(self, member: Any, archive: Any) -> None:
        self.uid, self.request, self.archive = member.uid, member.request, archive
        self.profile: Profile | None = profile_of(member.request.member)
        self.seals = member.request.find_service(ISeals)

    def elements(self) -> Iterator[Row]:
        """Yield what the member says, in order."""
        for element in self.profile.elements() if self.profile is not None else ():
            if element.kind in KINDS:
                yield self._element(element)

    def _element(self, element: Element) -> Row:
        text = self.seals.text
        return {
            "kind": element.kind,
            "title": self._say(KINDS[element.kind].title),
            "label": None if element.label is None else text(element.label),
            "value": None if element.value is None else text(element.value),
            "audience": self._audience(element),
            "shows_year": element.shows_year,
            "hidden": element.hidden,
            "created": moment(element.created),
            "changed": moment(element.changed),
            **self._picture(element, "picture"),
        }

    def standing(self) -> Iterator[Row]:
        """Yield what the space lets be seen of what the site knows."""
        for kind in STANDING if self.profile is not None else ():
            element = self.profile.standing_of(kind) if self.profile is not None else None
            if element is not None:
                yield {
                    "kind": kind,
                    "title": self._say(STANDING[kind].title),
                    "audience": self._audience(element),
                    **self._picture(element, "small"),
                }

    def blocks(self) -> Iterator[Row]:
        """Yield the blocks of services in the order that the member gave them."""
        for name, shown in self.profile.blocks if self.profile is not None else ():
            yield {"name": name, "shown": shown}

    def _audience(self, element: Element) -> Any:
        return told(self.request, self.uid, element.audience or element.default_audience)

    def _picture(self, element: Element, name: str) -> Row:
        if element.file is None:
            return {}
        with closing(self.seals.open_range(element.file)) as pieces:
            data = b"".join(pieces)
        path = self.archive.file(f"{name}.webp", data)
        return {"picture": path, "mark": mark(self.request, data)}

    def _say(self, title: Any) -> str:
        return str(self.request.localizer.translate(title))


def mark(request: Any, data: bytes) -> str:
    """Return what only this site can make of the picture *data*."""
    found: bytes = request.find_service(ISeals).hmac(LABEL_OF_MARK, data)
    return found.hex()


def bring_back(member: Any, archive: Any) -> None:
    """Fill the empty space of *member* from *archive*."""
    Restoring(member, archive).all()


class Restoring:
    """The restoring of one space."""

    def __init__(self, member: Any, archive: Any) -> None:
        self.uid, self.request, self.archive = member.uid, member.request, archive
        self.profiles = member.request.find_service(IProfiles)
        self.account = member.request.member
        self.seals = member.request.find_service(ISeals)

    def all(self) -> None:
        """Restore elements, what stands, and the order of services."""
        for row in self.archive.records("element", most=MOST):
            self._element(row)
        for row in self.archive.records("standing", most=len(STANDING)):
            self._standing(row)
        rows = self.archive.records("block-of-space", most=200)
        blocks = [
            (self.archive.text(row.get("name"), 100), row.get("shown") is True) for row in rows
        ]
        if blocks:
            self.profiles.arrange(self.account, blocks)

    def _element(self, row: Row) -> None:
        kind = KINDS[self.archive.one_of(row.get("kind"), tuple(KINDS))]
        if not self.profiles.room(self.account, kind.name):
            raise ValueError(f"there are too many elements of the kind {kind.name}")
        profile, created = self.profiles.profile(self.account), row.get("created")
        element = Element(self.uid, kind.name, self.archive.moment(created))
        while encode(element.id) in profile:  # many were made in one moment: two ids may be alike
            element = Element(self.uid, kind.name, self.archive.moment(created))
        profile.append(element)
        self.request.find_service(IAuthored).add(self.uid, ELEMENT, element.id)
        element.audience = self._audience(row)
        self._words(element, kind, row)
        element.shows_year = row.get("shows_year") is not False
        element.hidden = row.get("hidden") is True
        if kind.form == "picture":
            element.file = self._sealed(self._picture(row, small=False))
        element.changed = milliseconds(self.archive.moment(row.get("changed")))
        settle(self.request, element)

    def _words(self, element: Element, kind: Any, row: Row) -> None:
        if kind.form != "picture" or row.get("value") is not None:
            longest = values.LONGEST.get(kind.form, values.LONGEST["line"])
            text = self.archive.text(row.get("value"), longest)
            value = text if kind.form == "picture" else checked(kind, text)
            element.value = self.seals.seal(self.uid, VALUE, value)
        if row.get("label") is not None and kind.label:
            label = self.archive.text(row["label"], LONGEST_LABEL)
            element.label = self.seals.seal(self.uid, LABEL, label)

    def _standing(self, row: Row) -> None:
        kind = self.archive.one_of(row.get("kind"), tuple(STANDING))
        element = self.profiles.stand(self.account, kind)
        if kind == AVATAR and row.get("picture") is not None:
            element.file = self._sealed(self._picture(row, small=True))
            self.account.portrait = element
        audience = self._audience(row)
        if kind != SEEN or audience.level != "private":
            self.profiles.limit(element, audience)

    def _audience(self, row: Row) -> Any:
        return known(self.request, self.uid, row.get("audience"), here=self.archive.here)

    def _picture(self, row: Row, *, small: bool) -> bytes:
        data: bytes = self.archive.file(row.get("picture"), LONGEST_PICTURE)
        said = self.archive.text(row.get("mark"), 100).encode()
        if hmac.compare_digest(mark(self.request, data).encode(), said):
            return data
        try:
            made = recode(BytesIO(data))
        except BadPicture:
            raise ValueError("a picture in the archive cannot be read") from None
        return made.small if small else made.whole

    def _sealed(self, data: bytes) -> Any:
        return seal(self.request, self.uid, PICTURE, data)


def checked(kind: Any, text: str) -> str:
    """Return *text* as a value of *kind* is kept; raise ValueError where its form would refuse."""
    try:
        return values.clean(kind, values.field(kind).deserialize(text))
    except colander.Invalid:
        raise ValueError(f"a value of the kind {kind.name} is not one") from None
