import re

import pytest
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationString as Words

from communicate.audience import Audience
from communicate.interfaces import IMembers
from communicate.web import fields
from communicate.web.content import ROOT
from communicate.web.forms import Button, Form, FormInvalid, Schema


class Everything(Schema):
    title = fields.line(Words("Title"), longest=20, help=Words("A few words"))
    body = fields.area(Words("Text"), longest=50)
    secret = fields.password(Words("Password"), required=False)
    kind = fields.choice(Words("Kind"), [("a", "First"), ("b", "Second")], required=False)
    shade = fields.choice(Words("Shade"), [("x", "X"), ("y", "Y")], folded=True, required=False)
    agreed = fields.checkbox(Words("Agreed"))
    count = fields.integer(Words("Count"), low=1, high=9, required=False)
    day = fields.day(Words("Day"), required=False)
    audience = fields.audience(levels=("private", "members"), required=False)
    picture = fields.file(Words("Picture"), required=False)
    mark = fields.hidden()


GOOD = {"title": "Un titre", "body": "Deux\r\nlignes"}


@pytest.fixture
def form(request_with):
    """Return what makes the form of a request that posts the given fields over good ones."""

    def make(**posted):
        sent = {name: value for name, value in {**GOOD, **posted}.items() if value is not None}
        request = request_with(**sent)
        return Form(Everything(), request, [Button("save", "Save"), Button("preview", "Preview")])

    return make


def refusal(form, field):
    """Return what the form says beside *field*, in French, once it has refused the values."""
    with pytest.raises(FormInvalid) as caught:
        form.validate()
    found = {field.name: messages for field, messages in caught.value.form.errors}
    translate = form.request.localizer.translate
    return " ".join(translate(message) for message in found[field])


class TestValues:
    def test_come_back_typed(self, form):
        values = form(
            kind="b", agreed="yes", count="7", day="2026-11-23", audience="members"
        ).validate()
        assert values["body"] == "Deux\nlignes"
        assert (values["kind"], values["agreed"], values["count"]) == ("b", True, 7)
        assert values["day"].isoformat() == "2026-11-23"
        assert values["audience"] == Audience("members")

    def test_that_are_optional_are_empty(self, form):
        values = form().validate()
        assert (values["mark"], values["secret"], values["kind"]) == ("", "", "")
        assert (values["count"], values["day"], values["picture"]) == (None, None, None)
        assert values["agreed"] is False

    def test_lose_the_spaces_around_them_and_are_composed(self, form):
        assert form(title="  e\u0301te\u0301 \t").validate()["title"] == "été"

    def test_of_passwords_stay_exactly_as_typed(self, form):
        assert form(secret="  e\u0301 ").validate()["secret"] == "  e\u0301 "

    def test_of_unknown_names_are_left_out(self, form):
        assert "owner" not in form(owner="1").validate()


class TestRefusals:
    @pytest.mark.parametrize("value", ["a\x00b", "a\x1bb", "\x7f", "a\u0085b", "deux\nlignes"])
    def test_control_characters_in_a_line(self, form, value):
        assert "caractère qui ne peut pas servir" in refusal(form(title=value), "title")

    def test_half_of_a_pair(self, form):
        sent = form()
        sent.request.POST["title"] = "a\ud800"
        assert "caractère qui ne peut pas servir" in refusal(sent, "title")

    @pytest.mark.parametrize("value", ["", "   ", "\t", None])
    def test_nothing_where_something_is_needed(self, form, value):
        assert refusal(form(title=value), "title") == "Il faut remplir ceci."

    def test_too_much_says_how_much(self, form):
        said = refusal(form(title="a" * 21), "title")
        assert said == "Écrivez au plus 20 caractères\u202f; il y en a 21."

    def test_twice_what_is_asked_once(self, form):
        assert refusal(form(title=["a", "b"]), "title") == "Envoyez ici du texte."

    def test_a_file_where_text_is_asked(self, form):
        sent = form()
        sent.request.POST["title"] = Upload("a.txt")
        assert refusal(sent, "title") == "Envoyez ici du texte."

    def test_text_where_a_file_is_asked(self, form):
        assert refusal(form(picture="a.png"), "picture") == "Choisissez un fichier."

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("kind", "c"),
            ("shade", "<script>"),
            ("audience", "public"),
            ("audience", "everyone"),
            ("agreed", "maybe"),
            ("count", "0"),
            ("count", "10"),
            ("count", "1e3"),
            ("count", "9" * 5000),
            ("count", "²"),
            ("day", "2026-13-01"),
            ("day", "tomorrow"),
        ],
    )
    def test_what_is_not_offered(self, form, field, value):
        assert refusal(form(**{field: value}), field)

    def test_a_box_that_must_be_ticked(self, request_with):
        class Consent(Schema):
            consent = fields.checkbox(Words("I agree"), required=True)

        assert refusal(Form(Consent(), request_with()), "consent") == "Il faut remplir ceci."

    def test_by_the_view_beside_a_field(self, form):
        sent = form()
        sent.validate()
        with pytest.raises(FormInvalid):
            sent.fail("title", Words("Taken"))
        assert "Taken" in sent.render()

    def test_by_the_view_for_all_of_it(self, form):
        sent = form()
        with pytest.raises(FormInvalid):
            sent.fail(None, Words("Not today"))
        assert sent.message == "Not today"
        assert "Not today" in sent.render()


