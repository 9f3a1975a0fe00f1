"""The lines between two ``---`` on top of a Markdown file: YAML, of which little is taken.

Texts, lists of texts and no more: nothing that a file says makes an object, refers to another
part of it or grows when it is read.  What looks like a date or a number is text like any other.
"""

from collections.abc import Mapping
from typing import Any

import yaml

MARK = "---"
MOST = 16_000  # characters
DEEPEST = 2  # a mapping that holds lists
FIELDS = 40

Head = dict[str, str | list[str]]


class BadHead(ValueError):
    """Front matter cannot be taken; the text says why, and the cure."""


def split(text: str) -> tuple[str | None, str]:
    """Return front matter and words of the file *text*; None where there is no front matter."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.startswith(f"{MARK}\n"):
        return None, text
    end = text.find(f"\n{MARK}\n", len(MARK))
    if end < 0:
        if not text.endswith(f"\n{MARK}"):
            raise BadHead("the front matter has no end: close it with a line ---")
        return text[len(MARK) + 1 : -len(MARK)], ""
    return text[len(MARK) + 1 : end + 1], text[end + len(MARK) + 2 :]


def read(text: str) -> tuple[Head, str]:
    """Return the fields and the words of the file *text*; raise BadHead."""
    head, words = split(text)
    if head is None:
        return {}, words
    if len(head) > MOST:
        raise BadHead(f"the front matter is longer than {MOST:,} characters: shorten it")
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
        where = "" if line is None else f" (line {line + 2})"
        raise BadHead(
            f"the front matter is no YAML{where}: write lines such as title: …"
        ) from None
    except RecursionError:
        raise BadHead("the front matter nests too deep: write texts and lists only") from None
    if found in (None, ""):
        return {}
    if not isinstance(found, dict) or len(found) > FIELDS:
        raise BadHead(f"the front matter holds at most {FIELDS} lines such as title: …")
    return {_text(name): _value(value) for name, value in found.items()}


def _check(head: str) -> None:
    """Raise BadHead where something refers, has a type, or nests deeper than a list."""
    depth = 0
    for event in yaml.parse(head, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadHead("the front matter refers to itself (& or *): write the words out")
        if getattr(event, "tag", None) not in (None, "!"):
            raise BadHead("the front matter names a type (!): leave it out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise BadHead("the front matter nests too deep: write texts and lists only")
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadHead("the front matter nests too deep: write texts and lists only")
    return value


def _value(value: Any) -> str | list[str]:
    if isinstance(value, list):
        return [_text(each) for each in value]
    return _text(value)
