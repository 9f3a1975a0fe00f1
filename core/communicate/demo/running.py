"""Make the whole of a demo, one transaction after the other."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from communicate.accounts.tokens import has_operator
from communicate.demo import people
from communicate.demo.people import Person
from communicate.interfaces import IMembers, IPlugins
from communicate.storage.work import work

BATCH = 50  # accounts in one transaction
WORDS = 4  # of a password
Say = Callable[[str], None]
log = logging.getLogger(__name__)


@dataclass
class Made:
    """What came of it: the people, the password of all, and the plugins that failed."""

    people: list[Person]
    password: str
    failed: dict[str, str] = field(default_factory=dict)


def make(registry: Any, wanted: int, seed: int, say: Say) -> Made:
    """Make a demo of *wanted* members from *seed*, and *say* what is done.

    The same seed on the same site gives the same logins, words, audiences and structure, at times
    that are as long ago; ids of things, keys and tokens are random as everywhere.
    """
    password = password_for(registry, seed)
    made = Made(make_people(registry, wanted, seed, password), password)
    say(f"{len(made.people)} members")
    for name in in_order(registry.getUtility(IPlugins)):
        try:
            work(registry, partial(ask, name=name, people=made.people, seed=seed))
        except Exception as error:  # one plugin's mistake keeps no other from its part
            log.exception("plugin %s failed in communicate_demo", name)
            made.failed[name] = f"{type(error).__name__}: {error}"
        else:
            say(f"what {name} makes of them")
    return made


def in_order(plugins: Any) -> list[str]:
    """Return the names of all that make something; those last that say ``trylast``."""
    made = plugins.manager.hook.communicate_demo.get_hookimpls()
    last = {one.plugin_name for one in made if one.trylast}
    return sorted(plugins.names(), key=lambda name: name in last)


def ask(request: Any, name: str, people: list[Person], seed: int) -> None:
    """Let the plugin *name* make its part; the same again where the transaction is repeated."""
    plugins = request.registry.getUtility(IPlugins)
    plugins.call(
        name, "communicate_demo", request=request, people=tuple(people), random=drawn(seed, name)
    )


def make_people(registry: Any, wanted: int, seed: int, password: str) -> list[Person]:
    """Make the accounts; on a site that is none for people, the first ones look after it."""
    drafts = work(registry, lambda request: people.draw(request, drawn(seed, "people"), wanted))
    secret = registry.communicate_passwords.hash(password)  # one for all: it takes its time
    made: list[Person] = []
    for start in range(0, len(drafts), BATCH):
        batch = drafts[start : start + BATCH]
        made += work(registry, partial(people.make, drafts=batch, secret=secret))
    if not is_production(registry):
        work(registry, partial(appoint, made=made))
    return made


def appoint(request: Any, made: list[Person]) -> None:
    """Make an operator of the first, where there is none, and moderators of the two after."""
    members = request.find_service(IMembers)
    if made and not has_operator(request):
        members.by_uid(made[0].uid).groups = ("operators",)
    for person in made[1:3]:
        members.by_uid(person.uid).groups = ("moderators",)


def drawn(seed: int, part: str) -> Random:
    """Return what *part* of the demo draws from: no part changes what another one draws."""
    return Random(f"{seed} {part}")  # noqa: S311  (names and sentences, no secret)


def password_for(registry: Any, seed: int) -> str:
    """Return the password of all: in production nobody can work it out from the seed."""
    random = secrets.SystemRandom() if is_production(registry) else drawn(seed, "password")
    return "-".join(random.sample(people.NAMES["password"].split(), WORDS))


def is_production(registry: Any) -> bool:
    """Tell whether the site is one for people."""
    return bool(registry.settings["communicate.mode"] == "production")
