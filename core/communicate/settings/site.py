"""Declare the settings that say what kind of site this is."""

from colander import Float, OneOf, SchemaNode, String

from communicate.settings.nodes import node
from communicate.settings.types import Listen, Names, SiteURL

MODES = ("development", "production", "testing")


def nodes() -> list[SchemaNode]:
    """Return the nodes in the order in which they are read."""
    return [*_what_runs(), *_what_people_meet()]


def _what_runs() -> list[SchemaNode]:
    return [
        node(
            String(),
            "communicate.mode",
            "Write development, testing or production.",
            missing="production",
            validator=OneOf(MODES),
        ),
        node(
            Names(),
            "communicate.plugins",
            "List the names of the plugins that are switched on, or nothing.",
            missing=[],
        ),
        node(
            Listen(),
            "communicate.listen",
            "Write the host and the port to listen on, such as 127.0.0.1:6543.",
            missing="127.0.0.1:6543",
        ),
        node(
            SiteURL(),
            "communicate.url",
            "Write the address that people type, such as https://example.org, without a path.",
            missing=None,
            derived=lambda read: (
                None if production(read) else f"http://{read['communicate.listen']}"
            ),
        ),
    ]


def _what_people_meet() -> list[SchemaNode]:
    return [
        node(String(), "communicate.name", "Write the name of the site.", missing="2 Communicate"),
        node(
            String(),
            "communicate.language",
            "Write fr or en: the language of those who have not chosen one.",
            missing="fr",
            validator=OneOf(("fr", "en")),
        ),
        node(String(), "communicate.theme", "Write the name of a theme.", missing="mure"),
        node(
            String(),
            "communicate.joining",
            "Write open, invitation or closed.",
            missing="open",
            validator=OneOf(("open", "invitation", "closed")),
        ),
        node(
            String(),
            "communicate.widest_audience",
            "Write public or members: the widest circle that anything may reach.",
            missing="public",
            validator=OneOf(("public", "members")),
        ),
        node(
            Float(),
            "communicate.clock_offset",
            "Write a number of seconds; only tests move the clock.",
            missing=0.0,
        ),
    ]


def production(read: dict[str, object]) -> bool:
    """Tell whether the settings *read* so far are those of a production site."""
    return read.get("communicate.mode") == "production"


def development(read: dict[str, object]) -> bool:
    """Tell whether the settings *read* so far are those of a site that is being worked on."""
    return read.get("communicate.mode") == "development"


def host_of(read: dict[str, object]) -> str:
    """Return the host on which the site listens, by the settings *read* so far."""
    return str(read["communicate.listen"]).rpartition(":")[0]
