"""The forms of the forums."""

import re
from collections.abc import Mapping
from typing import Any

import colander
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request

from communicate import audience as audiences
from communicate.audience import Audience
from communicate.interfaces import IMembers
from communicate.principals import MODERATORS, OPERATORS, member
from communicate.web import fields
from communicate.web.forms import Button, Form, Schema, preview_button

_ = TranslationStringFactory("communicate_forums")

LONGEST_TITLE = 120  # of a topic
LONGEST_NAME = 80  # of a forum or a category
LONGEST_REASON = 500  # of a moderator
LONGEST_LINE = 200  # a forum's description
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# What operators choose from, by the word in forms and on the command line.
CIRCLES: dict[str, Audience] = {
    "public": audiences.PUBLIC,
    "members": audiences.MEMBERS,
    "moderators": Audience("chosen", [MODERATORS, OPERATORS]),
    "operators": Audience("chosen", [OPERATORS]),
}
WORDS = {
    "public": _("Everyone"),
    "members": _("Members"),
    "moderators": _("Moderators and operators"),
    "operators": _("Operators"),
    "chosen": _("The people named below"),
}


class UnknownLogin(ValueError):
    """A login that nobody has."""


def _buttons(word: Any) -> list[Button]:
    return [Button("post", word), preview_button()]


def title_field(value: Any = None) -> Any:
    """Return the field for a topic's title."""
    return fields.line(_("Title"), longest=LONGEST_TITLE, name="title")


def body_field(request: Request, title: Any, rows: int) -> Any:
    """Return the field for the words of a post."""
    longest = request.registry.settings["forums.longest"]
    return fields.words(title, longest=longest, rows=rows, name="body", attaches=True)


def topic_form(request: Request) -> Form:
    """Return the form that opens a topic."""
    schema = Schema()
    schema.add(title_field())
    schema.add(body_field(request, _("Text"), 10))
    return Form(schema, request, _buttons(_("Open the topic")))


def reply_form(request: Request, action: str, place: str, quoted: str = "") -> Form:
    """Return the form that adds a post to the topic at *place*, with what is *quoted* in it."""
    schema = Schema()
    schema.add(body_field(request, _("Your reply"), 6))
    adds = {"body": quoted} if quoted else None
    return Form(schema, request, _buttons(_("Reply")), action=action, place=place, adds=adds)


def reason_form(request: Request) -> Form:
    """Return the form with which a moderator hides something."""
    schema = Schema()
    schema.add(
        fields.area(
            _("Reason"),
            name="reason",
            longest=LONGEST_REASON,
            rows=4,
            help=_("The author reads it. Say what to change, or where to write it instead."),
        )
    )
    return Form(schema, request, [Button("hide", _("Hide"))])


def split_form(request: Request) -> Form:
    """Return the form that makes a topic of a post and what follows it."""
    schema = Schema()
    schema.add(title_field())
    return Form(schema, request, [Button("split", _("Split off"))])


def move_form(request: Request, choices: list[tuple[str, Any]]) -> Form:
    """Return the form that moves a topic to one of the forums in *choices*."""
    schema = Schema()
    schema.add(fields.choice(_("Forum"), choices, name="forum"))
    return Form(schema, request, [Button("move", _("Move"))], name="moving")


def merge_form(request: Request) -> Form:
    """Return the form that puts the posts of a topic into another one."""
    schema = Schema()
    schema.add(
        fields.line(
            _("Address of the other topic"),
            name="topic",
            longest=400,
            help=_("Copy it from that topic's page. All posts come together there, by date."),
        )
    )
    return Form(schema, request, [Button("merge", _("Merge"))], name="merging")


def edit_form(request: Request, values: Mapping[str, Any], post: Any) -> Form:
    """Return the form that changes *post*, and its title where *values* has one."""
    schema = Schema()
    if "title" in values:
        schema.add(title_field())
    schema.add(body_field(request, _("Text"), 10))
    return Form(schema, request, _buttons(_("Save")), values=values, holder=post)


def forum_schema(request: Request, *, named: bool) -> Any:
    """Return the fields of a forum; *named*: with the name that goes into its address."""
    schema = Schema()
    if named:
        schema.add(
            fields.line(
                _("Name in the address"),
                name="name",
                longest=40,
                validator=colander.Function(is_name, _("Use a-z, 0-9 and single hyphens.")),
                help=_("It stays when the title changes."),
            )
        )
    schema.add(fields.line(_("Title"), name="title", longest=LONGEST_NAME, required=named))
    schema.add(
        fields.line(_("Description"), name="description", longest=LONGEST_LINE, required=False)
    )
    schema.add(fields.line(_("Category"), name="category", longest=LONGEST_NAME, required=False))
    schema.add(fields.integer(_("Place in the list"), name="weight", low=0, high=9999))
    schema.add(_circle("audience", _("Who reads"), tuple(WORDS)))
    schema.add(_circle("open", _("Who opens topics"), tuple(WORDS)[1:]))
    schema.add(_circle("reply", _("Who replies"), tuple(WORDS)[1:]))
    schema.add(
        fields.line(
            _("The people named"),
            name="people",
            longest=2000,
            required=False,
            help=_("Logins, with commas between them."),
        )
    )
    return schema


def _circle(name: str, title: Any, words: tuple[str, ...]) -> Any:
    choices = [(word, WORDS[word]) for word in words]
    return fields.choice(title, choices, folded=True, name=name)


def is_name(text: str) -> bool:
    """Tell whether *text* can be the name of a forum."""
    return NAME.fullmatch(text) is not None


def circle(request: Request, word: str, people: str = "") -> Audience:
    """Return the audience that *word* stands for: one of CIRCLES, or the *people* named.

    Raise UnknownLogin where one of them is nobody's login, or where nobody is named.
    """
    if word in CIRCLES:
        return CIRCLES[word]
    members = request.find_service(IMembers)
    chosen = []
    for login in people.replace(",", " ").split():
        found = members.by_login(login)
        if found is None:
            raise UnknownLogin(login)
        chosen.append(member(found.uid))
    if not chosen:
        raise UnknownLogin("")
    return Audience("chosen", chosen)


def word_of(audience: Audience | None) -> str:
    """Return the word for *audience* in the forms."""
    return next((word for word, known in CIRCLES.items() if known == audience), "chosen")


def people_of(request: Request, *given: Audience | None) -> str:
    """Return the logins of the members that the audiences *given* name."""
    members = request.find_service(IMembers)
    names = {
        members.login_of(int(principal.partition(":")[2]))
        for audience in given
        if audience is not None and word_of(audience) == "chosen"
        for principal in audience.chosen
        if principal.startswith("member:")
    }
    return ", ".join(sorted(name for name in names if name))
