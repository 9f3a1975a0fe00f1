"""The message that another one is about: answered, sent on, or gone on with."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate_email import mime
from communicate_email.composing import (
    Draft,
    File,
    answer_subject,
    forward_subject,
    is_fit,
    people_of,
    persons,
    quoted,
    references_of,
)
from communicate_email.formatted import document
from communicate_email.identities import Identities, block
from communicate_email.interfaces import IAddresses
from communicate_email.people import Person
from communicate_email.store import rows as rowing
from communicate_email.store.reading import Listed
from communicate_email.unseen import straight
from communicate_email.views.desk import Desk
from communicate_email.views.forms import FORMATTED, LONGEST, LONGEST_SUBJECT, PLAIN
from communicate_email.views.parts import part_of
from communicate_email.views.people import clean

_ = TranslationStringFactory("communicate_email")

ROOM = LONGEST // 2  # characters of what is quoted
WROTE = _("On ${date}, ${who} wrote:")
SENT_ON = _("Message sent on")
FROM = _("From: ${names}")
DATE = _("Date: ${date}")
SUBJECT = _("Subject: ${subject}")
TO = _("To: ${names}")
ELSEWHERE = _(
    "Your answer goes to ${there}, as its sender wishes: the message came from ${sender}."
)


class Beginning(NamedTuple):
    """What the form holds as it opens, and sentences above it."""

    values: dict[str, Any]
    notes: Sequence[Any] = ()


class Original:
    """Message *one*, to which *verb* is done."""

    def __init__(self, desk: Desk, one: Listed, verb: str) -> None:
        self.desk = desk
        self.one = one
        self.verb = verb
        self.message = mime.read(desk.reading.raw(one.row.id))
        self.shown = mime.shown(self.message)

    # What goes along

    @cached_property
    def kept(self) -> list[tuple[str, str]]:
        """The number and the name of each file that can go along."""
        if self.verb not in ("forward", "resume"):
            return []
        return [(one.number, one.name or one.media) for one in self.shown.attachments]

    def files(self, numbers: Iterable[str]) -> list[File]:
        """Return the files with those *numbers*."""
        names = {one.number: one.name for one in self.shown.attachments}
        parts = [(number, part_of(self.message, number)) for number in numbers]
        return [
            File(names.get(number) or "file", part.octets)
            for number, part in parts
            if part is not None
        ]

    def related(self, draft: Draft) -> Draft:
        """Return *draft* with what it answers, or what it answered when it was taken back."""
        shown = self.shown
        if self.verb in ("reply", "reply-all"):
            answers = shown.message_id if is_fit(shown.message_id) else ""
            return replace(draft, answers=answers, references=references_of(shown))
        if self.verb == "resume":
            fit = [one for one in shown.in_reply_to if is_fit(one)]
            references = tuple(one for one in shown.references if is_fit(one))
            return replace(draft, answers=fit[0] if fit else "", references=references)
        return draft

    def mark(self, *, sent: bool) -> None:
        """Have the list say that it was answered or sent on; a draft that is replaced is gone."""
        store, one = self.desk.store, self.one
        if self.verb == "resume":
            store.expunge(one.box, [one.row.uid])
        elif sent:
            flag = rowing.FORWARDED if self.verb == "forward" else rowing.ANSWERED
            store.flag(one.box, [one.row.uid], flag)

    # How the form begins

    @cached_property
    def date(self) -> str:
        """When it was written, in words."""
        exact: str = self.desk.request.page.exact(self.shown.date or self.one.row.date)
        return exact

    def own(self, address: str) -> bool:
        """Tell whether the member may write from *address*."""
        addresses = self.desk.request.find_service(IAddresses)
        return bool(addresses.may_send(self.desk.uid, address))

    @cached_property
    def sender(self) -> str:
        """That of the member's addresses to which it came, or the main one."""
        came = mime.addresses(self.message.fields.first(b"delivered-to") or b"")
        people = [*came, *self.shown.to, *self.shown.cc]
        found = (one.address for one in people if self.own(one.address))
        return next(found, self.desk.addresses[0])

    def signed(self, rest: str) -> str:
        """Return *rest* below room for what is written, and the signature."""
        identities = Identities(self.desk.request, self.desk.account)
        signature = block(identities.of(self.sender).signature)
        return "\n\n" + (f"{signature}\n" if signature else "") + rest

    def answered(self) -> Beginning:
        """Return how an answer begins, to who wrote, or to all."""
        shown = self.shown
        to, cc = people_of(shown, self.own, all_=self.verb == "reply-all")
        who = ", ".join(clean(each.name) or each.address for each in shown.author) or "?"
        head = self.desk.request.page.say(WROTE, date=self.date, who=who)
        values = {
            "to": written(to),
            "cc": written(cc),
            "subject": answer_subject(clean(shown.subject))[:LONGEST_SUBJECT],
            "body": self.signed(f"{head}\n{quoted(shown.text, ROOM)}\n"),
            "sender": self.sender,
        }
        return Beginning(values, list(self.notes(to)))

    def notes(self, to: list[Person]) -> Iterable[Any]:
        """Yield what is to be known of where an answer goes."""
        authors = persons(self.shown.author)
        known = {one.address.lower() for one in authors}
        others = [one for one in to if one.address.lower() not in known]
        if others and authors and not all(self.own(one.address) for one in authors):
            yield ELSEWHERE % {"there": _addresses(others), "sender": _addresses(authors)}

    def sent_on(self) -> Beginning:
        """Return how it begins when it is sent on."""
        shown, say = self.shown, self.desk.request.page.say
        lines = [
            f"---------- {say(SENT_ON)} ----------",
            say(FROM, names=written(persons(shown.author))),
            say(DATE, date=self.date),
            say(SUBJECT, subject=clean(shown.subject)),
            say(TO, names=written(persons(shown.to))),
        ]
        values = {
            "subject": forward_subject(clean(shown.subject))[:LONGEST_SUBJECT],
            "body": self.signed("\n".join(lines) + f"\n\n{straight(shown.text[:ROOM])}\n"),
            "sender": self.sender,
        }
        return Beginning(values)

    def resumed(self) -> Beginning:
        """Return the message as it was when it was taken back, or kept."""
        shown = self.shown
        values = {
            "to": written(persons(shown.to)),
            "cc": written(persons(shown.cc)),
            "bcc": written(persons(shown.bcc)),
            "subject": clean(shown.subject)[:LONGEST_SUBJECT],
            "body": shown.text[:LONGEST],
            "format": FORMATTED if is_own(shown) else PLAIN,
        }
        author = shown.author[0].address if shown.author else ""
        if self.own(author):
            values["sender"] = author
        return Beginning(values)


def is_own(shown: mime.Shown) -> bool:
    """Tell whether the HTML of *shown* is what is made here of its text."""
    return bool(shown.html) and shown.html.split() == document(shown.text).split()


def written(people: Iterable[Person]) -> str:
    """Return *people* as a field holds them."""
    return ", ".join(map(str, people))


def _addresses(people: Iterable[Person]) -> str:
    return ", ".join(clean(one.address) for one in people)
