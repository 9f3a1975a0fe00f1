"""Run a site: web server, gateways and jobs in one process, until it is told to stop."""

import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import click

from communicate.accounts.tokens import operator_link
from communicate.cli.config import Config
from communicate.cli.console import open_site
from communicate.disclosure import guard
from communicate.erasure.jobs import replay
from communicate.interfaces import IPlugins
from communicate.outbox.runner import Runner
from communicate.serving import logs
from communicate.serving.commands import executor
from communicate.serving.control import ControlServer
from communicate.serving.lock import SiteLock
from communicate.serving.sockets import bind, url_of
from communicate.serving.web import WebServer
from communicate.statistics.flushing import Flusher
from communicate.storage.evolve import check
from communicate.stores import evolve_chains, make_site, stores_of
from communicate.web import compiled
from communicate.web.theme import theme_of

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
PID = "serve.pid"

TURN = 0.0002  # seconds after which a thread that works lets another go on
"""A page, and each answer to a mail program, gives the interpreter up many times, to read or to
wait; each time a thread that computes would keep it for 25 times as long otherwise."""


def serve(config: Config, listen: str | None) -> None:
    """Serve the site of *config* on *listen* (HOST:PORT; None: as its settings say).

    Return once a signal has asked for it and everything is closed. Raise
    `communicate.serving.lock.Busy` where the site is served already.
    """
    with ExitStack() as closing:
        os.umask(0o077)  # what is made here is nobody else's
        lock = closing.enter_context(SiteLock(config.settings["communicate.run"]))
        lock.take_to_serve()
        stop = Stop(closing)
        logs.set_up(config)
        closing.enter_context(guard.watching())
        bound = bind(listen or config.settings["communicate.listen"])
        closing.callback(bound.close)
        config = addressed(config, listen, url_of(bound))
        waiting = live_socket(config)
        if waiting is not None:
            closing.callback(waiting.close)
        folder = compiled.keep(config.settings["communicate.run"] / "templates")
        app = open_site(config, unclean=lock.unclean)
        registry = app.registry
        if folder is not None:
            closing.callback(compiled.fill(folder, packages_of(registry)))
        closing.callback(stores_of(registry).close)
        production = registry.settings["communicate.mode"] == "production"
        if check(registry, evolve_chains(registry), production=production):
            make_site(registry)  # what the plugins hang under it waits for pending steps
        web = WebServer(app, bound, registry.settings)
        start_all(closing, config, registry, web, waiting)
        words = announcement(registry)
        spare_collections()
        sys.setswitchinterval(TURN)
        asked = stop.watch(web.pull_trigger)  # before anybody is let in, who might ask for it
        web.accept_connections()
        click.echo(words)
        sys.stdout.flush()
        web.serve_until(asked)


def packages_of(registry: Any) -> list[str]:
    """Return the packages whose templates this site shows: core, plugins, the theme."""
    theme = theme_of(registry.settings)
    plugins: list[str] = registry.getUtility(IPlugins).packages()
    return ["communicate", *plugins, *([theme] if theme else [])]


def spare_collections() -> None:
    """Let the garbage collector pass over what was made at the start, and seldom over the rest.

    Views, templates and settings stay as long as the process does: walking them all, a tenth of
    a second each time, stops every request.  What is young is walked often, a millisecond each
    time: in larger portions it would stop requests for as long as it takes to make several.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 100)


def addressed(config: Config, listen: str | None, url: str) -> Config:
    """Return *config* with the address that ``--listen`` implies, where nothing else says it."""
    if listen is None or config.states_url():
        return config
    return config.override(listen=listen, url=url)


def start_all(
    closing: ExitStack,
    config: Config,
    registry: Any,
    web: WebServer,
    waiting: socket.socket | None,
) -> None:
    """Start all that runs beside the web server; *closing* stops it, the web server first.

    Open pages wait for news on the socket *waiting*, if there is one.
    """
    patience = registry.settings["communicate.stop_timeout"]
    run: Path = registry.settings["communicate.run"]
    pid = run / PID
    pid.write_text(f"{os.getpid()}\n", encoding="ascii")
    closing.callback(lambda: pid.unlink(missing_ok=True))
    if waiting is not None:  # stopped last: what the others still do is told
        from communicate.live.serving import Live  # asyncio and WebSockets: only where wanted

        closing.callback(Live(registry, waiting).start().stop)
    control = ControlServer(run, executor(config, registry))
    closing.callback(control.stop, patience)
    control.start()
    runner = Runner(registry, alone=registry.settings["communicate.database"].startswith("file:"))
    closing.callback(runner.stop, patience)
    replay(registry)  # before anybody is let in: what the ledger names stays erased
    runner.start()
    for gateway in registry.getUtility(IPlugins).gather("communicate_gateways", site=registry):
        closing.callback(gateway.start(registry).stop)
    statistics = Flusher(registry)
    closing.callback(statistics.stop)  # after the last answer, which counts too
    statistics.start()
    closing.callback(web.drain, patience)


def live_socket(config: Config) -> socket.socket | None:
    """Return the socket on which open pages wait for news, None where none is to listen."""
    listen = config.settings.get("communicate.live_listen")
    return bind(listen) if listen else None


def announcement(registry: Any) -> str:
    """Return the address and, where there is no operator yet, the link that makes one."""
    values = registry.settings
    words = f"{values['communicate.name']} is served on {values['communicate.url']}"
    link = operator_link(registry)
    if link is None:
        return words
    return f"{words}\nNo operator yet. Whoever opens this within an hour becomes one: {link}"


class Stop:
    """The wish to stop, as signals bring it: before there is anything to drain it simply ends."""

    def __init__(self, closing: ExitStack) -> None:
        self.event = threading.Event()
        self.wake: Callable[[], None] | None = None
        heard = [n for n in SIGNALS if n != signal.SIGHUP or signal.getsignal(n) != signal.SIG_IGN]
        for number in heard:  # nohup asks not to be stopped by the end of the terminal
            closing.callback(signal.signal, number, signal.signal(number, self.handle))

    def handle(self, number: int, _frame: FrameType | None) -> None:
        """Ask for the stop; the second Ctrl-C does not wait."""
        again = self.event.is_set()
        self.event.set()
        if self.wake is None or (again and number == signal.SIGINT):
            raise SystemExit(128 + number)
        with suppress(OSError):  # closed already
            self.wake()

    def watch(self, wake: Callable[[], None]) -> threading.Event:
        """Return the event; from now on a signal sets it and calls *wake*."""
        self.wake = wake
        return self.event
