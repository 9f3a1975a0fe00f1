"""A marker in everything that members write, for every audience: who comes across which one.

Everybody looks everywhere (`communicate.testing.canaries`): a stranger, a member, a contact, a
member of a circle, somebody who was blocked, a moderator, an operator.
"""

from datetime import date

import pytest

from communicate.audience import LEVELS, Audience
from communicate.ids import encode
from communicate.interfaces import IAppPasswords, IContacts, IMembers
from communicate.pictures import Picture
from communicate.principals import circle
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import AVATAR, DIRECTORY, KINDS, STANDING
from communicate.reports.interfaces import IReports
from communicate.testing.archives import exported
from communicate.testing.canaries import COMPANION, Canaries
from communicate.testing.house import House
from communicate.writing.interfaces import IAttachments, IDrafts
from communicate_forums.interfaces import IForums, IRemovals

OWNERS = {level: f"owner-{level}" for level in LEVELS}
ROLES = {
    "stranger": None,
    "member": "marie",
    "contact": "colin",
    "circle": "circe",
    "blocked": "bela",
    "moderator": "moira",
    "operator": "oscar",
    **{f"owner of {level}": login for level, login in OWNERS.items()},
}
LOOKING = [role for role in ROLES if not role.startswith("owner")]
#: Seen by every run; all kinds of elements take their turn with the slow tests.
FEW = ("name", "picture", "phone", "other", AVATAR, DIRECTORY)
GROUPS = {"moira": ("moderators",), "oscar": ("operators",)}
SIGNED_IN = {"member", "contact", "circle", "moderator", "operator"}
READERS = {
    "private": set(),
    "contacts": {"contact", "circle"},
    "chosen": {"circle"},
    "members": SIGNED_IN,
    "public": {*SIGNED_IN, "stranger"},
}
ADDRESSES = {"web": "https://{}.example/", "email": "{}@example.org"}
NUMBERS = dict(zip(LEVELS, ("06 39 98 11 11", "06 39 98 22 22", "06 39 98 33 33",
                            "06 39 98 44 44", "06 39 98 55 55"), strict=True))  # fmt: skip


def everybody_else(level):
    """Return the other owners: members like any other."""
    return {f"owner of {other}" for other in LEVELS if other != level}


def readers(level):
    """Return who sees what the owner of *level* shows to that audience: who looks everywhere."""
    return {*READERS[level], f"owner of {level}"}


def allowed(level):
    """Return who may see it: the other owners are members, and look at their own things only."""
    wide = everybody_else(level) if level in ("members", "public") else set()
    return {*readers(level), *wide}


