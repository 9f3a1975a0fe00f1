"""The lines between two ``---`` on top of a Markdown file: YAML, of which little is taken.

Texts, lists of texts and no more: nothing that a file says makes an object, refers to another
part of it or grows when it is read.  What looks like a date or a number is text like any other.
"""

from collections.abc import Mapping
from typing import Any

import yaml

from communicate_articles.folders.errors import BadHead, _

MARK = "---"
MOST = 16_000  # characters
DEEPEST = 2  # a mapping that holds lists
FIELDS = 40

TOO_DEEP = _("the front matter nests too deep: write texts and lists only")
NO_YAML = _("the front matter is no YAML: write lines such as title: …")

Head = dict[str, str | list[str]]


def no_yaml_in(line: int) -> Any:
    """Return the sentence that says on which *line* it is none."""
    return _(
        "the front matter is no YAML (line ${n}): write lines such as title: …",
        mapping={"n": line},
    )


def split(text: str) -> tuple[str | None, str]:
    """Return front matter and words of the file *text*; None where there is no front matter."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.startswith(f"{MARK}\n"):
        return None, text
    end = text.find(f"\n{MARK}\n", len(MARK))
    if end < 0:
        if not text.endswith(f"\n{MARK}"):
            raise BadHead(_("the front matter has no end: close it with a line ---"))
        return text[len(MARK) + 1 : -len(MARK)], ""
    return text[len(MARK) + 1 : end + 1], text[end + len(MARK) + 2 :]


def read(text: str) -> tuple[Head, str]:
    """Return the fields and the words of the file *text*; raise BadHead."""
    head, words = split(text)
    if head is None:
        return {}, words
    if len(head) > MOST:
        said = _(
            "the front matter is longer than ${n} characters: shorten it", mapping={"n": MOST}
        )
        raise BadHead(said)
    return _fields(head), words.removeprefix("\n")


def write(fields: Mapping[str, str | list[str]], words: str) -> str:
    """Return a file with those *fields* and *words*: `read` gives both back."""
    head = yaml.safe_dump(dict(fields), allow_unicode=True, sort_keys=False, width=1_000_000)
    return f"{MARK}\n{head}{MARK}\n\n{words}"


def _fields(head: str) -> Head:
    try:
        _check(head)
        found: Any = yaml.load(head, Loader=yaml.BaseLoader)  # noqa: S506  # makes texts only
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        raise BadHead(NO_YAML if line is None else no_yaml_in(line + 2)) from None
    except RecursionError:
        raise BadHead(TOO_DEEP) from None
    if found in (None, ""):
        return {}
    if not isinstance(found, dict) or len(found) > FIELDS:
        said = _(
            "the front matter holds at most ${n} lines such as title: …", mapping={"n": FIELDS}
        )
        raise BadHead(said)
    return {_text(name): _value(value) for name, value in found.items()}


def _check(head: str) -> None:
    """Raise BadHead where something refers, has a type, or nests deeper than a list."""
    depth = 0
    for event in yaml.parse(head, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadHead(_("the front matter refers to itself (& or *): write the words out"))
        if getattr(event, "tag", None) not in (None, "!"):
            raise BadHead(_("the front matter names a type (!): leave it out"))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise BadHead(TOO_DEEP)
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadHead(TOO_DEEP)
    return value


def _value(value: Any) -> str | list[str]:
    if isinstance(value, list):
        return [_text(each) for each in value]
    return _text(value)
