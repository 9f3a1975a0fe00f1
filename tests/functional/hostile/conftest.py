"""A whole site with things in it, served on a socket, and a browser for each role.

Its forms are found by walking it as a stranger, a member, a moderator and an operator; its views
and the names in its queries are read from the application itself, so that what is added later is
tried too.
"""

import itertools
import logging
import re
from urllib.parse import quote_plus, urlsplit

import pytest

from communicate.accounts.tokens import ADDRESS, DELETION, INVITATION, JOIN, RESET, Tokens
from communicate.audience import PUBLIC
from communicate.cases import strangers
from communicate.cases.interfaces import ICases
from communicate.contacts.services import REQUEST
from communicate.ids import LENGTH
from communicate.interfaces import IContacts, IDatabase, IMembers, INotifications, IOutbox
from communicate.notifications import doors
from communicate.notifications.services import make_inbox
from communicate.outbox.services import outbox_of
from communicate.profile.interfaces import IProfiles
from communicate.reports.interfaces import ISuspensions
from communicate.settings.limits import LIMITS
from communicate.storage.work import work
from communicate.testing.attack import Attack, encoded, send
from communicate.testing.crawl import Form, crawl, forms_on, query_names, shape
from communicate.testing.house import PASSWORD, House
from communicate.testing.wire import Served, Wire
from communicate.writing import drafting
from communicate.writing.interfaces import IAttachments
from communicate_forums.interfaces import IForums, IRemovals

from . import planted_mail, planted_sms
from .planted import PLUGINS, plant, scripted

ROLES = {"member": "ines", "moderator": "moira", "operator": "oscar", "stranger": None}
GROUPS = {"moira": ("moderators",), "oscar": ("operators",)}
#: What makes a form valid but for the field that is tried.
VALID = {
    "title": "Le volet grince",
    "body": "Un peu d'huile suffit.",
    "email": "neuve@example.org",
    "password": PASSWORD,
    "terms": "yes",
    "weight": "5",
    "audience": "public",
    "open": "members",
    "reply": "members",
    "value": "Rennes",
    "label": "travail",
    "to": "paul",
    "subject": "La haie",
}
KEPT = ("csrf_token", "once")
LISTED = ("author", "language", "month", "tag", "to")  # read by name from a whole query
DELETED = {"what": "Une photo", "where": "/", "why": "C'est moi"}
DELETED |= {"address": "jeanne@example.org", "language": "fr"}
LAST = ("/delete", "/logout", "/erase")


