"""What a plugin declares, against what it really does: each fault in a sentence that names it.

    assert undeclared(house, "forums") == []
    with going_out() as tried:
        ...  # have the plugin work
    assert faults(tried) == []
    assert forgotten(house, "forums", "rose") == []

To be asked after the plugin has done what it does: the kit looks at what is stored and tried.
"""

import ast
import importlib
import inspect
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from communicate.disclosure.attempts import Attempts
from communicate.disclosure.guard import watching
from communicate.interfaces import IAuthored, IErasure, IMembers, IPlugins
from communicate.testing.stored import SEALED, Held, Made, attributes

if TYPE_CHECKING:
    from communicate.testing.house import House

CORE = "communicate"
CURE = "communicate_personal_data does not declare it"


def undeclared(house: "House", plugin: str, *, words: Collection[str] = ()) -> list[str]:
    """Return what *plugin* stores of members without saying so, or in clear.

    That is: what is sealed, or numbers of members, in a class that it does not declare; any of
    *words*, which members wrote, unsealed; and attributes that no class says it has, its own or,
    hung onto by its code, core's.
    """
    package, stated = package_of(house, plugin), declared(house, plugin)
    uids = house.work(lambda request: set(request.find_service(IMembers).members.logins))
    found = set()
    for held in attributes(house):
        strange = held.attribute and not known(held)
        if held.package == package:
            for what in personal(held, uids, words):
                if held.class_ not in stated or what == "words in clear":
                    found.add(f"{plugin}: {held.place} holds {what}, and {CURE}")
            if strange:
                found.add(f"{plugin}: {held.place} is an attribute that its class does not have")
        elif strange and held.package == CORE and held.attribute in written(package):
            found.add(f"{plugin}: {held.place} is hung onto an object of core")
    return sorted(found)


def personal(held: Held, uids: Collection[int], words: Collection[str]) -> Iterator[str]:
    """Yield what *held* has in it of members."""
    for atom in held.atoms:
        if isinstance(atom, Made) and atom.name == SEALED:
            yield "sealed words"
        elif isinstance(atom, int) and atom in uids:
            yield "the number of a member"
        elif isinstance(atom, str) and any(word in atom for word in words):
            yield "words in clear"


def forgotten(house: "House", plugin: str, login: str) -> list[str]:
    """Erase the member *login*; return what of *plugin* still names that member afterwards."""
    uid = house.work(lambda request: request.find_service(IMembers).by_login(login).uid)
    package = package_of(house, plugin)
    house.work(lambda request: request.find_service(IErasure).start(uid))
    while house.run_jobs():
        continue
    found = {
        f"{plugin}: {held.place} still names the erased member"
        for held in attributes(house)
        if held.package == package and any(names(atom, uid) for atom in held.atoms)
    }
    kinds = house.work(lambda request: request.find_service(IAuthored).kinds(uid))
    found |= {
        f"{plugin}: {kind} of the erased member is still listed"
        for kind in kinds
        if kind.partition(".")[0] == plugin
    }
    state = house.work(lambda request: request.root_map["erasures"].by_uid[uid].plugins[plugin])
    if state != "done":
        found.add(f"{plugin}: communicate_erase failed, or wants another batch for ever")
    return sorted(found)


def names(atom: Any, uid: int) -> bool:
    """Tell whether *atom* is the number *uid*, or is sealed under that member's key."""
    if isinstance(atom, Made) and atom.name == SEALED:
        return bool(atom.parts[0] == uid)
    return isinstance(atom, int) and atom == uid


@contextmanager
def going_out() -> Iterator[Attempts]:
    """Refuse what leaves without being declared, and yield what is told of it."""
    with watching(Attempts()) as told:
        yield told


def faults(told: Attempts) -> list[str]:
    """Return who tried to reach whom, or to send what, as sentences."""
    return sorted(
        f"{tried.plugin}: {tried.place} sends {', '.join(tried.fields)} to {tried.host}, "
        "and communicate_recipients does not declare it"
        if tried.fields
        else f"{tried.plugin}: {tried.place} reaches {tried.host}, past the gate"
        for tried, _count in told.newest()
    )


def package_of(house: "House", plugin: str) -> str:
    """Return the package of *plugin*."""
    plugins = house.registry.getUtility(IPlugins)
    return str(dict(zip(plugins.enabled, plugins.packages(), strict=True))[plugin])


def declared(house: "House", plugin: str) -> set[str]:
    """Return the classes that *plugin* says hold personal data."""
    stated = house.registry.getUtility(IPlugins).call(plugin, "communicate_personal_data") or ()
    return {name for item in stated for name in item.stored}


def known(held: Held) -> bool:
    """Tell whether the class of *held* has that attribute: in its body, or set by its methods."""
    return held.attribute in said(held.class_)


@cache
def said(name: str) -> frozenset[str]:
    """Return the attributes that the class ``module:Class`` and its bases have."""
    module, _colon, class_name = name.partition(":")
    class_ = getattr(importlib.import_module(module), class_name)
    found: set[str] = set()
    for base in inspect.getmro(class_):
        found |= {*vars(base), *getattr(base, "__annotations__", ())}
        if base.__module__.partition(".")[0].startswith(CORE):
            tree = ast.parse(dedent(inspect.getsource(base)))
            found |= {node.attr for node in stores(tree) if is_self(node.value)}
    return frozenset(found)


def stores(tree: ast.AST) -> Iterator[ast.Attribute]:
    """Yield each place in *tree* that sets an attribute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node


def is_self(node: ast.AST) -> bool:
    """Tell whether *node* is ``self``."""
    return isinstance(node, ast.Name) and node.id == "self"


@cache
def written(package: str) -> frozenset[str]:
    """Return the attributes that the code of *package* sets on anything."""
    folder = Path(str(importlib.import_module(package).__file__)).parent
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {node.attr for node in stores(tree)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setattr":
                found |= {str(a.value) for a in node.args if isinstance(a, ast.Constant)}
    return frozenset(found)
