"""Whatever goes wrong with the rights of a thing, on whatever page: it stays closed."""

from io import BytesIO
from types import SimpleNamespace

import pytest
from pyramid.authorization import DENY_ALL, Allow, Everyone
from pyramid.config import Configurator
from pyramid.response import Response

from communicate.accounts.content import Members
from communicate.audience import MEMBERS, PRIVATE, PUBLIC, Audience
from communicate.content import Content, Folder, Site
from communicate.ids import encode
from communicate.interfaces import IMembers, IPlugins
from communicate.permissions import OPEN
from communicate.principals import member
from communicate.profile.content import Profile
from communicate.profile.interfaces import IProfiles
from communicate.testing.house import House
from communicate.testing.kit import form_with
from communicate.writing.interfaces import IAttachments
from communicate_articles.interfaces import IArticles
from communicate_articles.words import Written
from communicate_email.content import Account, Mailbox, Office
from communicate_email.interfaces import IDelivery
from communicate_email.letters import Letter
from communicate_forums.interfaces import IForums
from communicate_messages.content import Line
from communicate_messages.interfaces import IMessages, ITaking
from communicate_sms.content import Book, Talk
from communicate_sms.interfaces import ITexts
from communicate_sms.reach import ToNumber
from communicate_spaces.content import Comments
from communicate_spaces.interfaces import ICommenting, IRules
from communicate_vdisk.content import Node
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.sharing import share

ABSTRACT = {Content, Folder, Line, Node}  # nothing in the tree is of these themselves
PLUGINS = ["forums", "spaces", "articles", "messages", "vdisk", "email", "sms"]
# One where nobody is listed yet, and those that have no page of their own, or none for others.
PAGELESS = {Members, Profile, Comments, Office, Account, Mailbox, Book, Talk}
REFUSED = (403, 404)
BODY = "Une burette suffit"
FORUM = "Cercle de lecture"


def descendants(class_):
    """Return *class_* and all that derive from it."""
    found = {class_}
    for child in class_.__subclasses__():
        found |= descendants(child)
    return found


