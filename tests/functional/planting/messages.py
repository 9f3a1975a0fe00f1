"""Conversations of one owner: of two, of several with comings and goings, and requests."""

from communicate.audience import MEMBERS
from communicate.interfaces import IContacts
from communicate.reports.interfaces import IReports
from communicate.writing.interfaces import IAttachments, IDrafts
from communicate_messages.interfaces import IMessages, IRemovals, ITaking

from .people import OWNERS

LEVEL = "members"  # whose owner writes
OWNER = f"owner of {LEVEL}"


def write(on):
    """Have one owner write to two, to several, to somebody blocked afterwards, and be asked."""
    of_two(on)
    of_several(on)
    before_a_block(on)
    requests(on)


def start(on, what, to, readers, title="", by=OWNERS[LEVEL]):
    """Begin a conversation; return it."""
    text = on.text(what, readers)
    others = [on.uids[login] for login in to]
    words = on.request.find_service(IMessages)
    message = on.hold(text, words.start(on.uids[by], others, text, title))
    return message.__parent__


def say(on, what, conversation, readers, must=None, by=OWNERS[LEVEL]):
    """Add a message; return it."""
    text = on.text(what, readers, must)
    said = on.request.find_service(IMessages).say(conversation, on.uids[by], text)
    return on.hold(text, said)


def of_two(on):
    """Write to Colin, who answers; delete, destroy and hide."""
    both, removals = {OWNER, "contact"}, on.request.find_service(IRemovals)
    two = start(on, "a first message", ["colin"], both)
    attach(on, say(on, "an answer", two, both, by="colin"), both)
    for what, act in (("deleted", removals.delete), ("destroyed", removals.destroy)):
        act(say(on, f"a {what} message", two, ()))
    removals.set_hidden(say(on, "a hidden message", two, {OWNER}, ()), True)
    report(on, two)
    for login, role in ((OWNERS[LEVEL], OWNER), ("colin", "contact")):
        draft = {"body": on.word(f"what the {role} has not sent", {role})}
        place = f"/messages/{two.__name__}"
        on.request.find_service(IDrafts).keep(on.uids[login], place, draft)


def attach(on, message, both):
    """Put a file beside the words of *message*."""
    name = on.word("name of a file of a message", both)
    # Its owner looks at pages only, and follows nothing from there.
    text = on.word("text of a file of a message", both, both - {OWNER})
    on.request.find_service(IAttachments).put(message, message.owner, f"{name}.txt", text.encode())


def report(on, two):
    """Show a moderator exactly one message, and say why."""
    # Moderators read what they were shown, whatever its rights are.
    text = on.text("a reported message", {OWNER, "contact", "moderator"})
    bad = on.request.find_service(IMessages).say(two, on.uids["colin"], text)
    note = on.word("note of a report of a message", {OWNER, "moderator"}, {"moderator"})
    on.request.member = on.members[OWNERS[LEVEL]]
    on.request.find_service(IReports).report("messages.message", bad, "other", note)


def of_several(on):
    """Write to Colin and Circé, who leaves; Anna comes later."""
    taking, later = on.request.find_service(ITaking), {OWNER, "contact", "author"}
    title = on.text("name of a conversation", later)
    several = start(on, "before one came", ["colin", "circe"], {OWNER, "contact"}, title)
    taking.leave(several, on.uids["circe"])
    taking.add(several, on.owner(LEVEL), on.uids["anna"])
    say(on, "after one came", several, later)


def before_a_block(on):
    """Write to Béla, who is blocked at the end."""
    contacts, owner = on.request.find_service(IContacts), on.owner(LEVEL)
    contacts.request(on.uids["bela"], owner)
    contacts.accept(owner, on.uids["bela"])
    apart = start(on, "to whom one blocked since", ["bela"], {OWNER})
    say(on, "of whom one blocked since", apart, {OWNER, "blocked"}, by="bela")


def requests(on):
    """Be asked by Marie alone, and with somebody else who takes it."""
    box = on.request.site["messages"].box
    for login in (OWNERS[LEVEL], "colin"):
        box(on.uids[login]).open_to = MEMBERS
    start(on, "a request", [OWNERS[LEVEL]], {OWNER, "member"}, by="marie")
    people, to = {OWNER, "member", "contact"}, [OWNERS[LEVEL], "colin"]
    shared = start(on, "a request to two", to, people, by="marie")
    on.request.find_service(ITaking).accept(shared, on.uids["colin"])
    say(on, "of one who took it", shared, {"member", "contact"}, by="colin")