class Planting:
    """One request that writes a marker into everything."""

    def __init__(self, canaries, request, kinds):
        self.canaries = canaries
        self.kinds = kinds
        members = request.find_service(IMembers)
        self.uids = {login: members.by_login(login).uid for login in ROLES.values() if login}
        self.members = {login: members.by_login(login) for login in OWNERS.values()}
        self.request = request
        self.circles = {}

    def everything(self):
        for level in LEVELS:
            self.acquaintances(level)
            self.space(level)
            self.account(level)
        for level in ("public", "members", "chosen"):
            self.forum(level)

    def audience(self, level):
        chosen = [circle(self.circles[level])] if level == "chosen" else ()
        return Audience(level, chosen)

    def acquaintances(self, level):
        """Let the owner know Colin and Circé, keep Béla away, and be asked by Marie."""
        contacts, uid = self.request.find_service(IContacts), self.uids[OWNERS[level]]
        owner, plant = f"owner of {level}", self.canaries.plant
        for login in ("colin", "circe"):
            contacts.request(self.uids[login], uid)
            contacts.accept(uid, self.uids[login])
        name = plant(f"name of a circle ({level})", {owner}, set())
        self.circles[level] = contacts.make_circle(uid, name)
        contacts.put(uid, self.circles[level], self.uids["circe"])
        note = plant(f"note of a request ({level})", {owner, "member"}, set())
        contacts.request(self.uids["marie"], uid, note)
        contacts.block(uid, self.uids["bela"])

    def mark(self, what, level, plant=None, **more):
        """Return a marker for what the owner of *level* shows to that audience."""
        plant = plant or self.canaries.text
        return plant(f"{what} ({level})", allowed(level), readers(level), **more)

    def space(self, level):
        """Say something of every kind to *level*."""
        profiles, owner = self.request.find_service(IProfiles), self.members[OWNERS[level]]
        for kind in (KINDS[kind] for kind in self.kinds if kind in KINDS):
            given = {"audience": self.audience(level), **self.value(level, kind)}
            if kind.label:
                given["label"] = self.mark(f"label of {kind.name}", level)
            profiles.add(owner, kind.name, given)
        for kind in (kind for kind in self.kinds if kind in STANDING):
            profiles.limit(profiles.stand(owner, kind), self.audience(level))

    def value(self, level, kind):
        """Return the marked value of an element of *kind*."""
        plant = self.canaries.plant
        if kind.form == "day":
            day = date(1961, 3, 10 + LEVELS.index(level))
            self.mark(kind.name, level, plant, word=f"{day.day} mars 1961")
            return {"value": day}
        if kind.form == "phone":
            return {"value": self.mark(kind.name, level, plant, word=NUMBERS[level])}
        if kind.form == "picture":
            # What is kept is what a reader's browser is sent.
            parts = [self.mark(f"{size} picture", level, plant) for size in ("large", "small")]
            return {"value": "", "picture": Picture(*(part.encode() for part in parts))}
        if kind.form in ADDRESSES:
            return {"value": ADDRESSES[kind.form].format(self.mark(kind.name, level, plant))}
        return {"value": self.mark(kind.name, level)}

    def forum(self, level):
        """Write in a forum that *level* reads; whom its author has blocked may see it."""
        words, removals = (self.request.find_service(one) for one in (IForums, IRemovals))
        author, may, must = self.uids[OWNERS[level]], allowed(level), readers(level)
        if level == "chosen":  # its author is none of those who read it
            must = must - {f"owner of {level}"}
        else:
            may = {*may, "blocked"}
        plant = self.canaries.plant
        # Operators make forums, and write what stands over them.
        about = [plant(f"{p} of a forum ({level})", {*may, "operator"}, must) for p in "tb"]
        forum = words.add_forum(
            f"f-{level}", about[0], description=about[1], audience=self.audience(level)
        )
        text = [self.canaries.text(f"{p} of a topic ({level})", may, must) for p in "tb"]
        topic = words.open_topic(forum, author, *text).__parent__
        self.attach(topic.posts[topic.id], level, may, must)
        edited = words.reply(topic, author, plant(f"words before an edit ({level})", ()))
        words.edit(edited, self.canaries.text(f"an edited post ({level})", may, must))
        deleted = words.reply(topic, author, plant(f"a deleted post ({level})", ()))
        words.reply(topic, author, f"[quote:{encode(deleted.id)}]\n\nOui.")
        removals.delete(deleted)
        self.moderate(topic, level)

    def attach(self, post, level, may, must):
        """Put a file beside the words of *post*."""
        name = self.canaries.plant(f"name of an attached file ({level})", may, must)
        # Owners look at pages only, and follow nothing from there.
        text = self.canaries.plant(
            f"text of an attached file ({level})", may, must - {f"owner of {level}"}
        )
        attachments = self.request.find_service(IAttachments)
        attachments.put(post, post.owner, f"{name}.txt", text.encode())

    def moderate(self, topic, level):
        """Have a post hidden for a reason, its own words quoted elsewhere, and one reported."""
        words, plant = self.request.find_service(IForums), self.canaries.plant
        author, common = self.uids[OWNERS[level]], level != "chosen"
        moderators = {"moderator"} if common else set()
        may = {*moderators, f"owner of {level}"}
        hidden = words.reply(topic, author, plant(f"a hidden post ({level})", may, moderators))
        words.reply(topic, author, f"[quote:{encode(hidden.id)}]\n\nNon.")
        reason = plant(f"the reason why it is hidden ({level})", may, moderators)
        removals = self.request.find_service(IRemovals)
        removals.set_hidden(hidden, True, reason, by=self.uids["moira"])
        if common:
            told = plant(f"note of a report ({level})", {"member", "moderator"}, {"moderator"})
            self.request.member = self.request.site["members"]["marie"]
            self.request.find_service(IReports).report(
                "forums.post", topic.posts[topic.id], "other", told
            )

    def account(self, level):
        """Name an app password, and begin to write a topic."""
        owner = f"owner of {level}"
        draft = self.canaries.plant(f"a draft ({level})", {owner})
        uid, place = self.uids[OWNERS[level]], "/forums/general/new"
        self.request.find_service(IDrafts).keep(uid, place, {"body": draft})
        name = self.canaries.plant(f"name of a file of a draft ({level})", {owner})
        made = self.request.find_service(IDrafts).made(uid, place)
        self.request.find_service(IAttachments).put(made, uid, f"{name}.txt", b"x")
        title = self.canaries.plant(f"name of an app password ({level})", {owner})
        self.request.find_service(IAppPasswords).make(self.uids[OWNERS[level]], title, ["mail"])


