"""Topics and posts in every state, in forums that everybody, members and a circle read."""

from communicate.ids import encode
from communicate.reports.interfaces import IReports
from communicate.writing.interfaces import IAttachments
from communicate_forums.interfaces import IForums, IRemovals

from .people import COMMON, allowed, readers

LEVELS = ("public", "members", "chosen")


def write(on, level):
    """Write in a forum that *level* reads; whom its author has blocked may see it."""
    words, removals = (on.request.find_service(one) for one in (IForums, IRemovals))
    author, may, must = on.owner(level), allowed(level), readers(level)
    if level == "chosen":  # its author is none of those who read it
        must = must - {f"owner of {level}"}
    else:
        may = {*may, "blocked"}
    # Operators make forums, and write what stands over them.
    about = [on.word(f"{part} of a forum ({level})", {*may, "operator"}, must) for part in "tb"]
    forum = words.add_forum(
        f"f-{level}", about[0], description=about[1], audience=on.audience(level)
    )
    title, body = (on.text(f"{part} of a topic ({level})", may, must) for part in "tb")
    topic = on.hold(title, words.open_topic(forum, author, title, body).__parent__)
    attach(on, on.hold(body, topic.posts[topic.id]), level, may, must)
    edited = words.reply(topic, author, on.word(f"words before an edit ({level})", ()))
    words.edit(edited, on.text(f"an edited post ({level})", may, must))
    text = on.word(f"a deleted post ({level})", ())
    deleted = on.hold(text, words.reply(topic, author, text))
    words.reply(topic, author, f"[quote:{encode(deleted.id)}]\n\nOui.")
    removals.delete(deleted)
    moderate(on, topic, level)


def attach(on, post, level, may, must):
    """Put a file beside the words of *post*."""
    name = on.word(f"name of an attached file ({level})", may, must)
    # Owners look at pages only, and follow nothing from there.
    text = on.word(f"text of an attached file ({level})", may, must - {f"owner of {level}"})
    on.request.find_service(IAttachments).put(post, post.owner, f"{name}.txt", text.encode())


def moderate(on, topic, level):
    """Have a post hidden for a reason, its own words quoted elsewhere, and one reported."""
    words, removals = (on.request.find_service(one) for one in (IForums, IRemovals))
    author, common = on.owner(level), level in COMMON
    moderators = {"moderator"} if common else set()
    may = {*moderators, f"owner of {level}"}
    text = on.word(f"a hidden post ({level})", may, moderators)
    hidden = on.hold(text, words.reply(topic, author, text))
    words.reply(topic, author, f"[quote:{encode(hidden.id)}]\n\nNon.")
    reason = on.word(f"the reason why it is hidden ({level})", may, moderators)
    removals.set_hidden(hidden, True, reason, by=on.uids["moira"])
    if common:
        told = on.word(f"note of a report ({level})", {"member", "moderator"}, {"moderator"})
        on.request.member = on.members["marie"]
        reports = on.request.find_service(IReports)
        reports.report("forums.post", topic.posts[topic.id], "other", told)
