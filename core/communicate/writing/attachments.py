"""`IAttachments`: files beside words, from a draft to what holds them."""

from collections.abc import Collection, Iterable
from io import BytesIO
from itertools import islice
from typing import Any

from BTrees.LOBTree import LOBTree
from zope.interface import implementer

from communicate.ids import decode, encode
from communicate.interfaces import IQuota, ISeals
from communicate.plugins import CORE
from communicate.quota.services import QuotaExceeded
from communicate.writing import references
from communicate.writing.content import Attachment, Attachments, Holder
from communicate.writing.files import (
    BadFile,
    File,
    Taking,
    fit,
    kept,
    named,
    read,
    too_many,
    usual,
)
from communicate.writing.interfaces import IAttachments, IDrafts

NAME, FILE = "communicate.attachment.name", "communicate.attachment"
BROUGHT = 20 * 2**20  # bytes of one file that an archive brings back


@implementer(IAttachments)
class AttachmentService:
    """The attachments of one request's site."""

    def __init__(self, request: Any) -> None:
        self.request = request

    @property
    def known(self) -> Attachments:
        """Whose each attachment is."""
        found: Attachments = self.request.root_map["attachments"]
        return found

    def add(self, uid: int, place: str, upload: Any, taking: Taking | None = None) -> Attachment:
        """Keep *upload* with the draft at *place*, which is made where there is none."""
        return self.keep(uid, place, read(self.request, upload, taking), taking)

    def keep(self, uid: int, place: str, file: File, taking: Taking | None = None) -> Attachment:
        """Keep *file* with the draft at *place*; raise BadFile where there are too many."""
        draft = self.request.find_service(IDrafts).made(uid, place)
        taking = taking or usual(self.request)
        made = self._give(draft, uid, file, taking.most)
        try:
            fit(self.request, draft.attached(), taking)
        except BadFile:
            self.remove(draft, made.id)
            raise
        return made

    def keep_again(
        self, uid: int, place: str, file: File, taking: Taking, number: int
    ) -> Attachment:
        """Keep *file*, which a request that was undone had kept as *number*, under that again.

        The page that the request showed names it so: it is ticked off by that.
        """
        draft = self.request.find_service(IDrafts).made(uid, place)
        return self._give(draft, uid, file, taking.most, number)

    def take(self, form: Any, holder: Any, *, keeps: Collection[int] = ()) -> None:
        """Move what was attached in *form* to *holder*; remove what was ticked off."""
        uid, drafts = self.request.member.uid, self.request.find_service(IDrafts)
        draft = drafts.draft(uid, form.place)
        for number in form.removed:
            if number not in keeps:
                self.remove(holder, number)
            if draft is not None:
                self.remove(draft, number)
        for attachment in [] if draft is None else draft.attached():
            del draft.attachments[attachment.id]
            self._hold(holder, attachment)

    def put(self, holder: Any, uid: int, name: str, data: bytes) -> Attachment:
        """Give *holder* a file at once."""
        return self._give(holder, uid, kept(named(name), data), usual(self.request).most)

    def _give(self, holder: Any, uid: int, file: File, most: int, number: int = 0) -> Attachment:
        if len(holder.attached()) >= most:
            raise too_many(most)
        try:
            self.request.find_service(IQuota).claim(uid, CORE, len(file.data))
        except QuotaExceeded as full:
            raise BadFile(full.reason) from full
        seals = self.request.find_service(ISeals)
        blob = seals.seal_stream(uid, FILE, BytesIO(file.data))
        attachment = Attachment(uid, seals.seal(uid, NAME, file.name), file.media, blob)
        if number:
            attachment.id, attachment.__name__ = number, encode(number)
        if file.width:
            attachment.width, attachment.height = file.width, file.height
        self._hold(holder, attachment)
        self.known.put(attachment)
        return attachment

    def _hold(self, holder: Any, attachment: Attachment) -> None:
        if holder.attachments is None:
            holder.attachments = LOBTree()
        attachment.__parent__ = holder
        holder.attachments[attachment.id] = attachment

    def remove(self, holder: Any, number: int) -> None:
        """Destroy one attachment of *holder*."""
        attachment = (holder.attachments or {}).get(number)
        if attachment is not None:
            del holder.attachments[number]
            self._destroy(attachment)

    def _destroy(self, attachment: Attachment) -> None:
        """Let *attachment* take no room any more, and hold nothing."""
        if attachment.owner is not None:
            quota = self.request.find_service(IQuota)
            quota.release(attachment.owner, CORE, attachment.size)
        self.known.drop(attachment)

    def clear(self, holder: Any) -> None:
        """Destroy all attachments of *holder*."""
        for number in list(holder.attachments or ()):
            self.remove(holder, number)
        if holder.attachments is not None:
            holder.attachments = None

    def fill(self, html: Any, holder: Any, base: str = "", *, pictures: bool = True) -> Any:
        """Return *html* with what it refers to, and below it the attachments that it does not."""
        if not holder.attachments and references.SIGN not in html:
            return html
        base = base or self.request.resource_path(holder).rstrip("/")
        return references.Filling(self, holder.attached(), base, pictures=pictures).fill(html)

    def fill_written(self, html: Any, place: str, holder: Any = None) -> Any:
        """Return *html*, a preview of what is written at *place*, with what is attached there."""
        found = self.written(place, holder)
        if not found and references.SIGN not in html:
            return html
        base = self.request.resource_path(holder).rstrip("/") if holder is not None else ""
        return references.Filling(self, found, base, pictures=True).fill(html)

    def written(self, place: str, holder: Any = None) -> list[Attachment]:
        """Return what *holder* has, and what the member has attached at *place* since."""
        uid = self.request.member.uid
        draft = self.request.find_service(IDrafts).draft(uid, place)
        return [each for one in (holder, draft) if one is not None for each in one.attached()]

    def data(self, attachment: Attachment) -> bytes:
        """Return what the file holds."""
        return b"".join(self.request.find_service(ISeals).open_range(attachment.file))

    def name(self, attachment: Attachment) -> str:
        """Return the name of the file."""
        if attachment.name is None:
            return ""
        return self.request.find_service(ISeals).text(attachment.name) or ""

    def size(self, uid: int) -> int:
        """Return how many bytes *uid* has attached."""
        return sum(each.size for each in self.known.by_uid.get(uid, {}).values())

    def count(self, uid: int) -> int:
        """Return how many files *uid* has attached."""
        return len(self.known.by_uid.get(uid, ()))

    def of(self, uid: int) -> Iterable[Attachment]:
        """Return the attachments of *uid*, the oldest first."""
        return list(self.known.by_uid.get(uid, {}).values())

    def erase(self, uid: int, most: int) -> int:
        """Destroy at most *most* attachments of *uid*; what holds them forgets them, too."""
        found = list(islice(self.known.by_uid.get(uid, {}).values(), most))
        for attachment in found:
            holder = attachment.__parent__
            if isinstance(holder, Holder) and attachment.id in (holder.attachments or {}):
                del holder.attachments[attachment.id]  # type: ignore[union-attr]
            self._destroy(attachment)
        return len(found)

    def export(self, archive: Any, holder: Any) -> list[dict[str, Any]]:
        """Write the files of *holder*; return their records."""
        return [self.record(archive, each) for each in holder.attached()]

    def record(self, archive: Any, attachment: Attachment, *, owned: bool = True) -> Any:
        """Write the file of *attachment* into *archive*; return its record."""
        name, seals = self.name(attachment), self.request.find_service(ISeals)
        path = archive.file(name, lambda: seals.open_range(attachment.file), owned=owned)
        return {
            "id": encode(attachment.id),
            "name": name,
            "type": attachment.media,
            "bytes": attachment.size,
            "file": path,
        }

    def bring_back(self, holder: Any, uid: int, archive: Any, rows: Any) -> dict[str, str]:
        """Give *holder* the files of *rows*; return their new ids by the old ones."""
        found = {}
        for row in rows:
            data = archive.file(row.get("file"), BROUGHT)
            made = self.put(holder, uid, archive.text(row.get("name"), 200), data)
            found[archive.text(row.get("id"), 20)] = encode(made.id)
        return found


def numbers_in(sent: Iterable[Any]) -> list[int]:
    """Return the ids among what a form *sent*; what is none is left out."""
    found = []
    for text in sent:
        try:
            found.append(decode(text))
        except (ValueError, TypeError, AttributeError):
            continue
    return found
