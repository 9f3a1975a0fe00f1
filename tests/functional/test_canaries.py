"""A marker in everything that members write, for every audience: who comes across which one.

Everybody looks everywhere (`communicate.testing.canaries`): a stranger, a member, a contact, a
member of a circle, somebody who was blocked, who comments, a moderator, an operator.
"""

import imaplib
import logging
import poplib
import re
from datetime import timedelta
from email import message_from_string

import pytest

from communicate.interfaces import IClock
from communicate.profile.kinds import AVATAR, DIRECTORY, KINDS, STANDING
from communicate.serving.logs import clean
from communicate.storage.pack import pack
from communicate.stores import stores_of
from communicate.testing.archives import exported
from communicate.testing.canaries import COMPANION, Canaries
from communicate.testing.house import PASSWORD
from communicate.testing.kit import form_with

from .planting import mail, sms
from .planting.people import LOOKING, OWNERS, PLUGINS, ROLES
from .planting.programs import ELSEWHERE, WAYS, Programs, asked
from .planting.site import Site
from .test_raw_bytes import traces

#: Seen by every run; all kinds of elements take their turn with the slow tests.
FEW = ("name", "picture", "phone", "other", AVATAR, DIRECTORY)
COMMON = {"member", "operator"}  # words that both may read are for many


def pages_of(level, login):
    """Return where the owner of *level* looks."""
    return [
        f"/members/{login}",
        f"/members/{login}/comments",
        f"/members/{login}/comments/waiting",
        f"/members/{login}/articles",
        f"/forums/f-{level}",
        f"/search?q={COMPANION}",
        "/account/app-passwords",
        "/account/drafts",
        "/articles/drafts",
        "/forums/general/new",
        "/disk",
        "/messages",
        "/messages/requests",
    ]


