"""The forms with which an article is written and brought out."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request

from communicate.contacts.audiences import chosen
from communicate.ids import encode
from communicate.web import fields
from communicate.web.forms import Button, Form, Schema, preview_button
from communicate.web.plain import on_one_line
from communicate_articles import tags
from communicate_articles.content import Article
from communicate_articles.languages import names
from communicate_articles.pictures import base, number_in, offered, without
from communicate_articles.words import Written

_ = TranslationStringFactory("communicate_articles")

LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_COVER = 150, 400, 200
SAVE, GO_ON, OUT = "save", "go_on", "out"
YEARS = 5  # to come, in which an article may come out

NO_TIME = _("Write hours and minutes, such as 18:30.")
NO_DAY = _("Say on which day, too.")
PAST = _("This moment is over. Choose one to come, or leave both empty to publish now.")
FAR = _("Choose a moment within the next ${years} years.", mapping={"years": YEARS})


def writing_form(request: Request, article: Article | None, values: Mapping[str, Any]) -> Form:
    """Return the form with what an article says: a new one where there is no *article*."""
    longest = request.registry.settings["articles.longest"]
    place = place_of(request, article)
    schema = Schema()
    schema.add(fields.line(_("Title"), longest=LONGEST_TITLE, name="title"))
    schema.add(
        fields.words(
            _("Text"),
            longest=longest,
            rows=22,
            live="/articles/preview" if article is None else f"{base(request, article)}/preview",
            attaches=True,
            name="text",
            required=False,
            help=_("[^1] makes a footnote; a line [^1]: says what it holds."),
        )
    )
    schema.add(
        fields.area(
            _("Summary"),
            longest=LONGEST_SUMMARY,
            rows=3,
            name="summary",
            required=False,
            help=_("Two sentences for lists. Without it, the first words are taken."),
        )
    )
    schema.add(
        fields.line(
            _("Tags"),
            longest=tags.MOST * (tags.LONGEST + 2),
            name="tags",
            required=False,
            help=_("A few words with commas between them."),
        )
    )
    languages = [("", _("Not said")), *names().items()]
    schema.add(
        fields.choice(_("Language"), languages, folded=True, name="language", required=False)
    )
    pictures = offered(request, place, article)
    if pictures:
        add_cover(schema, pictures)
    return Form(
        schema,
        request,
        _buttons(article),
        values=values,
        holder=article,
        ticked=without(article),
        place=place,
    )


def place_of(request: Request, article: Article | None) -> str:
    """Return the address of the form, without words of the title: its draft is kept under it."""
    return "/articles/write" if article is None else f"{base(request, article)}/edit"


def add_cover(schema: Any, pictures: list[tuple[str, str]]) -> None:
    """Add the fields of the picture on top, one of *pictures*."""
    choices = [("", _("No picture")), *pictures]
    schema.add(fields.choice(_("Cover"), choices, folded=True, name="cover", required=False))
    schema.add(
        fields.line(
            _("What the cover shows"),
            longest=LONGEST_COVER,
            name="cover_text",
            required=False,
            help=_("For who cannot see it."),
        )
    )


def _buttons(article: Article | None) -> list[Button]:
    """Return the buttons; the first is the one that the Enter key presses, and shows nobody."""
    out = article is not None and article.published
    last = Button(OUT, _("Publish the changes")) if out else Button(GO_ON, _("Go on to publish"))
    return [
        Button(SAVE, _("Save the draft"), style="plain"),
        preview_button(),
        Button(last.name, last.title, style="primary"),
    ]


def values_of(written: Written) -> dict[str, Any]:
    """Return what the form of *written* holds."""
    return {
        "title": written.title,
        "text": written.text,
        "summary": written.summary,
        "tags": ", ".join(written.tags),
        "language": written.language,
        "cover": encode(written.cover) if written.cover else "",
        "cover_text": written.cover_text,
    }


def written_in(values: Mapping[str, Any], before: Written | None) -> Written:
    """Return what a form's *values* say; what it has no field for stays as *before*."""
    kept = before or Written("")
    return Written(
        title=values["title"],
        text=values["text"] or "",
        summary=on_one_line(values["summary"] or ""),
        tags=tags.split(values["tags"] or ""),
        language=values["language"] or "",
        cover=number_in(values["cover"] or "") if "cover" in values else kept.cover,
        cover_text=(values["cover_text"] or "") if "cover" in values else kept.cover_text,
    )


def publishing_form(request: Request, article: Article) -> Form:
    """Return the form that says to whom, and when, *article* comes out."""
    schema = Schema()
    schema.add(fields.audience(name="visible"))
    schema.add(
        fields.day(
            _("Day"),
            name="day",
            required=False,
            help=_("Leave day and hour empty to publish now."),
        )
    )
    zone = {"zone": str(request.page.formats.zone)}
    schema.add(
        fields.line(
            _("Hour"),
            kind="time",
            longest=8,
            name="hour",
            required=False,
            help=_("In the time zone of your settings, ${zone}.", mapping=zone),
        )
    )
    values: dict[str, Any] = {"visible": chosen(article)}
    if article.due:
        local = datetime.fromtimestamp(article.due / 1000, request.page.formats.zone)
        values |= {"day": local.date(), "hour": f"{local:%H:%M}"}
    return Form(schema, request, [Button("publish", _("Publish"))], values=values)


def moment_in(form: Form, request: Request, values: Mapping[str, Any]) -> datetime | None:
    """Return the moment that *values* name, None for now; put into the form what is wrong."""
    day: date | None = values["day"]
    hour = values["hour"] or ""
    if day is None:
        return form.fail("day", NO_DAY) if hour else None
    try:
        clock = time.fromisoformat(hour or "00:00")
    except ValueError:
        form.fail("hour", NO_TIME)
    if clock.tzinfo is not None:
        form.fail("hour", NO_TIME)
    present = request.page.now
    if not present.year <= day.year <= present.year + YEARS:
        form.fail("day", FAR if day.year > present.year else PAST)
    found = datetime.combine(day, clock, tzinfo=request.page.formats.zone)
    if found <= present:
        form.fail("day", PAST)
    return found
