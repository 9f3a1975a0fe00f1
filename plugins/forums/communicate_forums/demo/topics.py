"""One topic of a demo: who speaks in it, when, and what is said."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from communicate import clock
from communicate.demo.people import Person
from communicate.demo.writing import Writer
from communicate.ids import encode
from communicate_forums.content import Post, Topic
from communicate_forums.interfaces import IFollowing, IForums, IRemovals
from communicate_forums.services import forums_of

OLDEST = timedelta(days=480)
PAUSE = timedelta(minutes=2)  # between two posts at least
NIGHT = 6  # hours after midnight in which hardly anybody writes
LONG = 100  # posts of a topic that goes on to this day
TRIES = 20  # to say something that was not said
EDITED, TAKEN_BACK = 0.02, 0.006  # of the replies
QUOTING, MENTIONING = 0.15, 0.1  # of what answers somebody
FOLLOWING, ANSWERED = 0.2, 0.5


class Spoken(NamedTuple):
    """What one person says, to another where it answers, and whether moderators hide it."""

    speaker: Person
    body: str
    to: Person | None
    hidden: bool


class Scene:
    """What is *stated* of a kind of topic, and the *people* who may take part."""

    def __init__(
        self, request: Any, stated: dict[str, Any], people: Sequence[Person], writer: Writer
    ) -> None:
        self.request = request
        self.stated = stated
        self.words = request.find_service(IForums)
        self.forum = forums_of(request)[stated["forum"]]
        readers = self.forum.audience.chosen
        self.people = [one for one in people if f"member:{one.uid}" in readers] or people
        self.writer = writer
        self.random = writer.random
        self.present = clock.now(request)
        self.titles: set[str] = set()

    def play(self, scale: float = 1) -> None:
        """Open one topic, and have people reply in it, *scale* as often as is stated."""
        count = self.random.randint(*self.stated["posts"])
        moments = self.moments(max(2, round(count * scale)))
        title, writer = self.title()
        there = self.taking_part(moments[0], len(moments))
        opening = writer.choose(self.stated["opening"], **own(there[0]))
        with clock.at(self.request, moments[0]):
            post = self.words.open_topic(self.forum, there[0].uid, title, opening)
        topic, said = post.__parent__, self.said(there, writer, len(moments) - 1)
        for moment, spoken in zip(moments[1:], said, strict=False):
            with clock.at(self.request, moment):
                body = self.refer(spoken, post)
                post = self.words.reply(topic, spoken.speaker.uid, body)
                self.embellish(post, body, writer, hidden=spoken.hidden)
        self.conclude(topic, there)
        topic.locked = self.stated.get("state") == "locked"
        if self.stated.get("state") == "pinned":
            topic.set_pinned(True)

    def refer(self, spoken: "Spoken", previous: Post) -> str:
        """Return what is said; an answer quotes what it answers, or names who said it."""
        drawn = self.random.random()
        if spoken.to is None or drawn > QUOTING + MENTIONING:
            return spoken.body
        if drawn < QUOTING:
            return f"[quote:{encode(previous.id)}]\n\n{spoken.body}"
        return f"@{spoken.to.login} {spoken.body}"

    def conclude(self, topic: Topic, there: Sequence[Person]) -> None:
        """Have some follow *topic*, and perhaps say which post answers it."""
        following = self.request.find_service(IFollowing)
        for person in there:
            if self.random.random() < FOLLOWING:
                following.follow(topic, person.uid)
        if self.stated.get("last") and self.random.random() < ANSWERED:
            shown = [post for post in topic.posts.values() if not (post.hidden or post.deleted)]
            topic.answer = shown[-1].id if len(shown) > 1 else 0

    def title(self) -> tuple[str, Writer]:
        """Return a title, and what has chosen its words; one that is new while there are such."""
        stated = self.stated
        for _try in range(TRIES):
            writer = self.writer.keeping(stated.get("each", {}), stated.get("once", {}))
            title = writer.choose(stated["title"])
            if title not in self.titles:
                break
        self.titles.add(title)
        return title, writer

    def moments(self, count: int) -> list[datetime]:
        """Return when each of *count* posts is written, in order, the last one before now."""
        random = self.random
        start = self.present - OLDEST * random.random() ** 2.2 - timedelta(hours=count)
        ends = min(self.present, start + timedelta(days=count * random.uniform(0.3, 3)))
        if self.stated["posts"][0] > LONG:
            start, ends = self.present - OLDEST * 0.8, self.present
        drawn = sorted(start + (ends - start) * random.random() for _ in range(count))
        found: list[datetime] = []
        for moment in map(awake, drawn):
            found.append(max(moment, found[-1] + PAUSE) if found else moment)
        late = max(timedelta(0), found[-1] - self.present + PAUSE)
        return [moment - late for moment in found]

    def taking_part(self, moment: datetime, posts: int) -> list[Person]:
        """Return some who had joined by *moment*, fewer than there are *posts*."""
        joined = [one for one in self.people if one.joined < moment] or list(self.people[:2])
        return self.random.sample(joined, min(len(joined), max(4, posts * 2 // 3)))

    def said(self, people: Sequence[Person], writer: Writer, count: int) -> Iterator["Spoken"]:
        """Yield who says what, *count* times at most."""
        last = [turns(one) for one in self.stated.get("last", [])][:count]
        known: set[str] = set()
        speaker, left = people[0], count - len(last)
        for spoken in [*self.exchanges(left), *last]:
            for number, text in enumerate(spoken):
                previous, speaker = speaker, self.another(people, speaker)
                body = self.new(known, writer, text, speaker)
                if body is None and number == 0 and spoken not in last:
                    break  # it was all said before
                body = body or writer.fill(text, **own(speaker))
                hidden = text in self.stated.get("hidden", ())
                yield Spoken(speaker, body, previous if number else None, hidden)

    def exchanges(self, count: int) -> Iterator[list[str]]:
        """Yield what one or several people say one after the other, some *count* turns in all."""
        while count > 0:
            replies = [turns(one) for one in self.stated["replies"]]
            if not self.stated.get("ordered"):
                self.random.shuffle(replies)
            for spoken in replies:
                if count > 0:
                    yield spoken
                count -= len(spoken)

    def another(self, people: Sequence[Person], previous: Person) -> Person:
        """Return one of *people* other than *previous* if possible; some speak more often."""
        others = [one for one in people if one is not previous] or people
        return others[int(len(others) * self.random.random() ** 1.5)]

    def new(self, known: set[str], writer: Writer, text: str, speaker: Person) -> str | None:
        """Return *text* filled in a way that is not *known* yet, or None where all of them are."""
        for _try in range(TRIES):
            body = writer.fill(text, **own(speaker))
            if body not in known:
                known.add(body)
                return body
        return None

    def embellish(self, post: Post, body: str, writer: Writer, *, hidden: bool) -> None:
        """Hide a post, take it back or edit it, as happens now and then."""
        removals, drawn = self.request.find_service(IRemovals), self.random.random()
        if hidden:
            removals.set_hidden(post, True, reason=writer.choose(writer.lists["reason"]))
        elif drawn < TAKEN_BACK:
            removals.delete(post)
        elif drawn < TAKEN_BACK + EDITED:
            self.words.edit(post, f"{body}\n\n*{writer.choose(writer.lists['more'])}*")


def turns(reply: str | list[str]) -> list[str]:
    """Return what is said one after the other in *reply*."""
    return [reply] if isinstance(reply, str) else reply


def own(person: Person) -> dict[str, str]:
    """Return the words that a text takes from who writes it."""
    return {"moi": person.first, "me": person.first}


def awake(moment: datetime) -> datetime:
    """Return *moment*, or the morning after where it lies in the night."""
    return moment + timedelta(hours=NIGHT) if moment.hour < NIGHT else moment
