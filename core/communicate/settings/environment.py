"""Let environment variables override the ini file: ``COMMUNICATE_MAIL_FROM`` and so on."""

import difflib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace

from communicate.settings.errors import Problem

PREFIX = "COMMUNICATE_"
# Read elsewhere, never as settings: the key itself, and what the tests insist on.
RESERVED = ("COMMUNICATE_MASTER_KEY", "COMMUNICATE_REQUIRE_", "COMMUNICATE_TEST_")

log = logging.getLogger(__name__)


def variable(key: str) -> str:
    """Return the variable that overrides the setting *key*.

    >>> variable("communicate.mail_from"), variable("forums.page_size")
    ('COMMUNICATE_MAIL_FROM', 'COMMUNICATE_FORUMS_PAGE_SIZE')
    """
    return PREFIX + key.removeprefix("communicate.").replace(".", "_").upper()


def overrides(environ: Mapping[str, str], keys: Iterable[str]) -> dict[str, str]:
    """Return what *environ* says of the settings *keys*."""
    return {key: environ[variable(key)] for key in keys if variable(key) in environ}


def blamed(problems: Iterable[Problem], environ: Mapping[str, str]) -> list[Problem]:
    """Return *problems*; those with a value that *environ* overrides name its variable."""
    return [
        replace(one, fault=f"{one.fault.removesuffix('.')} (in {variable(one.key)}).")
        if variable(one.key) in environ
        else one
        for one in problems
    ]


def warn_of_misspelt(environ: Mapping[str, str], keys: Iterable[str]) -> None:
    """Log each variable that looks like a setting and overrides none of *keys*."""
    names = set(map(variable, keys))
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in names and not name.startswith(RESERVED):
            near = difflib.get_close_matches(name, names, 1, cutoff=0.85)
            log.warning("%s names no setting.%s", name, f" Meant {near[0]}?" if near else "")
