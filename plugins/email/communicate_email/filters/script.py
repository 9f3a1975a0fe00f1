"""Scripts as plain values: read once, checked whole, run for each message."""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory
from sievelib import tools

from communicate_email.filters.errors import BadScript
from communicate_email.filters.grammar import EXTENSIONS, commands_of, line_of
from communicate_email.filters.limits import MAX_KEY

_ = TranslationStringFactory("communicate_email")

_TESTS = {
    "address", "allof", "anyof", "body", "envelope", "exists", "false", "hasflag", "header",
    "mailboxexists", "not", "size", "true",
}  # fmt: skip
_ACTIONS = {
    "addflag", "discard", "fileinto", "keep", "removeflag", "setflag", "stop", "vacation",
}  # fmt: skip
# Fields that hold addresses; RFC 5228, 5.1 asks that the test is for these only.
ADDRESS_FIELDS = frozenset(
    {
        "bcc", "cc", "delivered-to", "errors-to", "from", "reply-to", "resent-bcc", "resent-cc",
        "resent-from", "resent-sender", "resent-to", "return-path", "sender", "to",
        "x-original-to",
    }
)  # fmt: skip
_MULTILINE = re.compile(r"text:[ \t]*(?:#[^\n]*)?\r?\n")
_UNITS = {"k": 1024, "m": 1024**2, "g": 1024**3}


class Match(NamedTuple):
    """How keys are compared with values."""

    kind: str = ":is"
    relation: str = ""
    comparator: str = "i;ascii-casemap"


_USUAL = Match()


@dataclass(frozen=True)
class Test:
    """One test: *names* are of fields, envelope parts or mailboxes; *tests* those within."""

    name: str
    match: Match = _USUAL
    part: str = ":all"
    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    number: int = 0
    tests: tuple["Test", ...] = ()


@dataclass(frozen=True)
class Act:
    """One action with its arguments: *tags* are those without a value."""

    name: str
    text: str = ""
    flags: tuple[str, ...] | None = None
    tags: frozenset[str] = frozenset()
    said: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Choice:
    """``if``, ``elsif`` and ``else``: the first whose test is met; the last may have none."""

    branches: tuple[tuple[Test | None, tuple["Step", ...]], ...]


Step = Act | Choice


@dataclass(frozen=True)
class Script:
    """A script that can be run, and the source it was read from."""

    source: str
    steps: tuple[Step, ...]


def compiled(source: str) -> Script:
    """Return the script that *source* is; raise `BadScript` with a sentence where it is none.

    What nobody here knows is refused before any message is touched: a script that means more than
    is done would lose mail.
    """
    try:
        return Script(source, _block(commands_of(source), top=True))
    except BadScript as mistake:
        named = (getattr(mistake.reason, "mapping", None) or {}).get("name")
        mistake.line = mistake.line or (line_of(source, str(named)) if named else 0)
        raise
    except RecursionError as mistake:  # cannot be: sources that nest are refused before
        raise BadScript(_("This filter has too many conditions within each other.")) from mistake


def _block(found: list[Any], *, top: bool = False) -> tuple[Step, ...]:
    steps: list[Step] = []
    begun = False
    for command in found:
        if command.name == "require":
            if not top or begun:
                raise BadScript(_("“require” has to stand first in a filter."))
            _required(command)
            continue
        begun = True
        if command.name in ("elsif", "else"):
            last = steps.pop()  # sievelib has seen to it that an "if" came before
            if not isinstance(last, Choice):
                raise BadScript(_("“${name}” has to follow “if”.", mapping={"name": command.name}))
            steps.append(Choice((*last.branches, _branch(command))))
        elif command.name == "if":
            steps.append(Choice((_branch(command),)))
        else:
            steps.append(_act(command))
    return tuple(steps)


def _required(command: Any) -> None:
    for name in strings(command.arguments["capabilities"]):
        if name not in EXTENSIONS:
            raise BadScript(
                _(
                    "This filter asks for “${name}”, which is not known here. Known are: ${all}.",
                    mapping={"name": name[:60], "all": ", ".join(sorted(EXTENSIONS))},
                )
            )


def _branch(command: Any) -> tuple[Test | None, tuple[Step, ...]]:
    test = None if command.name == "else" else _test(command.arguments.get("test"))
    return test, _block(command.children)