class Kept(logging.Handler):
    """What a served site would write into its log."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture(
    scope="module",
    params=[FEW, pytest.param([*KINDS, *STANDING], marks=pytest.mark.slow)],
    ids=["few", "all"],
)
def site(request, tmp_path_factory):
    log = Kept()
    log.addFilter(clean)
    logging.getLogger().addHandler(log)
    site = Site(tmp_path_factory.mktemp("canaries"), request.param, full=request.param != FEW)
    site.canaries.walk(LOOKING)
    for level, login in OWNERS.items():
        role = f"owner of {level}"
        own = [*site.pages[role], *mail.pages(site.house, level)]
        site.canaries.look(role, [*pages_of(level, login), *own], steps=1)
    site.programs = Programs(site.house)
    site.programs.look(site.canaries)
    logging.getLogger().removeHandler(log)
    site.log = "\n".join(log.lines)
    yield site
    site.programs.stop()
    site.house.close()


@pytest.fixture(scope="module")
def later(site):
    """Return the site once what is due has been done."""
    site.house.registry.getUtility(IClock).offset += timedelta(minutes=3)
    site.house.run_jobs()
    return site


@pytest.fixture
def canaries(site):
    return site.canaries


class TestCanaries:
    def test_each_is_seen_by_exactly_those_who_may(self, canaries):
        canaries.settle()

    def test_everybody_looked_everywhere(self, canaries):
        visited = [canaries.visited[role] for role in LOOKING]
        assert min(visited) > 200, canaries.visited
        assert len(canaries.planted) > 350

    @pytest.mark.parametrize("role", ["stranger", "member", "blocked", "operator"])
    def test_a_search_tells_nothing_of_what_cannot_be_read(self, canaries, role):
        closed = [one.word for one in canaries.planted if one.word.startswith("canari")]
        closed = [one for one in closed if one not in canaries.sightings[role]][::25]
        assert len(closed) > 5
        assert canaries.ask_for(role, closed) == []

    @pytest.mark.parametrize(
        "what",
        ["b of a topic", "b of an article out", "a reply on an article"],
    )
    def test_a_search_tells_of_what_can(self, canaries, what):
        word = next(one.word for one in canaries.planted if one.what == f"{what} (public)")
        assert canaries.ask_for("stranger", [word]) == [word]


class TestLog:
    def test_says_nothing_that_anybody_wrote(self, site):
        assert [one.what for one in site.canaries.planted if one.word in site.log] == []


class TestLive:
    def test_of_a_conversation_those_are_told_who_take_part_or_did(self, site):
        def readers(request):
            members, held = request.site["members"], request.site["messages"]
            gone = {members["circe"].uid}  # who has left one
            return {one.id: {*one.parts, *gone} for one in held.conversations.values()}

        known = site.house.work(readers)
        told = [(uids, number) for uids, what, number in site.told if what == "messages.changed"]
        assert {number for _uids, number in told} == set(known)
        assert [number for uids, number in told if not set(uids) <= known[number]] == []


def closed(role):
    """Return the status of what *role* learns nothing of, whether it is there or not."""
    return 403 if role == "stranger" else 404


class TestMail:
    """Whoever knows an address of somebody's mail, which no link tells, finds nothing there."""

    @pytest.mark.parametrize("level", OWNERS)
    def test_nothing_is_read_there_by_anybody_else(self, site, level):
        for role, address in mail.asked(site, level, "GET"):
            reply = site.canaries.browsers[role].get(address, expect_errors=True)
            assert (reply.status_int, role, address) == (closed(role), role, address)
            assert site.canaries.words_in(reply.text) == set()

    def test_nothing_is_done_there_by_anybody_else(self, site):
        level, browsers = "public", site.canaries.browsers
        before = mail.state(site.house, level)
        pages = {role: browsers[role].get("/help") for role in LOOKING}
        tokens = {role: form_with(pages[role], "csrf_token")["csrf_token"].value for role in pages}
        for role, address in mail.asked(site, level, "POST"):
            sent = {"csrf_token": tokens[role], "act": "delete", "uid": "1", "sure": "yes"}
            reply = browsers[role].post(address, sent, expect_errors=True)
            assert (reply.status_int, role, address) == (closed(role), role, address)
        assert mail.state(site.house, level) == before

    def test_what_waits_to_leave_is_counted_by_operators_and_read_by_nobody(self, site):
        for role in LOOKING:
            reply = site.canaries.browsers[role].get("/outgoing", expect_errors=True)
            assert (reply.status_int, role) == (200 if role == "operator" else 403, role)
            assert ("x.example" in reply.text) is (role == "operator")
            assert site.canaries.words_in(reply.text) == set()


class TestPrograms:
    """Whoever reads mail with a program gets what is their own, all of it, and nothing else."""

    @pytest.mark.parametrize("level", OWNERS)
    @pytest.mark.parametrize("way", WAYS)
    def test_an_owner_gets_everything(self, site, way, level):
        text = site.programs.all_of(way, OWNERS[level])
        what = f" of mail ({level})"
        own = {one.what: one.word in text for one in site.canaries.planted if what in one.what}
        wanted = {name for name in own if " of what " in name}
        if way == "IMAP":
            wanted |= {f"label{what}", f"name of a folder{what}"}
        else:  # the inbox alone
            wanted = {name for name in wanted if "what came in" in name}
        assert len(wanted) > 5
        assert {name for name in wanted if not own[name]} == set()

    @pytest.mark.parametrize("way", WAYS)
    def test_nobody_gets_what_is_not_theirs(self, site, way):
        """A reader who has no mail gets none: nothing of anybody's comes along."""
        for role, login in ROLES.items():
            text = site.programs.all_of(way, login) if login else ""
            found = site.canaries.words_in(text)
            own = {one.word for one in site.canaries.planted if one.may == {role}}
            assert found <= own, role

    def test_no_name_of_a_folder_leads_to_somebody_elses(self, site):
        places = [one.format(login="owner-public") for one in ELSEWHERE]
        with site.programs.reading("marie") as client:
            [own_room] = re.findall(rb"\* QUOTA .*", asked(client, "GETQUOTAROOT INBOX"))
            for place in places:
                for command in ("SELECT {}", "EXAMINE {}", "GETACL {}", "STATUS {} (SIZE)"):
                    answer = asked(client, command.format(f'"{place}"')).splitlines()[-1]
                    assert b" OK " not in answer, (command, place)
                room = asked(client, f'GETQUOTAROOT "{place}"')
                assert b"* QUOTA " not in room or own_room in room, place
                assert b"canari" not in room + asked(client, f'LIST "{place}" "*"')

    @pytest.mark.parametrize("way", WAYS)
    def test_a_password_of_ones_own_opens_nobody_elses(self, site, way):
        secrets = site.programs.secrets
        for login, secret in (
            ("owner-public", secrets["marie"]),
            ("owner-public", PASSWORD),
            ("marie", site.programs.secret("marie", "disk")),
        ):
            site.programs.secrets = {login: secret}
            open_ = site.programs.reading if way == "IMAP" else site.programs.fetching
            with pytest.raises((imaplib.IMAP4.error, poplib.error_proto)), open_(login):
                pass
        site.programs.secrets = secrets


