"""Every form with values that nobody means well: a clear 4xx, nothing stored, or no harm done."""

import re
from urllib.parse import quote, urlsplit

import pytest

from communicate.testing.attack import encoded, multipart
from communicate.testing.crawl import shape
from communicate.testing.hostile import NEVER, ODD, OVERSIZED
from communicate.testing.wire import FORM

from .turns import some

TEXT = ("text", "textarea", "email", "password", "search")
NEEDED = ("csrf_token", "login", "password", "body", "present")
#: Content types, and bodies (None: that of a good form) that are no form.
UNREADABLE = {
    "application/json": b'{"csrf_token": "x", "body": "y"}',
    "text/plain": None,
    "application/octet-stream": b"\x00\xff" * 50,
    "text/xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "multipart/form-data": b"--x\r\n",
    "multipart/form-data; boundary=": b"--\r\n\r\n--",
    "multipart/form-data; boundary=limite7": b"--limite7\r\nContent-Disposition: form-da",
    "multipart/form-data; boundary=autre": b"--limite7\r\n\r\n\r\n--limite7--",
    "multipart/form-data; boundary=\xff": b"--\xff\r\n\r\n--\xff--",
    f"multipart/form-data; boundary={'y' * 300}": b"--" + b"y" * 300 + b"\r\n",
    "multipart/mixed; boundary=limite7": b"--limite7--",
    "": None,
    "nonsense": None,
    FORM: b"",
}
CHARSETS = ("utf-16", "latin-1", "utf-7", "rot13", "zlib", "nonsense", "\xff")
# Every run tries these; the slow tests try the others.
FEW = ("NUL", "lone surrogate", "hostile HTML", "huge number")
FEW_UNREADABLE = ("application/json", "multipart/form-data", "")
FEW_CHARSETS = ("utf-16", "nonsense")
ACTIONS = {
    "/login", "/join", "/reset", "/language", "/appearance", "/logout", "/confirm",
    "/new-password", "/confirm-address", "/account", "/account/password", "/account/address",
    "/account/sessions", "/account/notices", "/account/erase", "/notices", "/unsubscribe",
    "/login/passkey", "/account/second-factor/app", "/account/second-factor/passkey",
    "/first-steps", "/report/forums.post/*", "/moderate/*", "/operate/jobs", "/forums/manage",
    "/forums/general/settings", "/forums/general/new", "/forums/general/*",
    "/forums/general/*/moderate", "/forums/general/*/*/edit", "/forums/general/*/*/delete",
    "/forums/general/*/*/moderate", "/forums/general/*/hide", "/forums/general/*/*/hide",
    "/forums/general/*/move", "/forums/general/*/*/split", "/forums/general/*/follow",
    "/forums/general/*/answer", "/forums/general/follow", "/account/forums", "/forums/read",
    "/forums/general/read",
} | {
    "/contacts", "/contacts/ask", "/contacts/circles", "/contacts/sort",
    "/members/ines/profile/*/audience", "/members/ines/profile/*/edit",
    "/members/ines/profile/*/move", "/members/ines/add", "/members/ines/stand",
    "/members/ines/arrange",
} | {
    "/operate/cases/new", "/operate/cases/*", "/account/privacy/cases",
    "/operate/requests/*", "/privacy/request", "/privacy/request/confirm",
    "/moderate/suspend", "/moderate/suspended/lea",
}  # fmt: skip


def view_in(path):
    """Return the name of the view in *path*, which numbers and ids may follow."""
    *_more, last = re.sub(r"(/(\d+|\*))+$", "", shape(path)).split("/")
    return last


class TestWalk:
    def test_no_link_that_a_visitor_finds_is_dead(self, place):
        """But for the one from a mail to Inès: it is nobody else's."""
        dead = {role: found.failures for role, found in place.found.items()}
        others = [fault for faults in dead.values() for fault in faults if "address?" not in fault]
        assert others == dead["member"] == []

    def test_it_finds_every_form_there_is(self, place):
        actions = {shape(urlsplit(form.action).path) for _role, form in place.forms()}
        assert ACTIONS - actions == set()

    def test_whatever_takes_a_post_is_reached_by_a_form(self, place):
        """Else this file would not try it."""
        introspector = place.house.registry.introspector
        posting = {
            view["introspectable"]["name"]
            for view in introspector.get_category("views")
            if "POST" in (view["introspectable"].get("request_methods") or ())
        }
        tried = {view_in(urlsplit(form.action).path) for _role, form in place.forms()}
        assert posting - tried - {""} == set()


