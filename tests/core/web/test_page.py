from datetime import timedelta

import pytest

from communicate.audience import LEVELS, Audience
from communicate.content import Content
from communicate.interfaces import IMembers
from communicate.web import marks
from communicate.web.i18n import Plural
from communicate.web.page import Page


@pytest.fixture
def page(request_of):
    """Return the helper of a stranger's request."""
    return request_of.page


class TestAddresses:
    def test_of_things_are_relative_and_without_a_closing_slash(self, page):
        assert page.url(page.request.site) == "/"
        assert page.url(page.request.site["members"]) == "/members"
        assert page.url(page.request.site["members"], "claire") == "/members/claire"

    def test_of_paths_quote_what_is_put_into_them(self, page):
        assert page.url("/forums", "a/b c?") == "/forums/a%2Fb%20c%3F"
        assert page.url("/", "é") == "/%C3%A9"
        assert page.url("/x", after=None, q="a&b=c") == "/x?q=a%26b%3Dc"

    @pytest.mark.parametrize(
        ("path", "query", "here"),
        [("/help", "", "/help"), ("/é", "a=1", "/%C3%A9?a=1"), ("/<b>", "", "/%3Cb%3E")],
    )
    def test_of_the_page_itself_are_safe_to_write(self, request_of, path, query, here):
        request_of.path_info, request_of.query_string = path, query
        assert Page(request_of).here == here

    def test_of_a_page_that_was_posted_leave_the_query_out(self, request_of):
        request_of.method, request_of.query_string = "POST", "token=1"
        assert Page(request_of).here == "/"

    def test_of_a_path_that_does_not_decode_lead_home(self, request_of):
        request_of.environ["PATH_INFO"] = "/\xff"
        assert Page(request_of).here == "/"


class TestPeople:
    def test_are_links_to_their_space(self, page):
        uid = page.request.find_service(IMembers).by_login("claire.morvan").uid
        assert page.author(uid) == (
            '<a class="name" href="/members/claire.morvan">claire.morvan</a>'
        )
        assert page.login_of(uid) == "claire.morvan"

    @pytest.mark.parametrize("uid", [None, 12345])
    def test_who_are_gone_have_a_word_and_no_link(self, page, uid):
        assert page.author(uid) == '<span class="name quiet">un ancien membre</span>'
        assert page.login_of(uid) is None

    @pytest.mark.parametrize(
        ("login", "initials"),
        [
            ("claire.morvan", "CM"),
            ("odile", "OD"),
            ("a", "A"),
            ("jean-paul.roux", "JP"),
            ("", "?"),
        ],
    )
    def test_have_the_initials_of_their_login(self, login, initials):
        assert marks.initials(login) == initials

    def test_keep_their_colour(self, page):
        assert page.avatar("claire", "s") == page.avatar("claire", "s")
        assert 'class="av av-s hue-' in page.avatar("claire", "s")


class TestBadges:
    @pytest.mark.parametrize("level", LEVELS)
    def test_have_an_icon_and_a_word(self, page, level):
        badge = page.badge(Audience(level))
        assert f"aud is-{level}" in badge
        assert "bi bi-" in badge
        assert "Visible par\xa0:" in badge

    def test_show_what_counts_not_what_was_chosen(self, page):
        thing = Content(owner=1, audience=Audience("members"))
        assert "Membres" in page.badge(thing)


class TestWords:
    def test_plurals_carry_the_number_as_people_write_it(self, page):
        assert page.plural(Plural("${n} post", "${n} posts", "none"), 1200) == "1\u202f200 posts"

    def test_sentences_are_filled_in(self, page):
        assert page.say("Hello ${login}", login="x") == "Hello x"

    def test_figures_come_from_the_formats(self, page):
        assert page.size(2000) == "2\xa0ko" or page.size(2000) == "2 ko"
        assert page.number(1000) == "1\u202f000"
        assert page.list(["a", "b"]) == "a et b"
        assert page.span(timedelta(days=2)).endswith("jours")
        assert "il y a" in page.time(page.now - timedelta(minutes=5))

    def test_a_member_reads_times_in_a_zone_of_their_own(self, request_of):
        member = request_of.find_service(IMembers).by_login("claire.morvan")
        member.zone = "Pacific/Auckland"
        request_of.member = member
        stored = 1_764_000_000_000  # 2025-11-24T16:00:00Z
        assert Page(request_of).exact(stored) == "mardi 25 novembre 2025 à 05:00"


class TestPager:
    def test_has_the_links_that_there_are(self, page):
        both = page.pager("?before=1", "?after=2")
        assert 'rel="prev" href="?before=1"' in both
        assert 'rel="next" href="?after=2"' in both
        assert "prev" not in page.pager(None, "?after=2")
        assert page.pager() == ""


class TestBare:
    def test_asks_neither_the_session_nor_the_tree(self, request_of):
        bare = Page(request_of, bare=True)
        assert (bare.member, bare.menu, bare.notices, bare.login) == (None, [], [], "")
        assert (bare.csrf(), bare.version, bare.theme) == ("", "", None)
        assert not {"member", "site", "root_map"} & set(request_of.__dict__)


class TestVersion:
    def test_is_shown_to_operators_alone(self, site, claire):
        version = marks.software_version()
        assert f"version {version}" in site.browser("odile").get("/").text
        assert f"version {version}" not in claire.get("/").text
