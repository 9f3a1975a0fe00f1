"""What drafts write into a member's archive, and what is restored of it."""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import milliseconds, moment
from communicate.writing.drafts import LONGEST, MOST
from communicate.writing.interfaces import IDrafts

_ = TranslationStringFactory("communicate")

FIELDS = {"path": _("Address"), "saved": _("Saved"), "words": _("Words")}


def export(member: Any, archive: Any) -> None:
    """Write what *member* has not sent."""
    archive.records("draft", rows(member), title=_("Drafts"), fields=FIELDS)


def rows(member: Any) -> Iterator[dict[str, Any]]:
    """Yield each draft: the form's address, when it was saved, a text for each field."""
    for opened in member.request.find_service(IDrafts).all(member.uid):
        words = dict(sorted(opened.words.items()))
        yield {"path": opened.place, "saved": moment(opened.saved), "words": words}


def bring_back(member: Any, archive: Any) -> None:
    """Keep the drafts in *archive* again, as old as they were."""
    drafts = member.request.find_service(IDrafts)
    for row in archive.records("draft", most=MOST):
        place, saved = archive.text(row.get("path"), 2000), archive.moment(row.get("saved"))
        given = row.get("words")
        words = {
            archive.text(name, 100): archive.text(text, LONGEST)
            for name, text in (given.items() if isinstance(given, dict) else ())
        }
        draft = drafts.keep(member.uid, place, words)
        if draft is not None:
            draft.saved = milliseconds(saved)
