"""What drafts write into a member's archive, and what is restored of it."""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory
from ZODB.interfaces import IBroken

from communicate.accounts.forms import local_path
from communicate.clock import milliseconds, moment
from communicate.writing.content import Holder
from communicate.writing.drafts import LONGEST, MOST
from communicate.writing.interfaces import IAttachments, IDrafts

_ = TranslationStringFactory("communicate")

FILES = {"name": _("Name"), "path": _("Address"), "file": _("File")}
FIELDS = {"path": _("Address"), "saved": _("Saved"), "words": _("Words")}


def export(member: Any, archive: Any) -> None:
    """Write what *member* has not sent."""
    archive.records("draft", rows(member), title=_("Drafts"), fields=FIELDS)
    archive.records(
        "attachment", files(member, archive), owned=False, title=_("Attached files"), fields=FILES
    )


def rows(member: Any) -> Iterator[dict[str, Any]]:
    """Yield each draft: the form's address, when it was saved, a text for each field."""
    for opened in member.request.find_service(IDrafts).all(member.uid):
        words = dict(sorted(opened.words.items()))
        yield {"path": opened.place, "saved": moment(opened.saved), "words": words}


def files(member: Any, archive: Any) -> Iterator[dict[str, Any]]:
    """Yield each file, and where it is attached, but those that a plugin writes itself."""
    request = member.request
    attachments = request.find_service(IAttachments)
    for attachment in attachments.of(member.uid):
        holder = attachment.__parent__
        if getattr(holder, "exports_attachments", False):
            continue
        path = None if attachment.in_draft or is_lost(holder) else request.resource_path(holder)
        yield {
            "path": path and path.rstrip("/"),
            **attachments.record(archive, attachment, owned=False),
        }


def is_lost(holder: Any) -> bool:
    """Tell whether *holder* is nothing that can be loaded: its plugin is off."""
    return not isinstance(holder, Holder) or IBroken.providedBy(holder)


def bring_back(member: Any, archive: Any) -> None:
    """Keep the drafts in *archive* again, as old as they were."""
    drafts = member.request.find_service(IDrafts)
    for row in archive.records("draft", most=MOST):
        place, saved = archive.text(row.get("path"), 2000), archive.moment(row.get("saved"))
        if local_path(place, "") != place or not place:
            raise ValueError("the address of a draft is a path of the site")
        given = row.get("words")
        words = {
            archive.text(name, 100): archive.text(text, LONGEST)
            for name, text in (given.items() if isinstance(given, dict) else ())
        }
        draft = drafts.keep(member.uid, place, words)
        if draft is not None:
            draft.saved = milliseconds(saved)
