import pytest
from markupsafe import Markup

from communicate.web.said import TEMPLATE, Said, Saying
from communicate.web.skeletons import with_fixed

PIECES = (["a ", "x", " b ", "y", " c ", "x", " d"], ("x", "y", "x"))


class TestFixedParts:
    def test_are_put_in_everywhere_and_leave_the_others(self):
        assert with_fixed(PIECES, {"x": "1"}) == (["a 1 b ", "y", " c 1 d"], ("y",))

    def test_are_escaped_but_for_markup(self):
        texts, _names = with_fixed(PIECES, {"x": "<i>", "y": Markup("<b>")})
        assert texts == ["a &lt;i&gt; b <b> c &lt;i&gt; d"]

    @pytest.mark.parametrize("token", ["first", "second"])
    def test_are_those_of_one_request_alone(self, request_of, token):
        request_of.locale_name = "en"
        said = Said("1", Markup("x"), author=token)
        once = Saying(request_of, TEMPLATE, {"author": token})
        assert once.show(said) == Saying(request_of).show(said)
        assert token in once.show(said)
