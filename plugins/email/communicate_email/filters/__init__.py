"""Filters of members: a named subset of Sieve (RFC 5228), within step limits, and pure.

`compiled` reads a script and refuses what is not known in a sentence; `run` says what is to be
done with one message; `rules_in` and `script_of` lead between scripts and a form.
"""

from communicate_email.filters.actions import INBOX, File, Result, Vacation
from communicate_email.filters.answering import may_answer
from communicate_email.filters.errors import BadScript
from communicate_email.filters.facts import Facts
from communicate_email.filters.grammar import EXTENSIONS
from communicate_email.filters.rules import Condition, Deed, Rule, rules_in, script_of
from communicate_email.filters.running import run
from communicate_email.filters.script import Script, compiled

__all__ = [
    "EXTENSIONS",
    "INBOX",
    "BadScript",
    "Condition",
    "Deed",
    "Facts",
    "File",
    "Result",
    "Rule",
    "Script",
    "Vacation",
    "compiled",
    "may_answer",
    "rules_in",
    "run",
    "script_of",
]