@pytest.fixture(
    scope="module",
    params=[FEW, pytest.param([*KINDS, *STANDING], marks=pytest.mark.slow)],
    ids=["few", "all"],
)
def canaries(request, tmp_path_factory):
    house = House(tmp_path_factory.mktemp("canaries"), ["forums"], {})
    for login in filter(None, ROLES.values()):
        house.member(login, *GROUPS.get(login, ()))
    canaries = Canaries(house, ROLES)
    house.work(lambda made: Planting(canaries, made, request.param).everything())
    canaries.walk(LOOKING)
    for level, login in OWNERS.items():
        pages = [
            f"/members/{login}",
            f"/forums/f-{level}",
            f"/search?q={COMPANION}",
            "/account/app-passwords",
            "/account/drafts",
            "/forums/general/new",
        ]
        canaries.look(f"owner of {level}", pages, steps=1)
    yield canaries
    house.close()


class TestCanaries:
    def test_each_is_seen_by_exactly_those_who_may(self, canaries):
        canaries.settle()

    def test_everybody_looked_everywhere(self, canaries):
        visited = [canaries.visited[role] for role in LOOKING]
        assert min(visited) > 200, canaries.visited
        assert len(canaries.planted) > 60

    @pytest.mark.parametrize("role", ["stranger", "member", "blocked", "operator"])
    def test_a_search_tells_nothing_of_what_cannot_be_read(self, canaries, role):
        closed = [one.word for one in canaries.planted if one.word.startswith("canari")]
        closed = [one for one in closed if one not in canaries.sightings[role]][::5]
        assert len(closed) > 5
        assert canaries.ask_for(role, closed) == []

    def test_a_search_tells_of_what_can(self, canaries):
        body = next(one.word for one in canaries.planted if one.what == "b of a topic (public)")
        assert canaries.ask_for("stranger", [body]) == [body]


class TestArchives:
    def strays(self, canaries, *but):
        """Return what stands in an archive whose member may not read it."""
        found = []
        for role, login in ROLES.items():
            text = exported(canaries.house, login).text if login else ""
            found += [
                f"{one.what}: in the archive of the {role}"
                for one in canaries.planted
                if one.word in text and role not in one.may and not one.what.startswith(but)
            ]
        return found

    def test_no_archive_has_what_its_member_may_not_read(self, canaries):
        assert self.strays(canaries) == []

    def test_an_archive_has_what_is_its_members_own(self, canaries):
        for level, login in OWNERS.items():
            text = exported(canaries.house, login).text
            own = [one for one in canaries.planted if one.may == {f"owner of {level}"}]
            assert own
            # A birthday is written as a date there, not as people say it.
            missing = [one.what for one in own if one.word not in text]
            assert [what for what in missing if not what.startswith("birthday")] == []

    def test_nor_what_a_plugin_keeps_that_is_off(self, canaries):
        canaries.house.reboot([])
        try:
            # Its author took a post back, and the plugin that destroys it was switched off.
            assert self.strays(canaries, "a deleted post") == []
        finally:
            canaries.house.reboot(["forums"])


class TestKit:
    def test_what_is_seen_and_must_not_be_is_named_and_the_other_way_round(self, canaries):
        kit = Canaries(canaries.house, {"stranger": None})
        kit.plant("a word of the help", (), word="Cookies")
        kit.plant("a word of nowhere", ["stranger"])
        kit.plant("another one of the help", ["stranger"], word="session")
        kit.look("stranger", ["/help"], steps=0)
        assert kit.faults() == [
            "a word of the help: the stranger sees it at /help",
            "a word of nowhere: the stranger never sees it",
        ]
        with pytest.raises(AssertionError, match="2 faults"):
            kit.settle()
