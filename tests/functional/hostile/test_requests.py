"""Methods, cookies and headers that nobody means well; hostile words that members may write."""

import re
from urllib.parse import urlsplit

import pytest

from communicate.testing.attack import send
from communicate.testing.crawl import crawl, forms_on
from communicate.testing.hostile import HTML, MARKDOWN, dangers_in, is_boxed

from .planted_mail import deliver_hostile
from .turns import shortly, some

METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "NONSENSE")
COOKIES = (
    "communicate_session", "communicate_remember", "communicate_step", "csrf", "lang", "notice",
    "inconnu",
)  # fmt: skip
VALUES = (
    "", "x", "x" * 8_000, "\xff\xfe", '"', "=;=;", "%00", "..%2f", "é", "<script>", "a.b.c.d",
    "ines.AAAA.99999999999999999999.AAAA", "-1", "0" * 64, "\\x00", "eyJhbGciOiJub25lIn0.e30.",
    "None", "gASVCgAAAAAAAABLAS4=",
)  # fmt: skip
FORGED = "WyJnb29kIiwgIlBpw6lnw6kiXQ=="  # ["good", "Piégé"], without our MAC
HOSTS = (
    [("Host", "canary.example")],
    [("Host", "canary.example:1"), ("X-Forwarded-Host", "canary.example")],
    [("X-Forwarded-For", "canary.example"), ("Forwarded", "host=canary.example")],
    [("X-Original-URL", "//canary.example"), ("X-Rewrite-URL", "//canary.example")],
    [("Host", ""), ("X-Forwarded-Proto", "canary.example")],
    [("Host", "<script>alert(1)</script>canary.example")],
)
HEADERS = (
    ("Accept-Language", "x" * 5_000), ("Accept-Language", "\xff;q=a"), ("User-Agent", ""),
    ("User-Agent", HTML), ("Referer", "https://evil.example/\xff"), ("Accept", "*/*;q=nan"),
    ("If-Modified-Since", "yesterday"), ("If-None-Match", '"\xff"'), ("Range", "bytes=9-1,-0"),
    ("Content-Length", "0"), ("Authorization", "Basic \xff"), ("Cookie", "\xff" * 2_000),
    ("Content-Type", "\xff/\xfe"), ("X-HTTP-Method-Override", "DELETE"),
)  # fmt: skip
# Every run tries these; the slow tests try the others.
FEW_METHODS = ("PUT", "NONSENSE")
FEW_VALUES = ("", "\xff\xfe", "<script>", "ines.AAAA.99999999999999999999.AAAA")
FEW_HOSTS = HOSTS[1:3]
FEW_HEADERS = (HEADERS[1], HEADERS[3], HEADERS[8], HEADERS[11])
LOGGED = re.compile(r"/operate/cases/\w+/things/.")


class TestMethods:
    @pytest.mark.parametrize("method", some(METHODS, FEW_METHODS))
    def test_no_page_takes_another_one(self, place, attack, method):
        before = place.state()
        for page in place.kinds("operator"):
            attack.judge(page, lambda p=page: place.wires["operator"].ask(method, p, b""))
        attack.settle(20)
        assert place.state() == before

    def test_no_page_is_changed_by_being_read(self, place, attack):
        """What a member has read is remembered; a second reading stores nothing.

        What is read through a case is logged each time.
        """
        pages = [page for page in place.pages("operator") if not LOGGED.match(page)]
        for page in pages:
            attack.get("operator", page)
        before = place.state()
        for page in pages:
            attack.get("operator", page)
        assert place.state() == before
        attack.settle(20)

    def test_head_says_what_get_says(self, place, attack):
        wire = place.wires["member"]
        # Of uploads, HEAD asks how much has come (tus 1.0), and nothing is to be got.
        for page in [one for one in place.pages("member") if not one.endswith("/uploads")]:
            head = attack.judge(page, lambda p=page: wire.ask("HEAD", p), method="HEAD")
            assert (head.status, head.body) == (wire.ask("GET", page).status, b""), page
        attack.settle(20)


