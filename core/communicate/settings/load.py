"""Turn an ini file, the environment and the command line into typed settings."""

import difflib
import logging
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from colander import Invalid, SchemaNode, null, required
from translationstring import TranslationString

from communicate.settings import (
    backup,
    care,
    environment,
    keeping,
    limits,
    live,
    mail,
    operator,
    site,
    stores,
    tls,
    web,
)
from communicate.settings.errors import BadSettings, Problem
from communicate.settings.rules import broken_rules

OVERRIDES = "communicate.overrides"
"""Key of the global configuration under which the command line puts what it overrides."""

# Read by Pyramid and its add-ons, which have defaults of their own.
FOREIGN = ("pyramid.", "tm.", "retry.")

log = logging.getLogger(__name__)


def core_nodes() -> list[SchemaNode]:
    """Return the nodes of core's settings in the order in which they are read."""
    groups = (site, stores, backup, mail, limits, care, keeping, web, live, tls, operator)
    return [node for group in groups for node in group.nodes()]


def peek(
    global_config: Mapping[str, Any], ini_settings: Mapping[str, Any], environ: Mapping[str, str]
) -> dict[str, Any]:
    """Return those settings of core that can be read, before anything is known of plugins.

    Faults and unknown keys are left to `load`.
    """
    nodes = {node.name: node for node in core_nodes()}
    raw = gather(global_config, ini_settings, environ, nodes)
    read = {"here": folder(global_config)}
    for key, node in nodes.items():
        read_one(node, raw.get(key, null), read)
    return read


def enabled_plugins(
    global_config: Mapping[str, Any], ini_settings: Mapping[str, Any], environ: Mapping[str, str]
) -> list[str]:
    """Return the names that ``communicate.plugins`` lists, before anything else is read."""
    names: list[str] = peek(global_config, ini_settings, environ)["communicate.plugins"]
    return names


def load(
    global_config: Mapping[str, Any],
    ini_settings: Mapping[str, Any],
    *,
    environ: Mapping[str, str],
    extra_nodes: Mapping[str, Iterable[SchemaNode]],
    enabled: Collection[str],
) -> dict[str, Any]:
    """Return every setting of core and of the *enabled* plugins as a typed value.

    *extra_nodes* maps the name of a plugin to the nodes of its settings; only those of
    *enabled* ones are read. Keys under any other prefix stay in the result as the text
    they are. Raise `BadSettings` with every fault.
    """
    here = folder(global_config)
    nodes = {node.name: node for node in core_nodes()}
    for plugin in enabled:
        nodes.update(plugin_nodes(plugin, extra_nodes.get(plugin, ())))
    environment.warn_of_misspelt(environ, nodes)
    raw = gather(global_config, ini_settings, environ, nodes)
    problems = unknown_keys(raw, nodes, {"communicate", *enabled})
    read = {**raw, "here": here}
    for key, node in nodes.items():
        problems += environment.blamed(read_one(node, raw.get(key, null), read), environ)
    problems += broken_rules(read, environ)
    if problems:
        raise BadSettings(problems, str(global_config.get("__file__", "the settings")))
    del read["here"]
    return read


def folder(global_config: Mapping[str, Any]) -> Path:
    """Return the folder of the ini file, or the working folder where there is none."""
    return Path(global_config.get("here") or Path.cwd()).resolve()


def gather(
    global_config: Mapping[str, Any],
    ini_settings: Mapping[str, Any],
    environ: Mapping[str, str],
    keys: Iterable[str],
) -> dict[str, Any]:
    """Return the raw text of each setting: the command line before environment before ini."""
    given = environment.overrides(environ, keys)
    said = operator.section(global_config)
    return {**said, **ini_settings, **given, **global_config.get(OVERRIDES, {})}


def plugin_nodes(plugin: str, nodes: Iterable[SchemaNode]) -> dict[str, SchemaNode]:
    """Return the *nodes* of *plugin* by key, each key under the plugin's prefix."""
    prefix = f"{plugin}."
    full = {prefix + node.name.removeprefix(prefix): node.clone() for node in nodes}
    for key, node in full.items():
        node.name = key
    return full


def read_one(node: SchemaNode, text: Any, read: dict[str, Any]) -> list[Problem]:
    """Put the value of *node* into *read*; return what is wrong with it, if anything."""
    derive = getattr(node, "derived", None)
    node = node.bind(here=read["here"])
    try:
        if derive is not None and blank(text):
            node.missing = derive(read)
        read[node.name] = node.deserialize(text)
    except Invalid as error:
        read.pop(node.name, None)
        return [Problem(node.name, fault(node, text, error), node.description)]
    except KeyError:  # its default hangs on a setting whose own fault is told already
        read.pop(node.name, None)
    return []


def blank(text: Any) -> bool:
    """Tell whether *text* leaves a setting to its default."""
    return text is null or not str(text).strip()


def fault(node: SchemaNode, text: Any, error: Invalid) -> str:
    """Say in one sentence why *text* is not a value of *node*; a secret is not repeated."""
    if text is null and node.missing is required:
        return "missing."
    if getattr(node, "secret", False):
        return "cannot be used."
    return " ".join(plain(message) for message in error.messages())


def plain(message: Any) -> str:
    """Return *message* with its parts filled in, untranslated."""
    text = message.interpolate() if isinstance(message, TranslationString) else str(message)
    return text if text.endswith(".") else f"{text}."


def unknown_keys(
    raw: Mapping[str, Any], known: Collection[str], prefixes: Collection[str]
) -> list[Problem]:
    """Return the keys under one of *prefixes* that nobody reads; log those under others."""
    unread = sorted(key for key in raw if key not in known and not key.startswith(FOREIGN))
    wrong = [key for key in unread if key.partition(".")[0] in prefixes]
    kept = [key for key in unread if key not in wrong]
    if kept:
        log.info("Settings of plugins that are not enabled, kept unread: %s", ", ".join(kept))
    return [Problem(key, "no such setting.", nearest(key, known)) for key in wrong]


def nearest(key: str, known: Collection[str]) -> str:
    """Return the cure of a misspelt *key*."""
    near = difflib.get_close_matches(key, known, 1)
    return f"Meant {near[0]}?" if near else "Remove it."