class Place:
    def __init__(self, folder):
        limits = {f"communicate.limits.{name}": "100000/minute" for name in LIMITS}
        settings = {**limits, **planted_mail.SETTINGS, **planted_sms.SETTINGS}
        self.house = House(folder, PLUGINS, {"forums.page_size": 5, **settings})
        self.served = Served(self.house)
        self.database = self.house.registry.getUtility(IDatabase)
        self.serial = itertools.count()
        self.kept = {}  # transaction in which a draft was kept -> the one before it

    def fill(self):
        """Make members, a topic of three pages, links of every kind, and work that failed."""
        for login in (*filter(None, ROLES.values()), "paul", "lea"):
            self.house.member(login, *GROUPS.get(login, ()))
        self.wires = {role: Wire(self.served.port) for role in ROLES}
        for role in ROLES:
            self.sign_in(role)
        self.sign_in("member")  # once more: only who has another session is offered to end it
        self.topic = self.open_topic()
        self.attached = self.house.work(self.attach)
        self.starts = [
            "/",
            self.topic,
            "/members/ines",
            "/members/paul",
            *self.house.work(self.links),
        ]
        self.house.work(self.fail_a_job)
        self.house.work(self.tell)
        self.house.work(self.open_a_case)
        own = {"member": ["/contacts", self.house.work(self.know)], "operator": [self.report()]}
        planted, self.places = plant(self.house)
        own["member"] += planted
        own["moderator"] = [self.places["hidden"], self.places["hidden file"], "/mail"]
        self.house.work(self.answer)
        self.starts.insert(0, self.delete_a_post())  # its page offers to undo that, ten seconds
        self.found = {
            role: crawl(wire, [*self.starts, *own.get(role, ())])
            for role, wire in self.wires.items()
        }
        token = dict(self.form("/", "csrf_token").values())["csrf_token"]
        for form in scripted(token, self.places):
            self.found["member"].forms[form.shape] = form

    def sign_in(self, role):
        """Open a session for *role*; a stranger has none."""
        if ROLES[role]:
            wire = self.wires[role]
            wire.cookies.clear()
            form = self.form("/login", "password", wire)
            assert send(wire, form, login=ROLES[role], password=PASSWORD).status == 303

    def form(self, path, name, wire=None):
        """Return the form on the page *path* that has a field *name*."""
        wire = wire or self.wires["member"]
        forms = forms_on(wire.ask("GET", path), path)
        return next(form for form in forms if any(one.name == name for one in form.fields))

    def open_topic(self):
        wire = self.wires["member"]
        form = self.form("/forums/general/new", "title")
        answer = send(wire, form, title="Les volets", body="Ils grincent.")
        path = urlsplit(answer.header("location")).path
        for number in range(12):
            send(wire, self.form(path, "body"), body=f"Réponse {number}")
        return path

    def delete_a_post(self):
        """Delete the last post on the first page of the topic; return where that leads."""
        wire = self.wires["member"]
        forms = forms_on(wire.ask("GET", self.topic), self.topic)
        last = [form for form in forms if form.action.endswith("/delete")][-1]
        return send(wire, last).header("location")

    @staticmethod
    def attach(request):
        """Put a file beside the words of the first post; return its address."""
        topic = next(iter(request.site["forums"].topics.values()))
        post = topic.posts[topic.id]
        attachments = request.find_service(IAttachments)
        made = attachments.put(post, post.owner, "plan.txt", b"Le plan")
        return request.resource_path(made).rstrip("/")

    @staticmethod
    def links(request):
        """Return an address of every kind that a mail can carry."""
        tokens, members = Tokens(request), request.find_service(IMembers)
        joining = {"login": "neuf", "address": "n@example.org", "password": "x"}
        joining |= {"language": "fr", "consent": {}}
        paul, ines = members.by_login("paul").uid, members.by_login("ines").uid
        moving = {"address": "a@example.org"}
        door = doors.secret_of(request, paul, make_inbox(request, paul))
        return [
            f"/confirm?token={tokens.make(JOIN, joining)}",
            f"/join?invitation={tokens.make(INVITATION, {'address': 'i@example.org'})}",
            f"/new-password?token={tokens.make(RESET, {}, paul)}",
            f"/confirm-address?token={tokens.make(ADDRESS, moving, ines)}",
            f"/unsubscribe?token={door}",
            f"/privacy/request/confirm?token={tokens.make(DELETION, DELETED)}",
        ]

    def report(self):
        """Let the moderator report the topic's first post; return where an operator may, too."""
        path = f"/report/forums.post/{self.topic.rpartition('/')[2][:LENGTH]}"
        wire = self.wires["moderator"]
        form = self.form(path, "reason", wire)
        pairs = [(name, quote_plus(value).encode()) for name, value in form.values()]
        sent = [pair for pair in pairs if pair[0] != "reason"]
        assert wire.post(path, encoded([*sent, ("reason", b"other")])).status == 303
        return path

    @staticmethod
    def tell(request):
        """Tell Inès that Paul asks for something: a notice that she can read."""
        members = request.find_service(IMembers)
        to, by = (members.by_login(login).uid for login in ("ines", "paul"))
        request.find_service(INotifications).send(REQUEST, to, by=by, path="/help")

    @staticmethod
    def open_a_case(request):
        """Let Oscar, the only operator, read what Inès posts; suspend Léa; be asked to delete."""
        members = request.find_service(IMembers)
        request.member = members.by_login("oscar")
        cases, ines = request.find_service(ICases), members.by_login("ines")
        terms = {"kinds": ["forums.post"], "reason": "Plainte", "ends": cases.present + 86_400_000}
        cases.ask(ines, **terms)
        strangers.confirm(request, Tokens(request).make(DELETION, DELETED))
        suspensions, lea = request.find_service(ISuspensions), members.by_login("lea")
        suspensions.suspend(lea, why="Menaces", judge=request.member.uid)
        suspensions.appeal(lea, "Ce n'est pas moi")

    def answer(self, request):
        """Let somebody else write, so that something is new; hide a post on the first page."""
        uid = request.find_service(IMembers).by_login("paul").uid
        topic = request.site["forums"]["general"][self.topic.rpartition("/")[2]]
        hidden = next(itertools.islice(topic.posts.values(), 2, None))
        request.find_service(IRemovals).set_hidden(hidden, True, "Hors sujet", uid)
        request.find_service(IForums).reply(topic, uid, "Une burette suffit.")

    @staticmethod
    def know(request):
        """Have Inès know Paul, who is in a circle, be asked, ask and block somebody.

        Return the address of the audience of something that she says of herself.
        """
        members, contacts = request.find_service(IMembers), request.find_service(IContacts)
        ines, paul, moira, oscar = (
            members.by_login(login).uid for login in ("ines", "paul", "moira", "oscar")
        )
        contacts.request(paul, ines)
        contacts.accept(ines, paul)
        contacts.put(ines, contacts.make_circle(ines, "Potager"), paul)
        contacts.request(moira, ines, "Bonjour")
        contacts.request(ines, oscar)
        contacts.block(ines, members.by_login("lea").uid)
        profiles, member = request.find_service(IProfiles), members.by_uid(ines)
        for place in ("Quimper", "Brest"):
            profiles.add(member, "place", {"value": place, "audience": PUBLIC})
        place = profiles.stand(member, "directory")
        return f"{request.resource_path(place)}audience"

    @staticmethod
    def fail_a_job(request):
        number = request.find_service(IOutbox).add("forums.destroy", {"post": 1})
        outbox = outbox_of(request)
        outbox.give_up(outbox.jobs[number])

    def repair(self):
        """Undo what requests that were taken have done: sign in again, open what was closed."""
        for role, login in ROLES.items():
            if login and self.wires[role].ask("GET", "/account").status != 200:
                self.sign_in(role)
        self.house.work(self.open_up)

    def open_up(self, request):
        forum = request.site["forums"]["general"]
        fresh = type(forum)()
        forum.audience, forum.grants = fresh.audience, fresh.grants
        topic = forum[self.topic.rpartition("/")[2]]
        topic.locked = False
        request.find_service(IRemovals).set_hidden(topic, False)

    # What there is to attack

    def forms(self):
        """Yield role and form, each kind of form once; those that end something come last."""
        seen, forms = set(), []
        for role in ROLES:
            for key, form in self.found[role].forms.items():
                if key not in seen:
                    seen.add(key)
                    forms.append((role, form))
        return sorted(forms, key=lambda pair: pair[1].action.endswith(LAST))

    def fields(self):
        """Yield role, form, each of its fields, and valid values for all the others."""
        for role, form in self.forms():
            for one in form.fields:
                yield role, form, one, [(n, v) for n, v in self.filled(form) if n != one.name]

    def filled(self, form: Form):
        """Return the fields of *form* with values that would be taken, percent-encoded."""
        given = []
        for name, value in form.values():
            if name == "login":
                value = "ines" if form.action == "/login" else f"nom{next(self.serial)}"
            elif name == "name":
                value = f"forum-{next(self.serial)}"
            elif name == "present" and "erase" not in form.action:
                value = PASSWORD
            elif name not in KEPT and not value:
                value = VALID.get(name, "")
            # Not the button that leads to a page on which something is chosen first.
            name, value = ("send", "send") if name == "link.from" else (name, value)
            given.append((name, quote_plus(value).encode()))
        return given

    def pages(self, role):
        """Return the paths that *role* found, and one of every view."""
        found = [urlsplit(page).path for page in self.found[role].pages.values()]
        return list(dict.fromkeys([*found, *self.view_addresses()]))

    def kinds(self, role):
        """Return one of *pages* of each kind: ids in their addresses do not tell them apart."""
        return list({shape(page): page for page in reversed(self.pages(role))}.values())

    def view_addresses(self):
        """Return an address of every view that the application has."""
        paths = [path for found in self.found.values() for path in found.pages.values()]
        post = next(path for path in paths if re.search(r"/\w{13}/\w{13}/edit$", path))
        element = next(path for path in paths if re.fullmatch(r"/members/.*/\w{13}/edit", path))
        element = element.removesuffix("/edit")
        places = {
            "Site": "",
            "Forums": "/forums",
            "Forum": "/forums/general",
            "Topic": self.topic,
            "Post": post.removesuffix("/edit"),
            "Attachment": self.attached,
            "Members": "/members",
            "Member": "/members/ines",
            "Profile": "/members/ines/profile",
            "Element": element,
            "Content": element,
            **self.places,
        }
        introspector = self.house.registry.introspector
        for item in introspector.get_category("views"):
            view = item["introspectable"]
            context, route = view["context"], view["route_name"]
            if route and not route.startswith("__"):
                pattern = introspector.get("routes", route)["pattern"]
                yield f"/{pattern.lstrip('/')}"
            elif isinstance(context, type) and not issubclass(context, Exception):
                yield f"{places[context.__name__]}/{view['name']}"

    def names(self):
        """Return the names that core and the plugins look for in queries, and some others."""
        known = query_names(["communicate", *(f"communicate_{one}" for one in PLUGINS)])
        return [*sorted({*known, *LISTED}), "inconnu", "__start__", "next", "lang"]

    def state(self):
        """Return what changes whenever anything but a draft is stored."""
        last = self.database.lastTransaction()
        while last in self.kept:
            last = self.kept[last]
        return last

    def keep(self, registry, func):
        """Do the *work* that keeps what a refused form held, and remember its transaction."""
        before = self.database.lastTransaction()
        work(registry, func)
        after = self.database.lastTransaction()
        if after != before:
            self.kept[after] = before

    def close(self):
        for wire in self.wires.values():
            wire.close()
        self.house.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = Place(tmp_path_factory.mktemp("hostile"))
    with place.served:
        place.fill()
        yield place
    place.close()


@pytest.fixture
def attack(place, monkeypatch):
    """Return what sends requests and keeps a list of what was wrong with the answers."""
    place.repair()
    attack = Attack(place.wires, place.state, place.sign_in)
    monkeypatch.setattr(drafting, "work", place.keep)
    monkeypatch.setattr(logging.getLogger("communicate.web.errors"), "error", attack.note)
    return attack
