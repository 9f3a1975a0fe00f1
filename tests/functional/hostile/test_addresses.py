"""Every page with paths and queries that nobody means well."""

from urllib.parse import quote

import pytest

from communicate.ids import encode
from communicate.testing.attack import encoded
from communicate.testing.hostile import HTML, NEVER, ODD, QUERIES

from .asked import readers
from .turns import shortly, some

PLACES = ("after", "before", "deleted")  # names refused before others are looked at
BROKEN = (
    b"%", b"=", b"&&&=&", b"a" * 60_000, b"%ff=1", b"%00=1", b"a=1;b=2", b"+" * 2000, b"a[]=1",
)  # fmt: skip
TAILS = (
    b"%00", b"%07", b"%ff%fe", b"%c3", b"%ed%a0%80", b"%c0%af", b"%2e%2e%2f", b"../../etc/passwd",
    b"//evil.example/", b"__class__", b"__parent__", b"@@edit", b"%40%40edit", b"zzzzzzzzzzzzz",
    b"0" * 13, b"f" * 13, b"9" * 400, b"a" * 20_000, b"%s%s%n", quote(HTML).encode(),
    b"edit/edit/edit", b"?", b"%3F", b"%23", b"\\evil", b"_children", b"topics", b";x=1",
    b"%E2%80%AE", b"/" * 500,
)  # fmt: skip
TOPS = (
    b"//evil.example", b"/%5cevil.example", b"/.", b"/..", b"/%2e%2e/%2e%2e", b"/%", b"/%zz",
)  # fmt: skip
NONE = (
    b"/\xff", b"/?a=\xff", b"/?" + b"a" * 300_000, b"http://[::1", b"x", b"/ /", b"/\x00",
)  # fmt: skip


# Every run tries these; the slow tests try the others.
FEW = ("bytes that are no UTF-8", "hostile HTML")
FEW_BROKEN = (b"%", b"a" * 60_000, b"%ff=1")
FEW_TAILS = (b"%00", b"%ff%fe", b"../../etc/passwd", b"zzzzzzzzzzzzz", quote(HTML).encode())


class TestQueries:
    @pytest.mark.parametrize("value", some(QUERIES, FEW))
    def test_every_page_with_every_name_that_queries_know(self, place, attack, value):
        """What is no text is refused whoever looks for it, so once is enough for that."""
        known = place.names()
        later = [name for name in known if name not in PLACES]
        for role in ("operator", "stranger"):
            for page in place.kinds(role):
                for names in (later,) if value in NEVER else (known, later):
                    query = encoded((name, QUERIES[value]) for name in names)
                    attack.get(role, page.encode() + b"?" + query, refused=value in NEVER)
        attack.settle(100)

    @pytest.mark.slow
    @pytest.mark.parametrize("role", ["member", "operator", "stranger"])
    def test_every_page_times_every_name_it_looks_for_times_every_value(self, place, attack, role):
        values = {**ODD, "NUL": NEVER["NUL"], "too long": b"x" * 20_000}
        found = readers(place.wires[role], place.pages(role), place.names(), PLACES)
        for page, names in found.items():
            for name in [*names, "inconnu"]:
                for value in values:
                    query = encoded([(name, values[value])])
                    attack.get(role, page.encode() + b"?" + query, refused=value in NEVER)
        assert {"after", "before"} <= {name for names in found.values() for name in names}
        attack.settle(1000)

    @pytest.mark.parametrize("value", ["huge number", "no id", "id out of range", "empty"])
    def test_a_place_in_a_list_that_is_none_is_refused(self, place, attack, value):
        for page in (place.topic, "/forums/general"):
            for name in PLACES:
                query = encoded([(name, ODD[value])])
                attack.get("member", page.encode() + b"?" + query, refused=True)
        attack.settle(6)

    def test_a_place_given_twice_is_refused(self, place, attack):
        number = place.house.work(lambda request: request.site["forums"]["general"].id)
        for page in (place.topic, "/forums/general"):
            for name in ("after", "before"):
                twice = encoded([(name, encode(number).encode())] * 2)
                attack.get("member", page.encode() + b"?" + twice, refused=True)
        attack.settle(4)

    @pytest.mark.parametrize("query", some(BROKEN, FEW_BROKEN, shortly))
    def test_a_query_that_is_no_query_does_no_harm(self, place, attack, query):
        for page in place.kinds("member"):
            attack.get("member", page.encode() + b"?" + query)
        attack.settle(20)


class TestPaths:
    @pytest.mark.parametrize("tail", some(TAILS, FEW_TAILS, shortly))
    @pytest.mark.slow
    def test_below_every_page(self, place, attack, tail):
        for role in ("operator", "stranger"):
            for page in place.kinds(role):
                attack.get(role, page.encode() + b"/" + tail)
        attack.settle()

    @pytest.mark.parametrize("target", TOPS, ids=shortly)
    def test_at_the_top(self, attack, target):
        assert not attack.get("member", target).header("location").startswith("//")
        attack.settle(1)

    @pytest.mark.parametrize(
        "words", [b"-%3cb%3e", b"-x%0d%0aSet-Cookie:evil=1", b"-evil.example"]
    )
    def test_the_words_in_an_address_are_not_believed(self, place, attack, words):
        """The page leads to the address with its own words, never to one with the visitor's."""
        number = place.topic.rpartition("/")[2][:13].encode()
        reply = attack.get("member", b"/forums/general/" + number + words)
        assert reply.header("location").partition("?")[0] in ("", place.topic)
        attack.settle(1)

    @pytest.mark.parametrize("target", NONE, ids=shortly)
    def test_what_is_no_address_at_all_is_refused_by_the_server(self, place, target):
        wire = place.wires["stranger"]
        reply = wire.ask("GET", target)
        assert 400 <= reply.status < 500
        assert b"Traceback" not in reply.body
        assert wire.ask("GET", "/").status == 200
