"""``communicate privacy``: what the site keeps of people, as core and the plugins declare it."""

import json
from collections.abc import Iterator
from typing import Any

import click

from communicate.cli.console import Console, pass_console
from communicate.privacy import inventory
from communicate.privacy.inventory import Service
from communicate.privacy.snapshot import say
from communicate.web.i18n import LANGUAGES, SOURCE

Told = dict[str, Any]


@click.group()
def privacy() -> None:
    """Show what the site keeps of people."""


@privacy.command("inventory")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for programs.")
@click.option(
    "--language", type=click.Choice(list(LANGUAGES)), default=SOURCE, help="Of the sentences."
)
@pass_console
def show(console: Console, as_json: bool, language: str) -> None:
    """List each kind of data, who receives any, and the cookies, service by service."""
    found = told(console.registry, language)
    if as_json:
        click.echo(json.dumps({"services": found}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(lines(found)))


def told(registry: Any, language: str) -> list[Told]:
    """Return what each service declares, in builtins."""
    return [service_told(registry, service, language) for service in inventory.services(registry)]


def service_told(registry: Any, service: Service, language: str) -> Told:
    """Return what *service* declares."""

    def words(text: Any) -> str:
        return str(say(registry, language, text))

    return {
        "service": service.name,
        "plugin": service.plugin,
        "title": words(service.title),
        "data": [
            {
                "kind": kind.kind,
                "what": words(kind.what),
                "why": words(kind.why),
                "audience": kind.audience,
                "retention": words(kind.kept(registry.settings)),
                "stored": list(kind.stored),
            }
            for kind in service.data
        ],
        "recipients": [
            {"name": r.name, "who": words(r.who), "fields": list(r.fields), "why": words(r.why)}
            for r in service.recipients
        ],
        "cookies": [
            {
                "name": cookie.name,
                "purpose": words(cookie.purpose),
                "seconds": None if cookie.life is None else int(cookie.life.total_seconds()),
            }
            for cookie in service.cookies
        ],
        "purposes": [
            {"name": purpose.name, "title": words(purpose.title), "text": words(purpose.text)}
            for purpose in service.purposes
        ],
    }


def lines(services: list[Told]) -> Iterator[str]:
    """Yield the lines of the table for people."""
    for service in services:
        yield f"{service['title']}  [{service['plugin']}]"
        for kind in service["data"]:
            yield from entry(kind["kind"], kind, "what", "why", "audience", "retention", "stored")
        for party in service["recipients"]:
            yield from entry(f"to {party['name']}", party, "who", "fields", "why")
        for cookie in service["cookies"]:
            life = f"{cookie['seconds']} s" if cookie["seconds"] else "until the browser closes"
            yield from entry(
                f"cookie {cookie['name']}", {**cookie, "life": life}, "purpose", "life"
            )
        for purpose in service["purposes"]:
            yield from entry(f"consent {purpose['name']}", purpose, "title", "text")
        yield ""


def entry(head: str, told: Told, *names: str) -> Iterator[str]:
    """Yield a head, and a line for each of the *names* that says something."""
    yield f"  {head}"
    for name in names:
        value = told[name]
        if value:
            yield f"    {name:<10} {', '.join(value) if isinstance(value, list) else value}"