class TestRendering:
    def shown(self, form):
        with pytest.raises(FormInvalid):
            form.validate()
        return str(form.render())

    def test_keeps_what_was_typed_escaped(self, form):
        html = self.shown(form(title="", body='</textarea><b "&'))
        assert "&lt;/textarea&gt;&lt;b" in html
        assert "<b " not in html

    def test_never_shows_a_password_again(self, form):
        assert "geheim" not in self.shown(form(title="", secret="geheim"))

    def test_names_each_error_on_top_with_a_link_and_beside_its_field(self, form):
        html = self.shown(form(title="", count="x"))
        assert '<a href="#title">Title</a>' in html
        assert '<a href="#count">Count</a>' in html
        assert 'id="title-error"' in html
        assert re.search(r'<input[^>]*aria-describedby="title-error title-help"', html)
        assert html.count('aria-invalid="true"') == 2

    def test_ties_every_control_to_its_label(self, form):
        html = str(form().render())
        labelled = set(re.findall(r'for="([^"]+)"', html))
        visible = re.findall(
            r'<(?:input|textarea|select)(?![^>]*type="(?:hidden|radio)")[^>]*>', html
        )
        ids = {re.search(r'\bid="([^"]+)"', tag)[1] for tag in visible}
        assert ids <= labelled

    def test_the_first_button_is_the_one_that_saves(self, form):
        buttons = re.findall(r'<button[^>]*name="(\w+)"[^>]*class="([^"]+)"', str(form().render()))
        assert buttons == [("save", "btn btn-primary"), ("preview", "btn btn-plain")]

    def test_carries_no_script_and_no_style(self, form):
        html = str(form().render())
        assert "<script" not in html
        assert "style=" not in html
        assert not re.search(r"\son\w+=", html)

    def test_fills_fields_from_values(self, request_with):
        values = {"title": "Déjà", "agreed": True, "kind": "b", "audience": Audience("members")}
        html = str(Form(Everything(), request_with(), values=values).render())
        assert 'value="Déjà"' in html
        assert re.search(r'type="radio"[^>]*value="b"\s+checked="checked"', html)
        assert re.search(r'value="members"\s+checked="checked"', html)
        assert re.search(r'type="checkbox"[^>]*checked="checked"', html)

    def test_the_audience_opens_on_the_narrowest_choice(self, form):
        assert re.search(r'value="private"\s+checked="checked"', str(form().render()))

    def test_sets_the_fields_of_several_forms_apart(self, request_with):
        html = str(Form(Everything(), request_with(), name="reply").render())
        assert 'id="reply-title" name="title"' in html
        assert 'enctype="multipart/form-data"' in html


class TestButtons:
    def test_the_first_is_pressed_where_none_is_named(self, form):
        assert form().pressed == "save"

    def test_the_one_named_is_pressed(self, form):
        assert form(preview="preview").pressed == "preview"


class TestOnce:
    @pytest.fixture
    def sent(self, site, request_with):
        """Return what makes Claire's request that posts the given fields."""

        def make(path="/form", **posted):
            request = request_with(path, **{**GOOD, **posted})
            request.member = request.find_service(IMembers).by_login("claire.morvan")
            return Form(Everything(), request)

        return make

    def test_the_same_again_is_led_where_the_first_one_was(self, sent):
        first = sent(once="abcdefgh12")
        first.validate()
        assert first.done("/there").headers["Location"] == "/there"
        first.request.tm.commit()
        with pytest.raises(HTTPSeeOther) as caught:
            sent(once="abcdefgh12").validate()
        assert caught.value.headers["Location"] == "/there"

    @pytest.mark.parametrize(
        ("token", "other"),
        [
            ("abcdefgh34", {"title": "Autre"}),
            ("abcdefgh35", {"once": "another-token"}),
            ("abcdefgh36", {"path": "/elsewhere"}),
        ],
    )
    def test_anything_else_is_another_submission(self, sent, token, other):
        first = sent(once=token)
        first.validate()
        first.done("/there")
        first.request.tm.commit()
        assert sent(**{"once": token, **other}).validate()["body"]

    def test_what_was_aborted_may_be_sent_again(self, sent):
        first = sent(once="abcdefgh56")
        first.validate()
        first.done("/there")
        first.request.tm.abort()
        assert sent(once="abcdefgh56").validate()["title"] == "Un titre"

    def test_holds_no_word_of_the_form(self, sent, site):
        form = sent(once="abcdefgh78", title="Mot secret")
        form.validate()
        form.done("/there")
        answers = form.request.root_map[ROOT][form.request.member.uid]
        assert all("secret" not in repr(item) for item in answers.items())


class Upload:
    def __init__(self, filename):
        self.filename = filename
        self.file = None