class TestTexts:
    """Whoever knows an address of somebody's text messages finds nothing there."""

    @pytest.mark.parametrize("level", OWNERS)
    def test_nothing_is_read_there_by_anybody_else(self, site, level):
        asked = 0
        for role, address in sms.asked(site, level, "GET"):
            reply = site.canaries.browsers[role].get(address, expect_errors=True)
            assert (reply.status_int, role, address) == (closed(role), role, address)
            assert site.canaries.words_in(reply.text) == set()
            asked += 1
        assert asked > 20

    def test_nothing_is_done_there_by_anybody_else(self, site):
        level, browsers = "public", site.canaries.browsers
        before = sms.state(site.house, level)
        pages = {role: browsers[role].get("/help") for role in LOOKING}
        tokens = {role: form_with(pages[role], "csrf_token")["csrf_token"].value for role in pages}
        for role, address in sms.asked(site, level, "POST"):
            sent = {"csrf_token": tokens[role], "text": "Oui", "to": "06 12 34 55 44"}
            reply = browsers[role].post(address, sent, expect_errors=True)
            assert (reply.status_int, role, address) == (closed(role), role, address)
        assert sms.state(site.house, level) == before


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
            missing = [one.what for one in own if one.word not in text]
            # A birthday is written as a date there, a number by its digits: not as people read it.
            missing = [what for what in missing if not what.endswith(sms.READ)]
            assert [what for what in missing if not what.startswith("birthday")] == []

    def test_nor_what_a_plugin_keeps_that_is_off(self, canaries):
        canaries.house.reboot([])
        try:
            # Its author took a post back, and the plugin that destroys it was switched off.
            assert self.strays(canaries, "a deleted") == []
        finally:
            canaries.house.reboot(PLUGINS)


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


class TestLater:
    """What is due has been done: notices are mailed, and what was deleted is destroyed."""

    def test_no_letter_carries_a_word_of_anybody(self, later):
        letters = [message_from_string(letter) for letter in later.house.letters()]
        texts = [f"{one['Subject']} {one.get_payload(decode=True).decode()}" for one in letters]
        assert len([text for text in texts if "/notices/" in text]) > 3
        found = set().union(*map(later.canaries.words_in, texts))
        assert [one.what for one in later.canaries.planted if one.word in found] == []

    def test_no_file_holds_what_is_not_for_many(self, later):
        pack(stores_of(later.house.registry))
        few = [one for one in later.canaries.planted if not one.may & COMMON]
        # A block hides words at once that many could read; the catalog keeps those.
        few = [one for one in few if not one.what.startswith("a comment of the blocked")]
        assert len(few) > 200
        words = {one.word: one.what for one in few if one.word.startswith("canari")}
        found = traces(later.house.folder / "var", *words)
        assert [(place, words[word]) for place, word in found] == []
