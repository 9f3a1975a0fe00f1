"""One Markdown file: what it says of an article, and what an article says as one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import PurePosixPath

from communicate.audience import LEVELS, PRIVATE, Audience
from communicate.clock import moment
from communicate_articles import tags
from communicate_articles.folders.errors import Unreadable, _
from communicate_articles.folders.frontmatter import Head, read, write
from communicate_articles.forms import LONGEST_COVER, LONGEST_SUMMARY, LONGEST_TITLE
from communicate_articles.languages import TAGS
from communicate_articles.sources import LONGEST as LONGEST_KEY
from communicate_articles.words import Written

PICTURE = re.compile(r"(!\[[^\]\n]{0,500}\]\()([^)\s<>]{1,500})((?:[ \t]+\"[^\"\n]{0,500}\")?\))")
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
NEWLINE = "\n"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass
class Parsed:
    """What one file says; *key* names it at every import, *published* None: it is a draft."""

    key: str
    written: Written
    published: datetime | None = None
    audience: str = ""  # empty: not said
    translations: list[str] = field(default_factory=list)
    cover: str = ""  # path as the file gives it


def parse(name: str, data: bytes, longest: int) -> Parsed:
    """Return what the file at *name* says; raise ValueError, a sentence with the cure."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable(_("it is not written in UTF-8: save it so")) from None
    head, words = read(CONTROL.sub("", text))
    title = one(head, "title")
    if not title:
        title, words = headed(words)
        title = title or PurePosixPath(name).stem.replace("-", " ").strip() or name
    if len(words) > longest:
        said = _("its text has more than ${n} characters: make two of it", mapping={"n": longest})
        raise Unreadable(said)
    written = Written(
        title=fitting("title", title, LONGEST_TITLE),
        text=words.strip(NEWLINE),
        summary=fitting("summary", one(head, "summary", "description"), LONGEST_SUMMARY),
        tags=tags.split(", ".join(several(head, "tags"))),
        language=language_in(one(head, "language", "lang")),
        cover_text=fitting("cover-text", one(head, "cover-text"), LONGEST_COVER),
    )
    return Parsed(
        key=one(head, "id")[:LONGEST_KEY] or f"file:{name}"[:LONGEST_KEY],
        written=written,
        published=None if is_draft(head) else date_in(one(head, "date")),
        audience=audience_in(one(head, "audience")),
        translations=several(head, "translation-of"),
        cover=one(head, "cover"),
    )


def headed(words: str) -> tuple[str, str]:
    """Return the heading that *words* begin with, empty where they do not, and what follows."""
    line, _end, rest = words.lstrip().partition(NEWLINE)
    title = line[1:].strip()
    if not line.startswith(("# ", "#\t")) or not title:
        return "", words
    bare = title.rstrip("#")  # which may close a heading, after a space
    closed = bare != title and bare[-1:] in (" ", "\t")
    return bare.rstrip() if closed else title, rest.lstrip(NEWLINE)


def one(head: Head, *names: str) -> str:
    """Return the text of the first of those fields that is there, on one line."""
    for name in names:
        value = head.get(name)
        if isinstance(value, list):
            raise Unreadable(_("${name} is a list: write one text", mapping={"name": name}))
        if value:
            return " ".join(value.split())
    return ""


def several(head: Head, name: str) -> list[str]:
    """Return the texts of a field: those of a list, or those with commas between them."""
    value = head.get(name) or []
    found = value.split(",") if isinstance(value, str) else value
    return [text for each in found if (text := " ".join(each.split()))]


def fitting(name: str, text: str, longest: int) -> str:
    """Return *text*; raise Unreadable where it is longer than it may be."""
    if len(text) > longest:
        said = _(
            "${name} has more than ${n} characters: shorten it",
            mapping={"name": name, "n": longest},
        )
        raise Unreadable(said)
    return text


def is_draft(head: Head) -> bool:
    """Tell whether the file calls itself a draft, or has no date."""
    return one(head, "draft").lower() in ("true", "yes", "1") or not one(head, "date")


def date_in(text: str) -> datetime:
    """Return the moment that *text* names, in UTC where it names no zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(
            _("date cannot be read: write it as 2026-11-29 or 2026-11-29T18:30Z")
        ) from None
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    if not EARLIEST <= aware < LATEST:
        raise Unreadable(_("date lies outside of 1970 to 2099: correct it"))
    return aware


def language_in(text: str) -> str:
    """Return the language that *text* names; raise Unreadable for one that is not known here."""
    found = text.lower().replace("_", "-").split("-")[0]
    if found and found not in TAGS:
        said = _(
            "language ${code} is not known here: write a code such as fr",
            mapping={"code": text[:20]},
        )
        raise Unreadable(said)
    return found


def audience_in(text: str) -> str:
    """Return the audience that *text* names; raise Unreadable for another word."""
    if text and text not in LEVELS:
        said = _("audience is one of ${levels}: correct it", mapping={"levels": ", ".join(LEVELS)})
        raise Unreadable(said)
    return text


def no_wider(asked: str, said: str) -> Audience:
    """Return the narrower of two audiences; chosen people are named in no file: nobody else."""
    level = min(asked, said or asked, key=LEVELS.index)
    return PRIVATE if level == "chosen" else Audience(level)


# Writing


def text_of(parsed: Parsed) -> str:
    """Return the file that says what *parsed* holds."""
    written = parsed.written
    values: Mapping[str, str | list[str]] = {
        "id": parsed.key,
        "title": written.title,
        "date": "" if parsed.published is None else day_and_time(parsed.published),
        "draft": "true" if parsed.published is None else "",
        "tags": list(written.tags),
        "language": written.language,
        "summary": written.summary,
        "audience": parsed.audience,
        "cover": parsed.cover,
        "cover-text": written.cover_text,
        "translation-of": parsed.translations,
    }
    return write(
        {name: value for name, value in values.items() if value},
        f"{written.text.strip(NEWLINE)}\n",
    )


def day_and_time(when: datetime) -> str:
    """Return a moment to the millisecond, in UTC."""
    text = when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return text.replace(".000Z", "Z")


def as_moment(milliseconds: int) -> datetime | None:
    """Return the moment, or None for 0."""
    return moment(milliseconds) if milliseconds else None


def day_of(when: date | None) -> str:
    """Return how the name of a file begins."""
    return f"{when:%Y-%m-%d}-" if when is not None else "draft-"
