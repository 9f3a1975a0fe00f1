"""Blocks of services in a space: what each offers, and which ones its owner shows, in what order.

A block shows nothing until the owner says so; what it holds is filtered for the viewer besides.
"""

from typing import Any, NamedTuple

from markupsafe import Markup

from communicate.declarations import Block
from communicate.interfaces import IPlugins
from communicate.profile.content import profile_of


class Placed(NamedTuple):
    """A block with its HTML, and whether others are shown it."""

    block: Block
    html: Markup
    shown: bool


def offered(member: Any, request: Any) -> dict[str, Block]:
    """Return the blocks that services offer for *member*'s space, by name, in their order."""
    plugins = request.registry.getUtility(IPlugins)
    found = [
        block
        for _name, answer in plugins.duty(
            "communicate_space_blocks", member=member, request=request
        )
        if not isinstance(answer, Exception)
        for block in answer or ()
    ]
    return {block.name: block for block in sorted(found, key=lambda one: (one.weight, one.name))}


def arranged(member: Any) -> dict[str, bool]:
    """Return the names of the blocks that *member* has arranged, in order: whether each shows."""
    profile = profile_of(member)
    return dict(profile.blocks) if profile is not None else {}


def placed(member: Any, request: Any) -> list[Placed]:
    """Return every block that services offer, in the owner's order; for the owner's eyes."""
    blocks, order = offered(member, request), arranged(member)
    names = [name for name in order if name in blocks]
    names += [name for name in blocks if name not in order]
    return [
        Placed(blocks[name], Markup(blocks[name].html), order.get(name, False))  # noqa: S704  # from a template
        for name in names
    ]


def shown(member: Any, request: Any) -> list[Placed]:
    """Return the blocks that the owner shows; services are asked only where there are any."""
    if not any(arranged(member).values()):
        return []
    return [each for each in placed(member, request) if each.shown]


def rearranged(found: list[Placed], name: str, act: str) -> list[tuple[str, bool]]:
    """Return the order of the blocks *found*, after *act* (up, down, show, hide) upon *name*."""
    order = [(each.block.name, each.shown) for each in found]
    place = next(index for index, (one, _shown) in enumerate(order) if one == name)
    if act in ("show", "hide"):
        order[place] = (name, act == "show")
    else:
        to = place + (-1 if act == "up" else 1)
        order.insert(max(0, min(to, len(order) - 1)), order.pop(place))
    return order
