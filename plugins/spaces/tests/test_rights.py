"""Who reads a comment: who reads what it is about, at this moment, and nobody else."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC
from communicate.interfaces import IAudiences, IContacts, IMembers
from communicate.permissions import DELETE, EDIT, MODERATE, VIEW
from communicate.principals import Viewer
from communicate.security import decide
from communicate_spaces.interfaces import IRules
from communicate_spaces.lines import Lines
from communicate_spaces.permissions import APPROVE, UNDO
from communicate_spaces.places import find_comment, find_thing

from .conftest import ROLES, on_page

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

    def test_who_is_blocked_comments_nothing(self, place):
        place.open()
        place.block("olga", "bela")
        place.click("bela", "/members/olga/comments/write", body="Coucou", status=404)


class TestOnePageAsksOnce:
    """A page asks once for all; that gives what asking for each comment gives."""

    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        readers=st.sampled_from(["private", "contacts", "members", "public"]),
        viewer=st.sampled_from(VIEWERS),
        block=st.sampled_from([None, ("olga", "bela"), ("bela", "olga"), ("bela", "marie")]),
        state=st.sampled_from(["", "hidden", "deleted", "waits"]),
    )
    def test_readable_as_permits_says(self, place, readers, viewer, block, state):
        place.open(readers, "members")
        number = place.comment("bela")

        def ask(request):
            request.tm.doom()
            comment = find_comment(request, number)
            comment.hidden, comment.waits = state == "hidden", state == "waits"
            comment.deleted = 1 if state == "deleted" else 0
            if block is not None:
                one, other = (place.uids[login] for login in block)
                request.find_service(IContacts).block(one, other)
            request.member = request.find_service(IMembers).by_login(viewer) if viewer else None
            request.viewer = Viewer(request.member, request.site["members"])
            lines = Lines(request, comment.thread)
            if lines.opens and not lines.owns:  # else no page is shown, or it hides more
                assert lines.readable(comment) == bool(decide(request.viewer, comment, VIEW))

        try:
            place.do(ask)
        except Exception as error:
            if "doomed" not in str(error).lower():
                raise
