"""Staff with a case and without one look everywhere: who sees what is narrower than members.

One operator opens a case on what Olga says of herself, another approves; it is read by the first.
Everybody then follows every link and opens every view.
"""

from io import BytesIO

import pytest

from communicate.audience import LEVELS, PRIVATE, Audience
from communicate.cases.interfaces import ICases
from communicate.cases.reading import cases_of
from communicate.interfaces import IMembers, INotifications
from communicate.principals import member
from communicate.profile.interfaces import IProfiles
from communicate.testing.canaries import COMPANION, Canaries
from communicate.testing.house import House
from communicate.testing.matrix import Matrix
from communicate.writing.interfaces import IAttachments, IDrafts
from communicate_articles.interfaces import IArticles
from communicate_articles.words import Written
from communicate_email.interfaces import IDelivery, IMailStore
from communicate_email.letters import Letter
from communicate_forums.interfaces import IForums
from communicate_messages.interfaces import IMessages
from communicate_sms.interfaces import ITexts
from communicate_sms.reach import ToNumber
from communicate_spaces.interfaces import ICommenting, IRules
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.sharing import share

from .planting.people import PLUGINS

ROLES = {"operator": "oscar", "approver": "omar", "moderator": "moira", "owner": "olga"}
GROUPS = {"oscar": ("operators",), "omar": ("operators",), "moira": ("moderators",)}
NARROW = ("private", "contacts", "chosen")
ELEMENT = "communicate.element"


class Site:
    """A house with a word in each thing of Olga, and one case."""

    def __init__(self, folder):
        self.house = House(folder, PLUGINS, {})
        for login in (*ROLES.values(), "paul"):
            self.house.member(login, *GROUPS.get(login, ()))
        self.canaries = Canaries(self.house, ROLES)
        self.matrix = Matrix(self.house, ROLES)
        self.opened, self.closed = set(), set()
        self.house.work(self.fill)
        self.number = self.house.work(self.open)

    def fill(self, request):
        uids = {one: request.find_service(IMembers).by_login(one).uid for one in (*GROUPS, "paul")}
        olga = request.find_service(IMembers).by_login("olga")
        chosen = Audience("chosen", [member(uids["paul"])])
        for level in LEVELS:
            audience = chosen if level == "chosen" else Audience(level)
            may = {"owner", "operator"} if level in NARROW else set(ROLES)
            word = self.canaries.text(f"an element ({level})", may, may - {"owner"})
            given = {"value": word, "audience": audience}
            element = request.find_service(IProfiles).add(olga, "interest", given)
            self.matrix.belongs(word, element)
            if level in NARROW:
                self.opened.add(element.id)
        words = request.find_service(IForums)
        forum = words.add_forum("cercle", "Cercle", audience=chosen)
        text = [self.canaries.text(f"{part} of a topic", {"owner"}, ()) for part in "tb"]
        post = words.open_topic(forum, olga.uid, *text)
        self.matrix.belongs(text[0], post.__parent__)
        self.keep(text[1], post)
        self.keep_more(request, olga, chosen, uids["paul"])

    def keep(self, text, thing):
        """Expect *thing*, in which *text* is, to be closed to staff whatever the case opens."""
        self.matrix.belongs(text, thing)
        self.closed.add(thing.id)

    def keep_more(self, request, olga, chosen, paul):
        """Have Olga write what Paul reads, and nobody yet, in the other services."""
        text = self.canaries.text("an article", {"owner"}, ())
        articles = request.find_service(IArticles)
        article = articles.begin(olga.uid, Written(text, text), chosen)
        articles.publish(article)
        self.keep(text, article)
        rules = request.find_service(IRules)
        rules.open_space(olga.uid, chosen, chosen, approval=False)
        for thing, name in ((article, "an article"), (rules.wall(olga.uid), "the space")):
            text = self.canaries.text(f"a comment on {name}", {"owner"}, ())
            words = request.find_service(ICommenting)
            self.keep(text, words.add(rules.thread(thing), olga.uid, text))
        request.site["messages"].box(paul).open_to = Audience("members")
        text = self.canaries.text("a message", {"owner"}, ())
        message = request.find_service(IMessages).start(olga.uid, [paul], text)
        self.keep(text, message)
        name = self.canaries.plant("a file", {"owner"}, ())
        for holder in (article, message):
            files = request.find_service(IAttachments)
            files.put(holder, olga.uid, f"{name}.txt", name.encode())
        text = self.canaries.text("a folder", {"owner"}, ())
        disks = request.find_service(IDisk)
        folder = disks.make_folder(disks.disk(olga.uid), text, olga.uid)
        share(request, folder, chosen, PRIVATE, PRIVATE)
        self.keep(text, folder)
        for where, name in ((folder, "shared"), (disks.disk(olga.uid), "own")):
            text = self.canaries.text(f"a file ({name})", {"owner"}, ())
            self.keep(text, disks.put(where, f"{text}.txt", BytesIO(text.encode()), olga.uid))
        self.have_mail(request, olga)
        text = self.canaries.text("a text message", {"owner"}, ())
        sent = request.find_service(ITexts).send(olga.uid, ToNumber("+33612345678"), text)
        self.keep(text, sent.__parent__)
        draft = {"body": self.canaries.text("a draft", {"owner"}, ())}
        request.find_service(IDrafts).keep(olga.uid, "/articles/write", draft)

    def have_mail(self, request, olga):
        """Have mail come in for Olga, into a folder of hers."""
        store = request.find_service(IMailStore)
        name = self.canaries.text("a folder of mail", {"owner"}, ())
        box = store.boxes(store.opened(olga.uid)).make(name)
        self.keep(name, box)
        text = self.canaries.text("a mail", {"owner"}, ())
        raw = f"From: luce@x.example\r\nSubject: {text}\r\n\r\n{text}\r\n".encode()
        request.find_service(IDelivery).deliver(Letter(raw), ["olga@localhost"])
        store.copy(store.opened(olga.uid).box("inbox"), [1], box)
        self.matrix.belongs(text, box)

    def open(self, request):
        members = request.find_service(IMembers)
        request.member = members.by_login("oscar")
        service = request.find_service(ICases)
        terms = {"kinds": [ELEMENT], "reason": "Plainte", "ends": service.present + 86_400_000}
        case = service.ask(members.by_login("olga"), **terms)
        request.member = members.by_login("omar")
        service.approve(case)
        return case.id

    def log(self):
        def read(request):
            reads = cases_of(request).cases[self.number].reads.values()
            return [(one.who, one.kind, one.item) for one in reads]

        return self.house.work(read)

    def uid(self, login):
        return self.house.work(lambda r: r.find_service(IMembers).by_login(login).uid)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("cases"))
    yield site
    site.house.close()