class TestValues:
    @pytest.mark.parametrize("value", some(NEVER, FEW))
    def test_what_is_no_text_is_refused_in_every_field(self, place, attack, value):
        for role, form, one, rest in place.fields():
            attack.post(role, form, [*rest, (one.name, NEVER[value])], refused=True)
        attack.settle()

    @pytest.mark.parametrize("value", some(ODD, FEW))
    def test_what_is_odd_is_refused_with_a_sentence_or_does_no_harm(self, place, attack, value):
        for role, form, one, rest in place.fields():
            attack.post(role, form, [*rest, (one.name, ODD[value])])
        attack.settle()

    @pytest.mark.slow
    def test_what_is_too_long_is_refused_in_every_field_that_people_fill_in(self, place, attack):
        for role, form, one, rest in place.fields():
            refused = one.kind in TEXT or one.name == "csrf_token"
            attack.post(role, form, [*rest, (one.name, OVERSIZED)], refused=refused)
        attack.settle()

    def test_what_is_missing_is_asked_for(self, place, attack):
        for role, form, one, rest in place.fields():
            needed = one.name in NEEDED and not form.action.endswith("/links")  # at will there
            attack.post(role, form, rest, refused=needed)
        attack.settle()

    @pytest.mark.slow
    def test_two_values_are_not_one(self, place, attack):
        for role, form, one, rest in place.fields():
            twice = [(one.name, b"encore"), (one.name, b"toujours")]
            attack.post(role, form, [*rest, *twice], refused=one.kind in TEXT)
        attack.settle()

    @pytest.mark.slow
    def test_a_file_is_no_text(self, place, attack):
        for role, form, one, rest in place.fields():
            body, kind = multipart(rest, (one.name, b"\x00\xff<script>"))
            attack.post(role, form, body, kind, refused=one.kind in TEXT)
        attack.settle()

    @pytest.mark.slow
    def test_markers_of_nested_forms_mean_nothing(self, place, attack):
        start, end = ("__start__", b"body:mapping"), ("__end__", b"body:mapping")
        for role, form in place.forms():
            for stuck in ([start], [end], [start, ("title", b"x"), end], [start, end, end]):
                attack.post(role, form, [*stuck, *place.filled(form)])
        attack.settle()


class TestBodies:
    @pytest.mark.parametrize("kind", some(UNREADABLE, FEW_UNREADABLE))
    def test_a_body_that_cannot_be_read_is_refused(self, place, attack, kind):
        for role, form in place.forms():
            given = UNREADABLE[kind]
            body = encoded(place.filled(form)) if given is None else given
            attack.post(role, form, body, kind, refused=True)
        attack.settle(20)

    @pytest.mark.parametrize("charset", some(CHARSETS, FEW_CHARSETS))
    def test_another_charset_than_ours_is_refused(self, place, attack, charset):
        for role, form in place.forms():
            body = encoded(place.filled(form))
            attack.post(role, form, body, f"{FORM}; charset={charset}", refused=True)
        attack.settle(20)

    @pytest.mark.slow
    @pytest.mark.parametrize("count", [20, 5000])
    def test_unknown_fields_do_no_harm(self, place, attack, count):
        many = [(f"champ{number}", b"x") for number in range(count)]
        for role, form in place.forms():
            attack.post(role, form, [*place.filled(form), *many], refused=count > 1000)
        attack.settle(20)

    def test_one_larger_than_is_taken_is_refused_with_a_page_that_says_so(self, place, attack):
        form = place.form(place.topic, "body")
        body = encoded([*place.filled(form), ("body", b"x" * (11 * 2**20))])
        assert attack.post("member", form, body, refused=True).status == 413
        attack.settle(1)


class TestForgery:
    """Every form needs a token that only our pages know, from our own origin."""

    TOKENS = ("", "a" * 40, quote("é"), "%ff", "%00", "x" * 100_000, "null")
    HEADERS = (
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://localhost.evil.example"),
        ("Origin", "http://localhost:81"),
        ("Origin", "http://local\xffhost"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    )

    FEW_HEADERS = (HEADERS[0], HEADERS[1], HEADERS[-1])

    @pytest.mark.parametrize("token", some(TOKENS, ("", "%ff"), lambda token: token[:10]))
    def test_another_token_is_refused(self, place, attack, token):
        for role, form in place.forms():
            rest = [(n, v) for n, v in place.filled(form) if n != "csrf_token"]
            attack.post(role, form, [*rest, ("csrf_token", token.encode())], refused=True)
        attack.settle(20)

    def test_the_token_of_another_member_is_refused(self, place, attack):
        def token_of(role):
            form = place.form("/", "csrf_token", place.wires[role])
            return dict(form.values())["csrf_token"].encode()

        for role, form in place.forms():
            stolen = token_of("member" if role == "operator" else "operator")
            rest = [(n, v) for n, v in place.filled(form) if n != "csrf_token"]
            attack.post(role, form, [*rest, ("csrf_token", stolen)], refused=True)
        attack.settle(20)

    @pytest.mark.parametrize("header", some(HEADERS, FEW_HEADERS, str))
    def test_a_page_of_another_site_cannot_send_our_forms(self, place, attack, header):
        for role, form in place.forms():
            body, headers = encoded(place.filled(form)), [("Content-Type", FORM), header]

            def ask(role=role, form=form, body=body, headers=headers):
                return place.wires[role].ask("POST", form.action, body, headers)

            attack.judge(f"{role} {form.action}", ask, refused=True)
        attack.settle(20)
