"""Text messages of each owner, whose alone they are; and numbers, which some may see."""

import re
from datetime import timedelta

from communicate.audience import CONTACTS, LEVELS
from communicate.clock import milliseconds, now
from communicate.interfaces import ISeals
from communicate.testing.doors import views
from communicate_sms.books import book_of
from communicate_sms.interfaces import INumbers, ITexts
from communicate_sms.queue import exchange_of
from communicate_sms.reach import ToMember, ToNumber

from .people import LOOKING, OWNERS, allowed

SETTINGS = {
    "sms.ways": "un file path=un.jsonl sender=38000",
    "sms.member_parts": 1000,
    **dict.fromkeys(("sms.number_limits", "sms.code_limits"), "off"),
}
NUMBER, READ = "a number", "as people read it"  # in what is planted


def number(on, what, digits, may, must):
    """Return a number (E.164) whose digits are a marker, both as they are kept and as read."""
    written = f"+33 6 12 34 {digits[:2]} {digits[2:]}"
    on.canaries.plant(f"{NUMBER} {what} {READ}", may, must, word=written)
    return on.canaries.plant(f"{NUMBER} {what}", may, (), word=written.replace(" ", ""))


def prove(request, member, e164):
    """Have *member* prove the number *e164* with the code that was sent there."""
    numbers = request.find_service(INumbers)
    numbers.begin(member, e164)
    proving = book_of(request, member.uid).proving
    text = request.find_service(ISeals).text(exchange_of(request).messages[proving.message].text)
    assert numbers.prove(member, re.search(r"\d{6}", text)[0])


def prove_friend(on):
    """Let the contacts of Colin write to a number that nobody sees."""
    e164 = number(on, "that a contact has proven", "8133", {"contact"}, {"contact"})
    prove(on.request, on.members["colin"], e164)
    book_of(on.request, on.uids["colin"]).open_to = CONTACTS


def write(on, level):
    """Have a number, write to somebody outside and to Colin, be written to, and delete."""
    uid, own, texts = on.owner(level), {f"owner of {level}"}, on.request.find_service(ITexts)
    place, present = LEVELS.index(level), milliseconds(now(on.request))

    def word(what, may=own, must=own):
        return on.word(f"a text message {what} ({level})", may, must)

    e164 = number(on, f"that is shown ({level})", f"6{place}11", allowed(level), own)
    prove(on.request, on.members[OWNERS[level]], e164)
    book_of(on.request, uid).number.shown_to = on.audience(level)
    out = ToNumber(number(on, f"that is written to ({level})", f"7{place}22", own, own))
    gone = ToNumber(number(on, f"of a deleted conversation ({level})", f"7{place}33", (), ()))
    colin = ToMember(on.uids["colin"])
    tomorrow = present + timedelta(days=1) // timedelta(milliseconds=1)
    to = {"to somebody outside": out, "to a contact": colin}
    talks = [texts.send(uid, one, word(what)).__parent__ for what, one in to.items()]
    texts.send(uid, out, word("for later"), tomorrow)
    texts.receive(uid, out, word("that came"), present)
    texts.receive(uid, colin, word("of a contact", {*own, "contact"}), present)
    texts.delete(texts.send(uid, out, word("that is deleted", (), ())))
    texts.delete(texts.send(uid, gone, word("in what is deleted", (), ())).__parent__)
    base = f"/members/{OWNERS[level]}/sms"
    on.pages[f"owner of {level}"] += [base, "/account/sms"]
    on.pages[f"owner of {level}"] += [f"{base}/{talk.__name__}" for talk in talks]


def asked(site, level, method):
    """Yield who asks for which address of that owner's text messages: all for every one."""

    def look(request):
        book = request.site["members"][OWNERS[level]]["sms"]
        return [
            (type(one), request.resource_path(one).rstrip("/"))
            for talk in book.talks.values()
            for one in (book, talk, *talk.lines.values())
        ]

    doors = views(site.house, method, site.house.work(look))
    base = f"/members/{OWNERS[level]}/sms"
    found = {door.address for door in doors if door.address.startswith(base)}
    for role in LOOKING:
        for address in sorted(found):
            yield role, address


def state(house, level):
    """Return what changes with anything in the text messages of that owner."""

    def look(request):
        book = request.site["members"][OWNERS[level]]["sms"]
        return [
            (talk.id, talk.unread, talk.deleted, [line.deleted for line in talk.lines.values()])
            for talk in book.talks.values()
        ]

    return house.work(look)