class Rights:
    """A house with something of every class in it, and people who ask for it."""

    def __init__(self, house):
        self.house = house
        self.ines, self.paul = house.member("ines"), house.member("paul")
        house.member("oscar", "operators", "moderators")
        self.topic = self.write("general", "Le volet grince")
        house.work(self.say_something)
        house.work(self.talk)
        people = {name: house.browser(name) for name in ("ines", "paul", "oscar")}
        self.browsers = {**people, "a stranger": house.browser()}
        self.tokens = {name: token(browser) for name, browser in self.browsers.items()}

    def say_something(self, request):
        """Let Inès say where she lives, to everybody."""
        ines = request.find_service(IMembers).by_uid(self.ines)
        values = {"value": "Quimper", "audience": PUBLIC}
        request.find_service(IProfiles).add(ines, "place", values)

    def talk(self, request):
        """Let Inès publish an article, which she comments, and converse with somebody."""
        articles, uid = request.find_service(IArticles), self.ines
        article = articles.begin(uid, Written("Le volet", BODY), PUBLIC)
        articles.publish(article)
        rules = request.find_service(IRules)
        rules.open_space(uid, PUBLIC, PUBLIC, approval=False)
        for thing in (article, rules.wall(uid)):
            request.find_service(ICommenting).add(rules.thread(thing), uid, BODY)
        others = [self.paul, request.find_service(IMembers).by_login("oscar").uid]
        for other in others:
            request.site["messages"].box(other).open_to = MEMBERS
        talk = request.find_service(IMessages).start(uid, others, BODY).__parent__
        taking = request.find_service(ITaking)
        for other in others:
            taking.accept(talk, other)
        taking.rename(talk, uid, "La serre")  # which is an event
        self.keep(request)

    def keep(self, request):
        """Let Inès share a folder with everybody, and a file in it."""
        disks = request.find_service(IDisk)
        folder = disks.make_folder(disks.disk(self.ines), "Volets", self.ines)
        share(request, folder, PUBLIC, PRIVATE, PRIVATE)
        disks.put(folder, "burette.txt", BytesIO(BODY.encode()), self.ines)
        letter = Letter(f"Subject: {BODY}\r\n\r\n{BODY}\r\n".encode())
        request.find_service(IDelivery).deliver(letter, ["ines@localhost"])
        request.find_service(ITexts).send(self.ines, ToNumber("+33612345678"), BODY)

    def write(self, forum, title):
        """Open a topic in *forum*; return its id, which is that of its first post too."""

        def open_topic(request):
            forums = request.site["forums"]
            service = request.find_service(IForums)
            post = service.open_topic(forums[forum], self.ines, title, BODY)
            attachments = request.find_service(IAttachments)
            attachments.put(post, self.ines, "fiche.txt", BODY.encode())
            return post.id

        return self.house.work(open_topic)

    def forum(self, name, audience=PUBLIC):
        """Make a forum that *audience* reads."""
        self.house.work(
            lambda request: request.find_service(IForums).add_forum(name, FORUM, audience=audience)
        )

    def limit(self, forum, audience):
        """Let *audience* read *forum* from now on."""

        def change(request):
            request.find_service(IForums).change_forum(
                request.site["forums"][forum], {"audience": audience}
            )

        self.house.work(change)

    @property
    def classes(self):
        """The content classes of core and of the enabled plugins."""
        own = {"communicate", *self.house.registry.getUtility(IPlugins).packages()}
        found = [one for one in descendants(Content) if one.__module__.partition(".")[0] in own]
        return sorted(found, key=lambda one: (one.__module__, one.__qualname__))

    def things(self, func):
        """Return what *func* makes of each content object in the tree and its request."""

        def look(request):
            storage, following, made = request.site._p_jar.db().storage, None, []
            while True:
                oid, _tid, _data, following = storage.record_iternext(following)
                thing = request.site._p_jar.get(oid)
                if isinstance(thing, Content):
                    made.append(func(thing, request))
                if following is None:
                    return made

        return self.house.work(look)

    def addresses(self):
        """Return where a thing of each class in the tree is found, by class."""
        return dict(
            self.things(lambda thing, request: (type(thing), request.resource_path(thing)))
        )

    def doors(self, class_, path):
        """Return method and address of each view of the things of *class_*, one being at *path*.

        The site is what fixed addresses show, too.
        """
        found = set()
        for item in self.house.registry.introspector.get_category("views"):
            view = item["introspectable"]
            address = self.address(view, class_, path)
            if address is not None:
                methods = view["request_methods"] or ("GET", "POST")
                found |= {(one, address) for one in ("GET", "POST") if one in methods}
        return sorted(found)

    def address(self, view, class_, path):
        """Return the address of *view* for the thing at *path*, or None where it has none."""
        context, route = view["context"], view["route_name"]
        if route is not None:
            known = self.house.registry.introspector.get("routes", route)
            pattern, elsewhere = known["pattern"], known["factory"] is not None
            here = class_ is Site and not elsewhere and not set("{*") & set(pattern)
            return pattern if here else None
        if not isinstance(context, type) or not issubclass(class_, context) or context is object:
            return None
        return f"{path.rstrip('/')}/{view['name'] or ''}"

    def ask(self, who, method, address):
        """Return the status of one request."""
        browser = self.browsers[who]
        if method == "GET":
            return browser.get(address, expect_errors=True).status_int
        values = {"csrf_token": self.tokens[who]}
        return browser.post(address, values, expect_errors=True).status_int

    def status(self, who, address):
        """Return the status of the page at *address*, redirects followed."""
        answer = self.browsers[who].get(address, expect_errors=True)
        return answer.maybe_follow(expect_errors=True).status_int


def token(browser):
    """Return the token that the forms of *browser* carry."""
    return form_with(browser.get("/help"), "csrf_token")["csrf_token"].value


@pytest.fixture(scope="module")
def rights(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("rights"), PLUGINS, {"language": "en"})
    yield Rights(house)
    house.close()


def failing(error):
    """Return an ACL that raises *error*."""

    def fail(_self):
        raise error("its owner cannot be loaded")

    return property(fail)


class Bare(SimpleNamespace):
    """A thing that somebody forgot to give an ACL."""


class Open(Bare):
    """Beside it, one that has an ACL."""

    __acl__ = [(Allow, Everyone, (OPEN,)), DENY_ALL]


