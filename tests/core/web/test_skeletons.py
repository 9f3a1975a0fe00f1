from markupsafe import Markup

from communicate.web.said import TEMPLATE
from communicate.web.skeletons import Skeleton, with_fixed

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
