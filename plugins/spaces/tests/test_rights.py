"""Who reads a comment: who reads what it is about, at this moment, and nobody else."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC
from communicate.interfaces import IAudiences, IContacts, IMembers
from communicate.permissions import DELETE, EDIT, MODERATE, VIEW
from communicate.principals import Viewer
from communicate.security import decide
from communicate_spaces.interfaces import ICommenting, IRules
from communicate_spaces.lines import Lines
from communicate_spaces.permissions import APPROVE, UNDO
from communicate_spaces.places import find_comment, find_thing

from .conftest import LEVELS, ROLES, on_page

VIEWERS = (*ROLES, None)


def allowed(place, number, permission):
    """Return who of all holds *permission* on the comment with that id."""

    def ask(request):
        members, thing = request.site["members"], find_comment(request, number)
        by_login = request.find_service(IMembers).by_login
        return {
            login
            for login in VIEWERS
            if decide(Viewer(by_login(login) if login else None, members), thing, permission)
        }

    return place.do(ask)


class TestReading:
    @pytest.mark.parametrize(
        ("audience", "readers"),
        [
            ("private", {"olga", "marie"}),  # marie wrote it, and reads her own words
            ("contacts", {"olga", "marie", "colin"}),
            ("members", set(ROLES)),
            ("public", set(VIEWERS)),
        ],
    )
    def test_follows_the_thing(self, place, audience, readers):
        place.open()
        element = place.element()
        number = place.comment("marie", on=element)
        place.do(
            lambda r: r.find_service(IAudiences).choose(
                find_thing(r, element),
                {"private": PRIVATE, "contacts": CONTACTS, "members": MEMBERS, "public": PUBLIC}[
                    audience
                ],
            )
        )
        assert allowed(place, number, VIEW) == readers

    def test_narrowing_takes_it_from_the_search_at_once(self, place):
        place.open()
        element = place.element()
        number = place.comment("marie", "Un glycinier remarquable", on=element)
        assert number in place.found("colin", "glycinier")
        place.do(lambda r: r.find_service(IAudiences).choose(find_thing(r, element), PRIVATE))
        assert place.found("colin", "glycinier") == set()
        assert place.status("colin", on_page(element)) == 404
        assert place.status("colin", place.path(number)) == 404

    def test_what_waits_is_for_its_author_and_the_owner(self, place):
        place.open(approval=True)
        number = place.comment("marie", "Une pivoine")
        assert allowed(place, number, VIEW) == {"marie", "olga"}
        assert allowed(place, number, APPROVE) == {"olga"}
        assert place.found("colin", "pivoine") == set()
        assert place.found("moira", "pivoine") == set()

    def test_what_is_hidden_is_for_moderators(self, place):
        place.open()
        number = place.comment("marie")
        place.act(number, "set_hidden", True, "Hors sujet", place.uids["moira"])
        assert allowed(place, number, VIEW) == {"moira"}

    def test_a_thread_whose_thing_is_gone_is_closed(self, place):
        place.open()
        element = place.element()
        number = place.comment("marie", on=element)

        def lose(request):
            thing = find_thing(request, element)
            thing.__parent__.remove(thing)

        place.do(lose)
        assert allowed(place, number, VIEW) == set()


class TestWriting:
    def test_the_owner_deletes_and_never_edits(self, place):
        place.open()
        number = place.comment("marie")
        assert allowed(place, number, DELETE) == {"marie", "olga"}
        assert allowed(place, number, EDIT) == {"marie"}
        assert allowed(place, number, MODERATE) == {"moira"}

    def test_who_deleted_takes_it_back_and_nobody_else(self, place):
        place.open()
        number = place.comment("marie")
        place.act(number, "delete", place.uids["olga"])
        assert allowed(place, number, UNDO) == {"olga"}
        assert allowed(place, number, VIEW) == set()

    @pytest.mark.parametrize(
        ("who", "writers"),
        [("private", {"olga"}), ("contacts", {"olga", "colin"}), ("members", set(ROLES))],
    )
    def test_who_may_comment_is_the_owners_choice(self, place, who, writers):
        place.open("members", who)
        assert self.writers(place) == writers

    def test_nobody_comments_what_they_may_not_read(self, place):
        place.open("contacts", "members")
        assert self.writers(place) == {"olga", "colin"}

    def test_chosen_people_of_whom_some_read(self, place):
        place.open(place.only("marie"), place.only("marie", "colin"))
        assert self.writers(place) == {"olga", "marie"}

    def test_a_thing_has_rules_of_its_own(self, place):
        place.open("members", "private")
        element = place.element()
        place.do(lambda r: r.find_service(IRules).limit(find_thing(r, element), MEMBERS))
        assert self.writers(place, element) == set(ROLES)
        place.do(lambda r: r.find_service(IRules).limit(find_thing(r, element), None))
        assert self.writers(place, element) == {"olga"}

    def writers(self, place, on=None):
        def ask(request):
            found = set()
            for login in ROLES:
                request.member = request.find_service(IMembers).by_login(login)
                request.viewer = Viewer(request.member, request.site["members"])
                if request.find_service(IRules).may_comment(place.thread(request, on)):
                    found.add(login)
            return found

        return place.do(ask)


class TestBlocks:
    @pytest.mark.parametrize(("one", "other"), [("olga", "bela"), ("bela", "olga")])
    def test_between_owner_and_author_hide_it_from_all(self, place, one, other):
        place.open()
        number = place.comment("bela", "Une jonquille")
        assert place.shows("colin", "/members/olga/comments", "jonquille")
        place.block(one, other)
        for login in ("colin", "olga", "moira"):
            assert not place.shows(login, "/members/olga/comments", "jonquille"), login
        assert "colin" not in allowed(place, number, VIEW)
        assert place.status("bela", "/members/olga/comments") == (404 if one == "olga" else 200)

    @pytest.mark.parametrize(("one", "other"), [("colin", "bela"), ("bela", "colin")])
    def test_between_reader_and_author_hide_it_from_both(self, place, one, other):
        place.open()
        place.comment("bela", "Une jonquille")
        place.comment("colin", "Une tulipe")
        place.block(one, other)
        assert not place.shows("colin", "/members/olga/comments", "jonquille")
        assert not place.shows("bela", "/members/olga/comments", "tulipe")
        assert place.shows("marie", "/members/olga/comments", "jonquille")

    def test_no_number_is_told_where_a_block_leaves_some_out(self, place):
        place.open()
        for login in ("bela", "colin"):
            place.comment(login, "Une jonquille")
        place.block("colin", "bela")
        assert place.shows("marie", "/members/olga/comments", "2 comments")
        assert not place.shows("colin", "/members/olga/comments", "2 comments")
        assert place.shows("colin", "/members/olga/comments", "Comments</h2>")

    def test_who_is_blocked_comments_nothing(self, place):
        place.open()
        place.block("olga", "bela")
        place.click("bela", "/members/olga/comments/write", body="Coucou", status=404)


STATES = ("", "hidden", "deleted", "waits", "emptied")
PEOPLE = st.sampled_from(["bela", "colin", "olga"])  # few: they meet often
WRITTEN = st.lists(
    st.tuples(PEOPLE, st.sampled_from(STATES), st.booleans()), min_size=1, max_size=6
)


BELA = [("bela", "", False)]


class TestOnePageAsksOnce:
    """A page asks once for all; that gives what asking for each comment gives."""

    @settings(
        max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        readers=st.sampled_from(["private", "contacts", "members", "public"]),
        viewer=st.sampled_from(["bela", "colin", "olga", "moira", None]),
        blocks=st.sets(st.tuples(PEOPLE, PEOPLE), max_size=3),
        written=WRITTEN,
        erased=st.sampled_from([None, "bela", "colin"]),
    )
    @example("members", "colin", {("bela", "colin")}, BELA, None)  # the author the viewer
    @example("members", "colin", {("colin", "bela")}, BELA, None)
    @example("members", "colin", {("bela", "olga")}, BELA, None)  # the author the owner
    @example("members", "colin", {("olga", "bela")}, BELA, None)
    @example("members", "colin", {("olga", "colin")}, BELA, None)  # the owner the viewer
    def test_readable_as_permits_says(self, place, readers, viewer, blocks, written, erased):
        place.open("members", "members")

        def ask(request):
            request.tm.doom()
            thread = place.thread(request)
            comments = [self.write(request, place, thread, *one) for one in written]
            request.find_service(IAudiences).choose(thread.thing, LEVELS[readers])
            self.part(request, place, blocks, erased, comments)
            members = request.find_service(IMembers)
            request.member = members.by_login(viewer) if viewer else None
            request.viewer = Viewer(request.member, request.site["members"])
            lines = Lines(request, thread)
            if lines.opens:  # else no page is shown
                for comment in comments:
                    self.compare(lines, request.viewer, comment)
                each = (Lines(request, thread).shown([one]) for one in thread.comments.values())
                assert lines.shown(thread.comments.values()) == "".join(each)
            return True

        assert place.do(ask)

    def write(self, request, place, thread, author, state, replies):
        """Have *author* write a comment of that *state*, a reply where it *replies* to one."""
        above = next(iter(thread.comments.values()), None) if replies else None
        service = request.find_service(ICommenting)
        comment = service.add(thread, place.uids[author], "Bien dit.", above)
        comment.hidden, comment.waits = state == "hidden", state == "waits"
        comment.deleted = 1 if state == "deleted" else 0
        comment.deleted_by = comment.owner if comment.deleted else None
        if state == "emptied":
            comment.empty()
        return comment

    def part(self, request, place, blocks, erased, comments):
        """Have people block each other, and erase what *erased* has written."""
        for one, other in blocks:
            if one != other:
                request.find_service(IContacts).block(place.uids[one], place.uids[other])
        for comment in comments:
            if erased is not None and comment.owner == place.uids[erased]:
                comment.empty()

    def compare(self, lines, viewer, comment):
        """Compare what the page says of *comment* with what its own ACL says."""
        seen = bool(decide(viewer, comment, VIEW))
        if comment.is_plain and viewer.uid is not None and comment.owner is not None:
            # Beyond the ACL, a page leaves out whom its viewer has blocked.
            contacts = lines.request.find_service(IContacts)
            seen = seen and not contacts.has_blocked(viewer.uid, comment.owner)
        assert lines.readable(comment) == seen
        [html] = lines.htmls([comment])
        assert seen or html is None
        line = lines.line(comment, html)
        if html is not None:
            mine = comment.owner is not None and comment.owner == viewer.uid
            assert line.may_edit == (mine and bool(decide(viewer, comment, EDIT)))
            if comment.is_plain:
                own = lines.moderates and not line.waits
                assert own <= bool(decide(viewer, comment, MODERATE))
