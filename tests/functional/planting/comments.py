"""Comments in every state on a space, on an item of it and on an article."""

from communicate.audience import MEMBERS
from communicate.profile.interfaces import IProfiles
from communicate.writing.interfaces import IAttachments
from communicate_spaces.interfaces import ICommenting, ICommentRemovals, IRules
from communicate_spaces.permissions import COMMENT

from .people import COMMON, OWNERS, allowed, readers

#: What is commented where not everything is: each in its turn.
TURNS = {"private": 1, "contacts": 2, "chosen": 0, "members": 1, "public": 2}


def write(on, level, article, *, full):
    """Have Anna comment what the owner of *level* shows to that audience, or one thing of it."""
    rules, owner = on.request.find_service(IRules), on.owner(level)
    rules.open_space(owner, on.audience(level), MEMBERS, approval=False)
    given = {"value": "Le jardin", "audience": on.audience(level)}
    item = on.request.find_service(IProfiles).add(on.members[OWNERS[level]], "interest", given)
    things = [(rules.wall(owner), "a space"), (item, "an item"), (article, "an article")]
    for thing, name in things if full else [things[TURNS[level]]]:
        comment(on, rules.thread(thing), level, name)


def comment(on, thread, level, name):
    """Comment in *thread*, in every state."""
    words, removals = (on.request.find_service(one) for one in (ICommenting, ICommentRemovals))
    anna, owner = on.uids["anna"], f"owner of {level}"

    def add(what, may, must, to=None, by=anna):
        text = on.text(f"{what} on {name} ({level})", may, must)
        return on.hold(text, words.add(thread, by, text, to))

    may, must = {*allowed(level), "author"}, readers(level)
    first = add("a comment", may, must)
    attach(on, first, f"on {name} ({level})", may, must - {owner})
    add("a reply", may, must, first)
    judges = {"moderator"} if level in COMMON else set()
    hidden = add("a hidden comment", {*judges, "author"}, judges)
    reason = on.word(f"why a comment on {name} is hidden ({level})", {*judges, "author"}, ())
    removals.set_hidden(hidden, True, reason, on.uids["moira"])
    removals.delete(add("a deleted comment", (), ()), anna)
    add("a comment of the blocked", {"blocked"}, (), by=on.uids["bela"])
    thread.approval, thread.grants = True, {COMMENT: MEMBERS}
    add("a comment that waits", {owner, "author"}, {owner})
    thread.approval = False


def attach(on, comment, where, may, must):
    """Put a file beside the words of *comment*; owners follow nothing from pages to it."""
    name = on.word(f"name of a file of a comment {where}", may, must)
    text = on.word(f"text of a file of a comment {where}", may, must)
    files = on.request.find_service(IAttachments)
    files.put(comment, comment.owner, f"{name}.txt", text.encode())
