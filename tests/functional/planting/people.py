"""Who writes and who looks: an owner for each audience, and readers of every other kind."""

from communicate.audience import LEVELS, Audience
from communicate.interfaces import IContacts, IMembers
from communicate.notifications import plans
from communicate.notifications.kinds import kinds_of
from communicate.notifications.services import make_inbox
from communicate.principals import circle

PLUGINS = ["forums", "spaces", "articles", "messages", "vdisk", "email", "sms"]
OWNERS = {level: f"owner-{level}" for level in LEVELS}
ROLES = {
    "stranger": None,
    "member": "marie",
    "contact": "colin",
    "circle": "circe",
    "blocked": "bela",
    "author": "anna",  # a contact, who comments what the owners show
    "moderator": "moira",
    "operator": "oscar",
    **{f"owner of {level}": login for level, login in OWNERS.items()},
}
LOOKING = [role for role in ROLES if not role.startswith("owner")]
GROUPS = {"moira": ("moderators",), "oscar": ("operators",)}
SIGNED_IN = {"member", "contact", "circle", "author", "moderator", "operator"}
READERS = {
    "private": set(),
    "contacts": {"contact", "circle", "author"},
    "chosen": {"circle"},
    "members": SIGNED_IN,
    "public": {*SIGNED_IN, "stranger"},
}
COMMON = ("members", "public")  # what a moderator may read


def readers(level):
    """Return who sees what the owner of *level* shows to that audience: who looks everywhere."""
    return {*READERS[level], f"owner of {level}"}


def allowed(level):
    """Return who may see it: the other owners are members, and look at their own things only."""
    others = {f"owner of {other}" for other in LEVELS if level in COMMON}
    return {*readers(level), *others}


class Writing:
    """One request that writes; *things* learns by id whose words are governed by an ACL."""

    def __init__(self, canaries, things, request):
        self.canaries, self.things, self.request = canaries, things, request
        members = request.find_service(IMembers)
        self.members = {login: members.by_login(login) for login in ROLES.values() if login}
        self.uids = {login: member.uid for login, member in self.members.items()}
        self.circles = {}
        self.pages = {role: [] for role in ROLES}  # where a role looks besides

    def owner(self, level):
        """Return the uid of the owner of *level*."""
        return self.uids[OWNERS[level]]

    def audience(self, level):
        """Return that audience of what the owner of *level* writes."""
        return Audience(level, [circle(self.circles[level])] if level == "chosen" else ())

    def word(self, what, may, must=None):
        """Return a marker of no search."""
        return self.canaries.plant(what, may, must)

    def text(self, what, may, must=None):
        """Return a marker that a search may find."""
        return self.canaries.text(what, may, must)

    def hold(self, text, thing):
        """Remember that the ACL of *thing* says who reads *text*; return *thing*."""
        self.things[text.partition(" ")[0]] = thing.id
        return thing

    def befriend(self, level):
        """Let the owner of *level* know three people, one of them in a circle, and be asked."""
        contacts, uid = self.request.find_service(IContacts), self.owner(level)
        owner = f"owner of {level}"
        for login in ("colin", "circe", "anna"):
            contacts.request(self.uids[login], uid)
            contacts.accept(uid, self.uids[login])
        name = self.word(f"name of a circle ({level})", {owner}, set())
        self.circles[level] = contacts.make_circle(uid, name)
        contacts.put(uid, self.circles[level], self.uids["circe"])
        note = self.word(f"note of a request ({level})", {owner, "member"}, set())
        contacts.request(self.uids["marie"], uid, note)

    def be_told(self):
        """Let everybody have every notice by mail at once."""
        for uid in self.uids.values():
            kinds = kinds_of(self.request.registry)
            make_inbox(self.request, uid).choices = dict.fromkeys(kinds, plans.NOW)

    def part(self, level):
        """Have the owner of *level* block somebody."""
        self.request.find_service(IContacts).block(self.owner(level), self.uids["bela"])
