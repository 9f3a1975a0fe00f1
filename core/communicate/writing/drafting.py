"""The draft of a form: opened with it, kept when it is not done, dropped when it is.

Called by `communicate.web.forms`.  What comes in a request that fails is kept in a transaction of
its own, once that of the request has ended.
"""

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from pyramid_retry import is_error_retryable

from communicate.accounts.limits import count_act
from communicate.storage.work import work
from communicate.web.intake import FORBIDDEN
from communicate.writing import files
from communicate.writing.drafts import LONGEST
from communicate.writing.interfaces import IAttachments, IDrafts

FILES, REMOVED = "attached.files", "attached.remove"  # the names of the controls


def wanted(request: Any, nodes: Iterable[Any]) -> tuple[str, ...]:
    """Return the names of those fields that are kept; none where nothing is to be kept.

    That is so for strangers, and for a form without an editor that keeps drafts.
    """
    widgets = [(node.name, node.widget) for node in nodes]
    if not any(getattr(widget, "drafts", False) for _name, widget in widgets):
        return ()
    if getattr(request, "member", None) is None:
        return ()
    return tuple(name for name, widget in widgets if getattr(widget, "drafted", False))


def of(request: Any, place: str) -> Any:
    """Return the draft that a page shows at *place* when it is opened, or None."""
    if request.method == "POST" or request.member is None:
        return None
    return request.find_service(IDrafts).of(request.member.uid, place)


def drop(request: Any, place: str, token: str) -> None:
    """Forget the draft at *place*: its form was sent."""
    request.find_service(IDrafts).drop(request.member.uid, place, token)


def keep_afterwards(form: Any, sent: Mapping[str, Any]) -> None:
    """Keep what was *sent* once the request has ended, unless the *form* was done by then.

    What nobody changed begins no draft.  Where the request is tried again after a conflict, that
    is for its last try to do.
    """
    request, place, uid = form.request, form.place, form.request.member.uid
    words = {name: sent[name] for name in form.drafted if isinstance(sent.get(name), str)}
    is_new = bool(form.leads) or any(
        lines(text) != lines(form.first.get(name)) for name, text in words.items()
    )

    def keep(inner: Any) -> None:
        drafts = inner.find_service(IDrafts)
        if is_new or drafts.draft(uid, place) is not None:
            drafts.keep(uid, place, clipped(words))
        draft = drafts.draft(uid, place)
        kept = set() if draft is None else set(draft.attachments or ())
        attachments = inner.find_service(IAttachments)
        for number, file in form.received:
            if number not in kept:  # the request was undone
                attachments.keep_again(uid, place, file, form.taking, number)

    def after(_request: Any) -> None:
        error = sys.exc_info()[1] or request.exception  # one that nobody answers, or has
        if is_error_retryable(request, error) or (form.is_done and error is None):
            return
        work(request.registry, keep)

    request.add_finished_callback(after)


def receive(form: Any) -> Any:
    """Attach the files that were sent with *form* to its draft; return what is wrong with one.

    With those that the thing has already, and without those ticked off, they may be too many.
    """
    request, uid, wrong, taking = form.request, form.request.member.uid, None, form.taking
    attachments = request.find_service(IAttachments)
    for upload in request.POST.getall(FILES):
        if not getattr(upload, "filename", ""):
            continue
        try:
            count_act(request, taking.rate)
            file = files.read(request, upload, taking)
            form.received.append((attachments.keep(uid, form.place, file, taking).id, file))
        except files.BadFile as error:
            wrong = error.reason
    there = {each.id: each for each in attachments.written(form.place, form.holder)}
    try:
        left = [there[number] for number in there.keys() - set(form.removed)]
        files.fit(request, left, taking)
    except files.BadFile as error:
        wrong = error.reason
    return wrong


def lines(text: Any) -> list[str]:
    """Return the lines of *text*, however they end; none for what is no text."""
    return str(text or "").strip().splitlines()


def clipped(words: Mapping[str, str]) -> dict[str, str]:
    """Return *words* as a draft can hold them: clean text, of its full length or none."""
    clean = {name: FORBIDDEN.sub("", text) for name, text in words.items()}
    return clean if sum(map(len, clean.values())) <= LONGEST else {}


def merged(
    values: Mapping[str, Any], draft: Any, names: Iterable[str], adds: Mapping[str, str]
) -> dict[str, Any]:
    """Return *values* with the words of the *draft* for those *names*, and what *adds* adds."""
    words = {} if draft is None else draft.words
    kept = {name: words[name] for name in names if name in words}
    found = {**values, **kept}
    for name, text in adds.items():
        found[name] = f"{kept[name].rstrip()}\n\n{text}" if name in kept else text
    return found
