"""Scripts read by sievelib, within bounds; what it does not know of our subset is taught to it."""

import re
from typing import Any

from pyramid.i18n import TranslationStringFactory
from sievelib import commands
from sievelib.parser import Parser

from communicate_email.filters.errors import BadScript
from communicate_email.filters.limits import MAX_NESTED, MAX_SCRIPT, MAX_TOKENS

_ = TranslationStringFactory("communicate_email")

NUMERIC = "i;ascii-numeric"
COMPARATORS = ("i;octet", "i;ascii-casemap", NUMERIC)
EXTENSIONS = frozenset(
    {
        "body", "comparator-i;ascii-casemap", "comparator-i;octet", f"comparator-{NUMERIC}",
        "copy", "envelope", "fileinto", "imap4flags", "mailbox", "relational",
        "subaddress", "vacation",
    }
)  # fmt: skip


class MailboxexistsCommand(commands.TestCommand):
    """The test ``mailboxexists`` (RFC 5490)."""

    extension = "mailbox"
    args_definition = [
        {"name": "mailbox-names", "type": ["string", "stringlist"], "required": True}
    ]


def _teach() -> None:
    """Let sievelib know our test, the comparator for numbers, and parts of sub-addresses."""
    commands.add_commands([MailboxexistsCommand])
    values = commands.comparator["extra_arg"]["values"]
    if f'"{NUMERIC}"' not in values:
        values.append(f'"{NUMERIC}"')
    commands.address_part["extension_values"] = {":user": "subaddress", ":detail": "subaddress"}


_teach()

# Whatever may make sievelib nest, seen where it stands; what is in strings and comments is not.
_SEEN = re.compile(
    r"#[^\n]*|/\*[\s\S]*?(?:\*/|\Z)|text:[ \t]*(?:#[^\n]*)?\r?\n[\s\S]*?(?:\n\.\r?(?:\n|\Z)|\Z)"
    r'|"(?:[^"\\]|\\[\s\S])*(?:"|\Z)|(?P<open>[{(])|(?P<close>[})])|(?P<not>\bnot\b)|\w+|\S'
)


def commands_of(source: str) -> list[Any]:
    """Return the commands of *source* as sievelib has them; raise `BadScript`."""
    if len(source.encode("utf-8", "replace")) > MAX_SCRIPT:
        raise BadScript(_("This filter is too long: 64 kB at most."))
    _bound(source)
    parser = Parser()
    try:
        whole = parser.parse(source)
    except Exception as mistake:  # sievelib trips over some that are no script at all
        raise BadScript(_("This filter cannot be read: it is no Sieve script.")) from mistake
    if not whole:
        raise _mistake(parser.error_pos[0], str(parser.error))
    return list(parser.result)


_NOT_LOADED = re.compile(r"extension '([^']{1,60})' not loaded")
_UNKNOWN = re.compile(r"unknown command '([^']{1,60})'")


def _mistake(line: int, error: str) -> BadScript:
    """Return what sievelib means with *error*, in the reader's language."""
    said: dict[str, Any] = {"line": line}
    if found := _NOT_LOADED.search(error):
        said["name"] = found[1]
        reason = _("Line ${line}: name “${name}” in “require” at the top.", mapping=said)
    elif found := _UNKNOWN.search(error):
        said["name"] = found[1]
        reason = _("Line ${line}: “${name}” is not known here.", mapping=said)
    else:
        reason = _("Line ${line} of this filter cannot be read.", mapping=said)
    return BadScript(reason, line)


def _bound(source: str) -> None:
    """Raise `BadScript` where *source* nests or grows beyond what anybody needs."""
    depth = nots = 0
    for count, match in enumerate(_SEEN.finditer(source)):
        if count > MAX_TOKENS:
            raise BadScript(_("This filter is too long: ten thousand words at most."))
        depth += (match.lastgroup == "open") - (match.lastgroup == "close")
        nots = nots + 1 if match.lastgroup == "not" else 0
        if depth > MAX_NESTED or nots > MAX_NESTED:
            line = source.count("\n", 0, match.start()) + 1
            raise BadScript(_("This filter has too many conditions within each other."), line)


def line_of(source: str, word: str) -> int:
    """Return the first line of *source* that has *word*, bare or in quotes; 0 for none."""
    for match in _SEEN.finditer(source):
        if match[0].strip('"').lower() == word.lower():
            return source.count("\n", 0, match.start()) + 1
    return 0