class TestOnAnyPath:
    def test_no_path_differs_from_the_acls_while_a_case_is_open(self, site):
        for viewer in ("operator", "moderator"):
            assert site.matrix.differences(viewer) == []
        assert site.log() == []

    def test_each_word_is_seen_by_exactly_those_who_may(self, site):
        site.canaries.walk(["operator", "approver", "moderator"])
        assert site.canaries.faults() == []
        assert min(site.canaries.visited[one] for one in ("operator", "moderator")) > 100

    def test_what_is_narrow_was_seen_on_pages_of_the_case_only(self, site):
        narrow = [one for one in site.canaries.planted if "operator" in one.must]
        places = [site.canaries.sightings["operator"][one.word] for one in narrow]
        by_case = [one for one in places if one.startswith("/operate/cases/")]
        assert len(by_case) == len(NARROW)

    def test_a_search_knows_nothing_of_the_case(self, site):
        hidden = [one.word for one in site.canaries.planted if "moderator" not in one.may]
        assert len(hidden) == len(NARROW) + 14
        assert site.canaries.ask_for("operator", hidden) == []
        assert COMPANION  # each of them stands beside it

    def test_each_reading_is_in_the_log_and_nothing_else_is(self, site):
        log = site.log()
        assert {who for who, _kind, _item in log} == {site.uid("oscar")}
        assert {kind for _who, kind, _item in log} == {ELEMENT}
        read = {item for _who, _kind, item in log}
        assert site.opened <= read
        assert not read & site.closed

    def test_the_member_was_told(self, site):
        unread = site.house.work(
            lambda r: r.find_service(INotifications).unread(
                r.find_service(IMembers).by_login("olga").uid
            )
        )
        assert unread >= 2
        page = site.house.browser("olga").get("/account/privacy/cases").text
        assert "oscar" in page
        assert "Plainte" in page
