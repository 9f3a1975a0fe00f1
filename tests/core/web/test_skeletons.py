import pytest
from markupsafe import Markup

from communicate.web.forms import Button, Form, Schema, blank
from communicate.web.said import TEMPLATE
from communicate.web.skeletons import (
    CommonPage,
    Skeleton,
    as_is,
    close_up,
    in_rows,
    joined,
    text_with,
    with_fixed,
)

PIECES = (["a ", "x", " b ", "y", " c ", "x", " d"], ("x", "y", "x"))
KIND = {"gone": "", "mine": False, "edited": False, "shown": True, "reasoned": False}
PARTS = dict.fromkeys(("number", "path", "avatar", "time", "html", "reason"), "")


class TestFixedParts:
    def test_are_put_in_everywhere_and_leave_the_others(self):
        assert with_fixed(PIECES, {"x": "1"}) == (["a 1 b ", "y", " c 1 d"], ("y",))

    def test_are_escaped_but_for_markup(self):
        texts, _names = with_fixed(PIECES, {"x": "<i>", "y": Markup("<b>")})
        assert texts == ["a &lt;i&gt; b <b> c &lt;i&gt; d"]

    def test_those_of_one_request_are_not_kept_for_the_next(self, request_of):
        request_of.locale_name = "en"
        first, second = (
            Skeleton(request_of, TEMPLATE, {"author": name}).fill(KIND, **PARTS)
            for name in ("anatole", "berenice")
        )
        assert "anatole" in first
        assert "berenice" in second
        assert first.replace("anatole", "berenice") == second
        assert "anatole" not in str(request_of.registry.communicate_skeletons)


class TestJoined:
    def test_puts_markup_in_as_text_with_does(self):
        parts = {"x": Markup("<b>&amp;</b>"), "y": as_is("<i>")}
        made = joined(PIECES, parts)
        assert made == text_with(PIECES, parts) == "a <b>&amp;</b> b <i> c <b>&amp;</b> d"
        assert PIECES[0][1] == "x"
        assert type(as_is("<i>")) is Markup


class TestCloseUp:
    def test_leaves_one_end_of_line_where_lines_were(self):
        assert (
            close_up("<p>\n\n    a b \t\n  <i>c</i> d\r\n</p>  e")
            == "<p>\na b\n<i>c</i> d\n</p>  e"
        )

    def test_leaves_spaces_that_do_not_break(self):
        assert close_up("a\xa0\n\u202f:") == "a\xa0\n\u202f:"

    def test_leaves_what_shows_its_lines(self):
        assert close_up("<p>\n\n<pre>\n  x</pre>") == "<p>\n\n<pre>\n  x</pre>"


class TestInRows:
    def test_puts_in_the_parts_of_one_thing_after_the_other(self):
        columns = {"x": ["<b>1</b>", "2", "3"], "y": ("&amp;", as_is("<i>"), "")}
        rows = zip(columns["x"], columns["y"], strict=True)
        things = [{"x": as_is(x), "y": as_is(y)} for x, y in rows]
        assert in_rows(PIECES, columns, 3) == "".join(joined(PIECES, each) for each in things)
        assert in_rows(PIECES, {"x": [], "y": []}, 0) == ""
        assert in_rows((["alone"], ()), {}, 2) == "alonealone"
        assert PIECES[0] == ["a ", "x", " b ", "y", " c ", "x", " d"]

    @pytest.mark.parametrize("column", [["1"], ["1", "2", "3"]])
    def test_refuses_a_column_of_another_length(self, column):
        with pytest.raises(ValueError, match="size"):
            in_rows(PIECES, {"x": ["1", "2"], "y": column}, 2)


class TestTemplate:
    """What it says is kept and shown to others: it cannot come to anything of somebody's."""

    @pytest.fixture
    def say(self, request_of, tmp_path):
        """Return what renders a template that says one expression."""
        request_of.locale_name = "en"

        def say(expression):
            piece = tmp_path / f"{abs(hash(expression))}.pt"
            piece.write_text(f"<p>${{{expression}}}</p>")
            return Skeleton(request_of, str(piece)).fill({"mine": True})

        return say

    @pytest.mark.parametrize("name", ["login", "member", "here", "unread", "formats", "csrf()"])
    def test_sees_nothing_of_the_viewer(self, say, name):
        with pytest.raises(AttributeError, match="give it to the skeleton as a part"):
            say(f"page.{name}")

    @pytest.mark.parametrize(
        "asked",
        ["request.member", "req.viewer", "context.owner", "view.request", "get_csrf_token()"],
    )
    def test_sees_nothing_of_the_request(self, say, asked):
        with pytest.raises((AttributeError, TypeError)):
            say(asked)

    def test_sees_its_kind_and_what_is_the_same_for_all(self, say, request_of):
        assert say("mine") == "<p>True</p>"
        assert say("page.language") == "<p>en</p>"
        assert say("page.icon('lock')") == f"<p>{request_of.page.icon('lock')}</p>"

    def test_a_form_that_is_kept_sees_no_more(self, request_of):
        def make(action):
            form = Form(Schema(), request_of, [Button("send", "Send")], action=action)
            made.append(form)
            return form

        made = []
        blank(request_of, f"kept-{id(made)}", make, "/here")
        assert isinstance(made[0].page, CommonPage)