def _test(command: Any) -> Test:
    if command is None or command.name not in _TESTS:
        name = getattr(command, "name", "?")
        raise BadScript(_("The test “${name}” is not known here.", mapping={"name": name}))
    given = command.arguments
    if command.name in ("allof", "anyof"):
        return Test(
            command.name, tests=tuple(_test(each) for each in given.get("tests") or [None])
        )
    if command.name == "not":
        return Test("not", tests=(_test(given.get("test")),))
    if command.name == "size":
        return Test("size", Match(given["comparator"].lower()), number=_number(given["limit"]))
    names = next((strings(given[key]) for key in _NAMES if key in given), ())
    keys = next((strings(given[key]) for key in _KEYS if key in given), ())
    if command.name == "hasflag":
        if "variable-list" in given:
            raise BadScript(_("Variables are not known here."))
        keys = _flags(given["list-of-flags"])
    test = Test(command.name, _match(command), _part(command), names, keys)
    _check(test)
    return test


_NAMES = ("header-list", "header-names", "mailbox-names")
_KEYS = ("key-list", "list-of-flags")


def _part(command: Any) -> str:
    given = command.arguments
    return str(given.get("address-part") or given.get("body-transform") or ":all").lower()


def _match(command: Any) -> Match:
    extra = command.extra_arguments
    kind = str(command.arguments.get("match-type", ":is")).lower()
    comparator = string(extra["comparator"]) if "comparator" in extra else "i;ascii-casemap"
    relation = string(extra["match-type"]) if "match-type" in extra else ""
    return Match(kind, relation, comparator)


def _check(test: Test) -> None:
    """Raise `BadScript` for what reads well and means nothing here."""
    if any(len(key) > MAX_KEY for key in (*test.keys, *test.names)):
        raise BadScript(_("What a filter looks for may have 1,000 characters."))
    if test.name == "address":
        unfit = [name for name in test.names if name.lower() not in ADDRESS_FIELDS]
        if unfit:
            raise BadScript(_("“${name}” holds no addresses.", mapping={"name": unfit[0][:60]}))
    if test.name == "envelope":
        unfit = [name for name in test.names if name.lower() not in ("from", "to")]
        if unfit:
            raise BadScript(_("Of an envelope, only “from” and “to” are known."))
    if test.name == "body" and test.part == ":content":
        raise BadScript(_("Of a body, “:text” and “:raw” are known."))


def _act(command: Any) -> Act:
    if command.name not in _ACTIONS:
        raise BadScript(
            _(
                "“${name}” is not known here: nothing would be done.",
                mapping={"name": command.name},
            )
        )
    given, extra = command.arguments, command.extra_arguments
    tags = frozenset(str(given[key]).lower() for key in ("copy", "create", "mime") if key in given)
    if command.name in ("setflag", "addflag", "removeflag"):
        if "variable-name" in given:
            raise BadScript(_("Variables are not known here."))
        return Act(command.name, flags=_flags(given["list-of-flags"]))
    flags = _flags(extra["flags"]) if "flags" in extra else None
    if command.name == "vacation":
        return _vacation(given, extra, tags)
    return Act(command.name, string(given["mailbox"]) if "mailbox" in given else "", flags, tags)


def _vacation(given: Any, extra: Any, tags: frozenset[str]) -> Act:
    if ":mime" in tags:
        raise BadScript(_("An answer in an absence is plain text here: leave out “:mime”."))
    said = {
        "days": _number(extra["days"]) if "days" in extra else None,
        "subject": string(extra["subject"]) if "subject" in extra else "",
        "sender": string(extra["from"]) if "from" in extra else "",
        "handle": string(extra["handle"]) if "handle" in extra else "",
        "addresses": strings(extra["addresses"]) if "addresses" in extra else (),
    }
    return Act("vacation", string(given["reason"]), said=tuple(said.items()))


def _flags(found: Any) -> tuple[str, ...]:
    return tuple(flag for each in strings(found) for flag in each.split())


def _number(written: str) -> int:
    unit = _UNITS.get(written[-1:].lower())
    return min(int(written[:-1]) * unit if unit else int(written), 2**62)


def strings(found: Any) -> tuple[str, ...]:
    """Return the strings of an argument, be it one or a list."""
    return tuple(map(string, found if isinstance(found, list) else [found]))


def string(written: str) -> str:
    """Return what a string says that is written in quotes or over several lines."""
    opened = _MULTILINE.match(written)
    if opened is None:
        return str(tools.unquote(written))
    lines = written[opened.end() :].split("\n")[:-1]
    return "\n".join(line[1:] if line.startswith("..") else line for line in lines) + "\n"