class TestCookies:
    @pytest.mark.parametrize("value", some(VALUES, FEW_VALUES, shortly))
    def test_a_bad_one_counts_as_none(self, attack, value):
        for name in COOKIES:
            for page in ("/", "/login", "/forums/general", "/account"):
                reply = attack.get(
                    "stranger", page, ("Cookie", f"{name}={value}".encode("latin-1"))
                )
                assert "ines" not in reply.text.partition("</header>")[0]
        attack.settle(20)

    def test_one_in_front_of_a_good_one_does_not_end_a_session(self, place, attack):
        session = place.wires["member"].cookies["communicate_session"]
        cookie = f"évil=\xff; x; =; communicate_session={session}".encode("latin-1")
        assert attack.get("member", "/account", ("Cookie", cookie)).status == 200

    def test_a_forged_notice_is_not_shown(self, attack):
        reply = attack.get("stranger", "/", ("Cookie", f"notice={FORGED}".encode()))
        assert "Piégé" not in reply.text


class TestHost:
    """RFC 9110, 7.2: what a client says in Host can be anything, and makes no address of ours."""

    @pytest.mark.parametrize("headers", some(HOSTS, FEW_HOSTS, shortly))
    def test_it_is_on_no_page_and_in_no_header(self, place, attack, headers):
        for page in place.kinds("member"):
            reply = attack.get("member", page, *headers)
            assert "canary.example" not in reply.text
            assert not any("canary.example" in value for _name, value in reply.headers)
        attack.settle(20)

    def test_it_is_in_no_mail(self, place):
        wire = place.wires["stranger"]
        form = place.form("/join", "email", wire)
        wire.ask = lambda m, t, b=None, h=(), ask=wire.ask: ask(m, t, b, [*HOSTS[1], *h])
        values = {"login": "garance", "email": "g@example.org", "terms": "yes"}
        try:
            reply = send(wire, form, **values, password="la cloche sonne sous la neige")
        finally:
            del wire.ask
        assert reply.status == 303
        place.house.run_jobs()
        letters = place.house.letters()
        assert any("/confirm?token=" in letter for letter in letters)
        assert not any("canary.example" in letter for letter in letters)

    @pytest.mark.parametrize("header", some(HEADERS, FEW_HEADERS, shortly))
    def test_another_strange_header_does_no_harm(self, place, attack, header):
        name, value = header
        role = "stranger" if name == "Cookie" else "member"
        for page in place.kinds(role):
            attack.get(role, page, (name, value.encode("latin-1")))
        attack.settle(20)


@pytest.mark.usefixtures("attack")
class TestHostileWords:
    """What members may write, hostile or not, is shown as words or cleaned, to everybody."""

    @pytest.mark.parametrize("words", [HTML, MARKDOWN], ids=["html", "markdown"])
    def test_nothing_of_them_runs_in_any_page(self, place, words):
        form = place.form("/forums/general/new", "title")
        reply = send(place.wires["member"], form, title=words[:100], body=words)
        assert reply.status == 303
        for role, wire in place.wires.items():
            found = crawl(wire, [*place.starts, reply.header("location")])
            for page in found.pages.values():
                shows = wire.ask("GET", page)
                assert dangers_in(shows) == [], f"{role} {page}"
        shown = place.wires["member"].ask("GET", urlsplit(reply.header("location")).path).text
        assert "hostile7" in shown
        assert re.search(r'<a [^>]*href="?javascript', shown, re.IGNORECASE) is None

    @pytest.mark.parametrize("words", [HTML, MARKDOWN], ids=["html", "markdown"])
    def test_nothing_of_a_mail_runs_either(self, place, words):
        uid, inbox = place.house.work(lambda request: deliver_hostile(request, words))
        base = inbox.rpartition("/")[0]
        views = [
            f"{inbox}/{view}/{uid}" for view in ("read", "frame", "print", "reply", "forward")
        ]
        lists = [inbox, f"{base}/search?q=hostile7", f"{base}/filters"]
        wire = place.wires["member"]
        found = crawl(wire, [*views, *lists, "/", "/mail"])
        own = [page for page in found.pages.values() if page.startswith(base)]
        assert len(own) > len(views)
        for page in [*views, *own]:
            shows = wire.ask("GET", page)
            assert dangers_in(shows) == [], page
        assert "hostile7" in wire.ask("GET", views[0]).text
        assert is_boxed(wire.ask("GET", views[1]))

    def test_they_come_back_into_the_form_as_they_were_typed(self, place):
        form = place.form("/forums/general/new", "title")
        reply = send(place.wires["member"], form, title="", body=HTML)
        assert reply.status == 400
        fields = [one for again in forms_on(reply, form.action) for one in again.fields]
        assert next(one.value for one in fields if one.name == "body").strip() == HTML
