"""The posts of a page, asked together: the same as when each is asked by itself."""

from itertools import product

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC
from communicate.interfaces import IContacts, IMembers
from communicate.permissions import DELETE, EDIT, MODERATE, VIEW
from communicate.principals import Viewer
from communicate.security import permits
from communicate_forums.interfaces import IForums
from communicate_forums.lines import Acts, Lines
from communicate_forums.reading import Reading

AUTHORS = ("ines", "paul", "oscar")
STATES = ("plain", "edited", "hidden", "deleted", "emptied", "imported", "plain")
VIEWERS = (None, "ines", "paul", "moira", "oscar")
ACTS = ({"quote", "report", "moderate", "answer"}, set())


class Opens:
    """What staff hold whose case opens one thing."""

    def __init__(self, number):
        self.number = number

    def opens(self, thing):
        return thing.id == self.number


def write(request, place, topic, author, state):
    """Have *author* write a post of that *state*."""
    service = request.find_service(IForums)
    post = service.reply(topic, place.uids[author], f"Dit par {author} : *{state}*.")
    post.hidden, post.imported = state == "hidden", state == "imported"
    post.deleted = post.created if state == "deleted" else 0
    post.edited = post.created if state == "edited" else 0
    if state == "emptied":
        post.empty()
    return post


def befriend(request, place, one, other):
    """Let two people be contacts."""
    contacts = request.find_service(IContacts)
    contacts.request(place.uids[one], place.uids[other])
    contacts.accept(place.uids[other], place.uids[one])


def view(request, login, glass):
    """Let *login*, None for a stranger, be the one who reads."""
    request.member = request.find_service(IMembers).by_login(login) if login else None
    request.viewer = Viewer(request.member, request.site["members"])
    request.viewer.glass = glass


def lines(request, topic, acts):
    """Return what shows posts, of which nothing was asked yet."""
    return Lines(Reading(request), topic, Acts("/forums/general/x", acts, "?quote="))


def compare(request, topic, posts, acts):
    """Compare what one page says of *posts* with what is said of each; return how many show."""
    page, shown = lines(request, topic, acts), 0
    for post in posts:
        for permission in (VIEW, EDIT, DELETE, MODERATE):
            assert page.may(post, permission) == bool(permits(request, post, permission))
    together = page.posts([(post.id, post) for post in posts], 0)
    for post in posts:
        alone = lines(request, topic, acts).posts([(post.id, post)], 0)
        assert alone in together
        words = any(f"Dit par {name} : " in alone for name in AUTHORS)
        assert words == (post.body is not None and bool(permits(request, post, VIEW)))
        shown += words
        together = together.replace(alone, "", 1)
    assert together == ""
    return shown


@pytest.mark.parametrize("audience", [PRIVATE, CONTACTS, MEMBERS, PUBLIC], ids=lambda a: a.level)
def test_asked_together_posts_are_as_each_by_itself(place, audience):
    def ask(request, forums):
        request.tm.doom()
        words = request.find_service(IForums)
        ines, body = place.uids["ines"], "Dit par ines : ici."
        opening = words.open_topic(forums["general"], ines, "Titre", body)
        topic = opening.__parent__
        posts = [write(request, place, topic, *one) for one in product(AUTHORS, STATES)]
        forums["general"].audience = audience
        topic.answer = posts[-1].id
        befriend(request, place, "ines", "paul")
        shown = 0
        for state, login, glass in product(("", "locked", "hidden", "deleted"), VIEWERS, (0, 1)):
            if state:
                setattr(topic, state, True)
            view(request, login, Opens(posts[-1].id) if glass else None)
            for acts in ACTS:
                shown += compare(request, topic, [opening, *posts], acts)
            if state:
                setattr(topic, state, False)
        return shown

    assert place.do(ask) > 0


def test_the_first_after_what_was_read_is_marked_unless_it_is_ones_own(place):
    topic = place.topic()
    own, other, last = (place.reply(topic, "Un mot.", by) for by in ("ines", "paul", "paul"))

    def ask(request, forums):
        view(request, "ines", None)
        found = forums.topic(topic.number)
        page, posts = lines(request, found, set()), list(found.posts.items())
        assert [page.first_new(posts, read) for read in (0, topic.number, own, other, last)] == [
            0,
            other,
            other,
            last,
            0,
        ]
        assert page.posts(posts, topic.number).count('id="new"') == 1
        assert page.posts(posts, 0).count('id="new"') == 0

    place.do(ask)