@pytest.fixture
def hang(rights, monkeypatch):
    """Return what hangs a thing under the site, with a page that everybody may open."""

    def hang(name, thing):
        config = Configurator(registry=rights.house.registry)
        config.add_view(lambda _request: Response("open"), context=type(thing), permission=OPEN)
        config.commit()
        held = Site.__getitem__

        def get(site, asked):
            if asked != name:
                return held(site, asked)
            thing.__parent__, thing.__name__ = site, name
            return thing

        monkeypatch.setattr(Site, "__getitem__", get)

    return hang


class TestEveryClass:
    def test_ends_its_acl_with_a_denial(self, rights):
        ends = rights.things(lambda thing, _request: (type(thing), thing.__acl__[-1]))
        assert [class_ for class_, end in ends if end != DENY_ALL] == []
        assert set(rights.classes) - {class_ for class_, _end in ends} == ABSTRACT

    @pytest.mark.parametrize(
        "error", [AttributeError, pytest.param(RuntimeError, marks=pytest.mark.slow)]
    )
    def test_is_closed_on_every_page_when_its_acl_raises(self, rights, error, caplog):
        asked, wrong = 0, []
        for class_, path in rights.addresses().items():
            for method, address in rights.doors(class_, path):
                for who in rights.browsers:
                    caplog.clear()
                    with pytest.MonkeyPatch.context() as patch:
                        patch.setattr(class_, "__acl__", failing(error))
                        status = rights.ask(who, method, address)
                    asked += 1
                    if status not in REFUSED or f"ACL of {class_.__name__}" not in caplog.text:
                        wrong.append((class_.__name__, who, method, address, status))
        assert wrong == []
        assert asked > 100, asked

    def test_opens_again_when_its_acl_is_whole(self, rights):
        addresses = rights.addresses()
        found = {rights.status("oscar", addresses[one]) for one in addresses.keys() - PAGELESS}
        assert found == {200}


class TestContext:
    def test_without_an_acl_it_is_refused_inside_an_open_folder(self, rights, hang):
        hang("bare", Bare())
        assert {rights.ask(who, "GET", "/bare") for who in rights.browsers} == {403}

    def test_with_one_it_is_open(self, rights, hang):
        hang("open", Open())
        assert {rights.ask(who, "GET", "/open") for who in rights.browsers} == {200}


class TestWider:
    @pytest.fixture
    def address(self, rights):
        """Return the address of a topic for everybody in a forum that only Inès reads."""
        rights.forum("cercle", Audience("chosen", [member(rights.ines)]))
        number = rights.write("cercle", "Lettre ouverte")

        def widen(request):
            request.site["forums"].topic(number).audience = PUBLIC

        rights.house.work(widen)
        return f"/forums/cercle/{encode(number)}"

    def test_it_is_reached_by_its_own_address_and_shows_no_parents_name(self, rights, address):
        browser = rights.browsers["a stranger"]
        assert rights.status("a stranger", "/forums/cercle") in REFUSED
        page = browser.get(address).maybe_follow()
        assert BODY in page
        assert FORUM not in page
        assert browser.get(f"{address}/{address[-13:]}").maybe_follow().status_int == 200
        assert FORUM in rights.browsers["ines"].get(address).maybe_follow()


class TestNarrower:
    def test_it_counts_at_the_next_request_on_every_path(self, rights):
        rights.forum("ouvert")
        number = encode(rights.write("ouvert", "Un sujet"))
        topic = f"/forums/ouvert/{number}"
        paths = ["/forums/ouvert", topic, f"{topic}/latest", f"{topic}/{number}"]
        audiences = [
            (PUBLIC, {"a stranger", "ines", "paul", "oscar"}),
            (MEMBERS, {"ines", "paul", "oscar"}),
            (Audience("chosen", [member(rights.paul)]), {"paul"}),
            (PUBLIC, {"a stranger", "ines", "paul", "oscar"}),
        ]
        for audience, readers in audiences:
            rights.limit("ouvert", audience)
            for path in paths:
                found = {who for who in rights.browsers if rights.status(who, path) == 200}
                assert found == readers, (audience, path)
