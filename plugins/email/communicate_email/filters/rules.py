"""Filters as a form shows them, and as scripts: led from one to the other and back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyramid.i18n import TranslationStringFactory
from sievelib import tools

from communicate_email.filters.errors import BadScript
from communicate_email.filters.grammar import commands_of
from communicate_email.filters.script import Act, Choice, Match, Test, compiled

_ = TranslationStringFactory("communicate_email")

# What a condition asks of: the fields of the header that hold it.
_FIELDS = {
    "from": ("from",), "to": ("to", "cc"), "subject": ("subject",), "list": ("list-id",),
}  # fmt: skip
_ADDRESSED = ("from", "to")
OPERATORS = ("contains", "is", "begins", "ends", "domain", "over", "under")
FLAGS = {"flag": "\\Flagged", "read": "\\Seen"}
_NAME = "# rule: "
_WILD = re.compile(r"([\\*?])")


@dataclass(frozen=True)
class Condition:
    """What a message has to be like.

    *field* is ``from``, ``to``, ``subject``, ``list``, ``body``, ``size``, ``detail`` (what stands
    after the + of the address it came for) or ``header:`` with a name.  *operator* is one of
    `OPERATORS`; *value* for ``size`` is in kB.  *but* turns it round.
    """

    field: str
    operator: str
    value: str
    but: bool = False


@dataclass(frozen=True)
class Deed:
    """What is done.

    ``move``, ``copy``, ``label`` and ``answer`` have a *value*; ``flag``, ``read``, ``discard``,
    ``keep`` and ``stop`` have none.
    """

    kind: str
    value: str = ""


@dataclass(frozen=True)
class Rule:
    """One filter of a form: if *every* one, or any, of its conditions is met, its deeds are done.

    Without conditions it is for all messages.  Flags and labels come first among the deeds: they
    count for the folders that are named after.
    """

    name: str
    conditions: tuple[Condition, ...]
    deeds: tuple[Deed, ...]
    every: bool = True
    enabled: bool = True

    def __post_init__(self) -> None:
        ordered = sorted(self.deeds, key=lambda deed: deed.kind not in ("flag", "read", "label"))
        object.__setattr__(self, "deeds", tuple(ordered))
        object.__setattr__(self, "name", " ".join(self.name.split()))


def script_of(rules: Iterable[Rule]) -> str:
    """Return the script that does what *rules* say; raise `BadScript` where one says nothing."""
    pieces: list[str] = []
    needed: set[str] = set()
    for rule in rules:
        pieces.append(_written(rule, needed))
    head = f"require [{', '.join(map(tools.quote, sorted(needed)))}];\n" if needed else ""
    source = head + "".join(pieces)
    compiled(source)
    return source


def rules_in(source: str) -> list[Rule] | None:
    """Return the rules that the script *source* was made of; None if it says more than a form.

    Raise `BadScript` where it is no script.
    """
    steps = compiled(source).steps
    heads = [command for command in commands_of(source) if command.name != "require"]
    if len(heads) != len(steps):
        return None  # "else", which no form has
    try:
        return [_read(_name(head), step) for head, step in zip(heads, steps, strict=True)]
    except _Beyond:
        return None


class _Beyond(Exception):
    """A script says what no form does."""


def _name(command: Any) -> str:
    named = [line.decode("utf-8", "replace") for line in command.hash_comments]
    return next((line[len(_NAME) :] for line in named if line.startswith(_NAME)), "")


def _written(rule: Rule, needed: set[str]) -> str:
    tests = [_test(condition, needed) for condition in rule.conditions] or ["true"]
    kind = "allof" if rule.every else "anyof"
    test = f"{kind} ({', '.join(tests)})"
    if not rule.enabled:
        test = f"allof (false, {test})"
    deeds = "".join(f"    {_deed(deed, needed)};\n" for deed in rule.deeds)
    return f"{_NAME}{rule.name}\nif {test} {{\n{deeds}}}\n"


def _test(condition: Condition, needed: set[str]) -> str:
    test = _positive(condition, needed)
    return f"not {test}" if condition.but else test


def _positive(condition: Condition, needed: set[str]) -> str:
    field, operator, value = condition.field, condition.operator, condition.value
    if field == "size":
        return f"size :{operator} {int(value)}K"
    if operator in ("begins", "ends") and not value:
        raise BadScript(_("Say what “${field}” begins or ends with.", mapping={"field": field}))
    match, key = _match(operator, value)
    if field == "body":
        needed.add("body")
        return f"body :text {match} {key}"
    if field == "detail":
        needed.update(("envelope", "subaddress"))
        return f'envelope :detail {match} "to" {key}'
    names = _FIELDS.get(field) or (field.removeprefix("header:"),)
    listed = f"[{', '.join(map(tools.quote, names))}]"
    if field in _ADDRESSED and operator in ("is", "domain"):
        part = ":domain" if operator == "domain" else ":all"
        return f"address {part} {match} {listed} {key}"
    return f"header {match} {listed} {key}"


def _match(operator: str, value: str) -> tuple[str, str]:
    if operator == "begins":
        return ":matches", tools.quote(_WILD.sub(r"\\\1", value) + "*")
    if operator == "ends":
        return ":matches", tools.quote("*" + _WILD.sub(r"\\\1", value))
    return ":contains" if operator == "contains" else ":is", tools.quote(value)


def _deed(deed: Deed, needed: set[str]) -> str:
    quoted = tools.quote(deed.value)
    if deed.kind in ("move", "copy"):
        needed.add("fileinto")
        if deed.kind == "copy":
            needed.add("copy")
        return f"fileinto {':copy ' if deed.kind == 'copy' else ''}{quoted}"
    if deed.kind in ("flag", "read", "label"):
        needed.add("imap4flags")
        return f"addflag {tools.quote(FLAGS.get(deed.kind, deed.value))}"
    if deed.kind == "answer":
        needed.add("vacation")
        return f"vacation {quoted}"
    return deed.kind


def _read(name: str, step: Act | Choice) -> Rule:
    if not isinstance(step, Choice) or len(step.branches) != 1:
        raise _Beyond
    test, block = step.branches[0]
    if test is None:
        raise _Beyond
    enabled = not (test.name == "allof" and len(test.tests) == 2 and test.tests[0].name == "false")
    if not enabled:
        test = test.tests[1]
    if test.name not in ("allof", "anyof"):
        raise _Beyond
    said = () if test.tests == (Test("true"),) else tuple(map(_condition, test.tests))
    return Rule(name, said, tuple(map(_deed_in, block)), test.name == "allof", enabled)


def _condition(test: Test) -> Condition:
    if test.name == "not":
        inner = _condition(test.tests[0])
        if inner.but:
            raise _Beyond
        return Condition(inner.field, inner.operator, inner.value, but=True)
    if test.name == "size":
        if test.number % 1024:
            raise _Beyond
        return Condition("size", test.match.kind[1:], str(test.number // 1024))
    if len(test.keys) != 1 or test.match.comparator != Match().comparator:
        raise _Beyond
    operator, value = _operator(test.match.kind, test.keys[0])
    found = Condition(_field(test), "domain" if test.part == ":domain" else operator, value)
    if _shape(found) != (test.name, test.part, test.names, test.match.kind):
        raise _Beyond
    return found


def _field(test: Test) -> str:
    if test.name in ("body", "envelope"):
        return "body" if test.name == "body" else "detail"
    known = {names: field for field, names in _FIELDS.items()}
    return known.get(test.names) or f"header:{test.names[0] if test.names else ''}"


def _shape(condition: Condition) -> tuple[str, str, tuple[str, ...], str]:
    """Return how the test of *condition* looks, to tell that it is one of a form."""
    try:
        script = compiled(script_of([Rule("", (condition,), (Deed("keep"),))]))
    except BadScript as mistake:
        raise _Beyond from mistake
    (step,) = script.steps
    test = (
        step.branches[0][0].tests[0] if isinstance(step, Choice) and step.branches[0][0] else None
    )
    if test is None:
        raise _Beyond
    return test.name, test.part, test.names, test.match.kind


_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def _operator(kind: str, key: str) -> tuple[str, str]:
    if kind in (":contains", ":is"):
        return kind[1:], key
    if kind != ":matches":
        raise _Beyond
    operator, inner = ("ends", key[1:]) if key.startswith("*") else ("begins", key[:-1])
    if operator == "begins" and not key.endswith("*"):
        raise _Beyond
    value = _ESCAPED.sub(r"\1", inner)
    if _match(operator, value)[1] != tools.quote(key):
        raise _Beyond
    return operator, value


def _deed_in(act: Act | Choice) -> Deed:
    if isinstance(act, Choice):
        raise _Beyond
    if act.name == "fileinto" and act.flags is None and act.tags <= {":copy"}:
        return Deed("copy" if act.tags else "move", act.text)
    if act.name == "addflag" and act.flags and len(act.flags) == 1:
        kinds = {flag: kind for kind, flag in FLAGS.items()}
        kind = kinds.get(act.flags[0])
        return Deed(kind) if kind else Deed("label", act.flags[0])
    if act.name == "vacation" and not any(value for _, value in act.said):
        return Deed("answer", act.text)
    if act.name in ("discard", "keep", "stop") and act.flags is None:
        return Deed(act.name)
    raise _Beyond
