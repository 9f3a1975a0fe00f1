"""Whether the tests of a script are met by a message."""

from collections.abc import Callable

from communicate_email.filters.facts import Facts
from communicate_email.filters.matching import Steps, any_match
from communicate_email.filters.script import Test


def met(test: Test, facts: Facts, flags: tuple[str, ...], steps: Steps) -> bool:
    """Tell whether *test* is met by *facts* while *flags* are set."""
    steps.take()
    if test.name == "allof":
        return all(met(each, facts, flags, steps) for each in test.tests)
    if test.name == "anyof":
        return any(met(each, facts, flags, steps) for each in test.tests)
    if test.name == "not":
        return not met(test.tests[0], facts, flags, steps)
    if test.name == "hasflag":
        return any_match(test.match, flags, test.keys, steps)
    return _ASKED[test.name](test, facts, steps)


def _header(test: Test, facts: Facts, steps: Steps) -> bool:
    values = [value for name in test.names for value in facts.header(name)]
    return any_match(test.match, values, test.keys, steps)


def _address(test: Test, facts: Facts, steps: Steps) -> bool:
    found = [each for name in test.names for each in facts.addresses(name)]
    return any_match(test.match, _parts(found, test.part), test.keys, steps)


def _envelope(test: Test, facts: Facts, steps: Steps) -> bool:
    known = {"from": facts.sender, "to": facts.recipient}
    found = [known[name.lower()] for name in test.names]
    return any_match(test.match, _parts(found, test.part), test.keys, steps)


def _body(test: Test, facts: Facts, steps: Steps) -> bool:
    values = [facts.raw_body] if test.part == ":raw" else facts.texts
    return any_match(test.match, values, test.keys, steps)


def _exists(test: Test, facts: Facts, _steps: Steps) -> bool:
    return all(facts.header(name) for name in test.names)


def _size(test: Test, facts: Facts, _steps: Steps) -> bool:
    if test.match.kind == ":over":
        return facts.size > test.number
    return facts.size < test.number


def _mailboxexists(test: Test, facts: Facts, _steps: Steps) -> bool:
    return all(facts.exists(name) for name in test.names)


_ASKED: dict[str, Callable[[Test, Facts, Steps], bool]] = {
    "address": _address,
    "body": _body,
    "envelope": _envelope,
    "exists": _exists,
    "false": lambda _test, _facts, _steps: False,
    "header": _header,
    "mailboxexists": _mailboxexists,
    "size": _size,
    "true": lambda _test, _facts, _steps: True,
}


def _parts(found: list[str], part: str) -> list[str]:
    """Return that *part* of each address of *found*; those that have none are left out."""
    if part == ":all":
        return found
    pairs = [each.rpartition("@") if "@" in each else (each, "", "") for each in found]
    if part == ":domain":
        return [host for local, at, host in pairs if at or not local]
    if part == ":localpart":
        return [local for local, _, _ in pairs]
    details = [local.partition("+") for local, _, _ in pairs]
    if part == ":user":
        return [user for user, _, _ in details]
    return [detail for _, plus, detail in details if plus]
