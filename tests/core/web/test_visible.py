"""The audience field of a form, apart from any thing: what it shows, takes and refuses."""

import pytest

from communicate.audience import MEMBERS, PUBLIC
from communicate.testing.house import House
from communicate.web import fields
from communicate.web.forms import Form, FormInvalid, Schema, blank


class One(Schema):
    visible = fields.audience(required=False)


class Open(Schema):
    visible = fields.audience(levels=("members", "public"), confirm=False)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("visible"), [], {"language": "en"})
    house.member("ines")
    house.member("paul")
    yield house
    house.close()


@pytest.fixture
def form(house):
    """Return what a form makes of what *login* sends: the value, or the messages."""

    def make(sent, login="ines", schema=One, **values):
        def validate(request):
            request.member = request.site["members"][login] if login else None
            request.method, request.content_type = "POST", "application/x-www-form-urlencoded"
            request.body = "&".join(f"{name}={value}" for name, value in sent).encode()
            made = Form(schema(), request, values=values)
            try:
                return made.validate()["visible"]
            except FormInvalid:
                assert made.render()  # with what was sent
                return [str(one) for one in made.errors[0][1]]

        return house.work(validate)

    return make


class TestField:
    @pytest.mark.parametrize("level", ["private", "contacts", "members"])
    def test_takes_a_level(self, form, level):
        assert form([("visible", level)]).level == level

    def test_takes_people_and_says_who_is_none(self, form, house):
        uid = house.work(lambda request: request.site["members"]["paul"].uid)
        sent = [("visible", "chosen"), ("visible.people", "paul,ines")]
        assert form(sent).chosen == (f"member:{uid}",)  # oneself sees it anyhow
        assert "Nobody has" in form([("visible", "chosen"), ("visible.people", "nemo")])[0]

    def test_names_are_ignored_where_another_answer_is_given(self, form):
        assert form([("visible", "members"), ("visible.people", "nemo")]) == MEMBERS

    def test_nothing_is_nothing(self, form):
        assert form([]) is None
        assert form([("visible.people", "paul")]) is None

    @pytest.mark.parametrize(
        "sent",
        [
            [("visible", "all")],
            [("visible", "members"), ("visible", "public")],
            [("visible", "chosen")],
            [("visible", "chosen"), ("visible.circles", "%00")],
            [("visible", "members"), ("visible.people", "%01")],
            [("visible", "members"), ("visible.people", "a"), ("visible.people", "b")],
            [("visible", "members"), ("visible.people", "x" * 2001)],
            [("visible", "public"), ("visible.sure", "maybe")],
            [("visible", "chosen"), ("visible.people", ",".join(["paul"] * 5 + ["x" * 30]))],
        ],
    )
    def test_what_no_page_sends_is_refused_with_a_sentence(self, form, sent):
        assert form(sent)[0]

    def test_strangers_choose_nobody_by_name(self, form):
        assert form([("visible", "chosen"), ("visible.people", "paul")], login=None)[0]

    def test_public_is_confirmed_unless_it_was_or_is_so_by_nature(self, form):
        assert form([("visible", "public")])[0].startswith("Tick the box")
        assert form([("visible", "public"), ("visible.sure", "yes")]) == PUBLIC
        assert form([("visible", "public")], visible=PUBLIC) == PUBLIC
        assert form([("visible", "public")], schema=Open) == PUBLIC


class TestBlank:
    def test_a_form_that_shows_somebody_s_circles_is_never_kept_for_others(self, house):
        def render(request):
            return blank(request, "x", lambda action: Form(One(), request, action=action), "/x")

        with pytest.raises(TypeError):
            house.work(render)
