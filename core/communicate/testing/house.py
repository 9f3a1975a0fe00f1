"""A whole site on real stores in a folder, for tests."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from communicate.boot import make_app
from communicate.clock import SystemClock, milliseconds
from communicate.interfaces import IClock, IMembers
from communicate.outbox.mail.file import FileTransport
from communicate.outbox.runner import run_due
from communicate.storage.work import work
from communicate.stores import stores_of

Result = TypeVar("Result")
TURN, TURNS = 0.0002, 500  # seconds, and how many: no clock that a test has stopped is waited for
PASSWORD = "le tilleul penche vers le canal"  # noqa: S105 (of members that live for one test)


class House:
    """A booted site: its application, and short ways to do what tests do all the time.

    Each piece of `work`, each run of jobs and each request of a `browser` begins in another
    millisecond than that in which the one before it wrote: where times are kept in milliseconds
    and ties are broken by chance, what a test makes in turn is in that order.  What is made
    within one of them may well be of one millisecond.
    """

    def __init__(self, folder: Path, plugins: Sequence[str], settings: Mapping[str, Any]) -> None:
        self.folder = folder
        self.settings = dict(settings)
        self._wrote: int | None = None
        self.boot(plugins)

    def boot(self, plugins: Sequence[str], **settings: Any) -> None:
        """Start the application with *plugins*; *settings* are added to those given before."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.settings.update(settings)
        ini = {
            "communicate.mode": "testing",
            "communicate.plugins": " ".join(plugins),
            "communicate.url": "http://localhost",
            "communicate.new_account_days": "0",  # every member of a test is new
            **{
                (key if "." in key else f"communicate.{key}"): str(value)
                for key, value in self.settings.items()
            },
        }
        self.app = make_app(
            {"here": str(self.folder), "__file__": str(self.folder / "site.ini")}, ini
        )
        self.registry = self.app.registry

    def reboot(self, plugins: Sequence[str], **settings: Any) -> None:
        """Stop, and start again on the same stores with other *plugins*."""
        self.close()
        self.boot(plugins, **settings)

    def close(self) -> None:
        """Close the stores."""
        stores_of(self.registry).close()

    def work(self, func: Callable[[Any], Result]) -> Result:
        """Return what *func* does with a request, in a transaction of its own."""

        def noted(request: Any) -> Result:
            try:
                return func(request)
            finally:
                self._wrote = self._present()

        self._wait()
        return work(self.registry, noted)

    def run_jobs(self) -> int:
        """Do the work that is due, in this thread; return how many jobs ran."""
        self._wait()
        try:
            return run_due(self.registry)
        finally:
            self._wrote = self._present()

    def _serve(self, environ: Any, start_response: Any) -> Any:
        self._wait()
        try:
            return self.app(environ, start_response)
        finally:
            if environ["REQUEST_METHOD"] == "POST":
                self._wrote = self._present()

    def _present(self) -> int | None:
        """Return the millisecond of the site's own clock; None where a test has put another."""
        clock = self.registry.queryUtility(IClock)
        return milliseconds(clock.now()) if isinstance(clock, SystemClock) else None

    def _wait(self) -> None:
        """Wait until the millisecond in which something was written is over."""
        for _turn in range(TURNS):
            if self._wrote is None or self._present() != self._wrote:
                break
            time.sleep(TURN)

    def letters(self) -> list[str]:
        """Return every mail that was kept instead of sent and can be read, the newest first."""
        transport = FileTransport(self.registry.settings["communicate.outbox"])
        return self.work(lambda r: [str(message) for _kept, message in transport.readable(r)])

    def member(self, login: str, *groups: str, password: str = PASSWORD) -> int:
        """Make a confirmed member of *groups* ("moderators", "operators"), and return the uid."""

        def add(request: Any) -> int:
            members = request.find_service(IMembers)
            uid: int = members.add(login, f"{login}@example.org", password, groups=groups).uid
            return uid

        return self.work(add)

    def browser(self, login: str | None = None, password: str = PASSWORD) -> Any:
        """Return a WebTest browser, signed in as *login* where one is given."""
        from webtest import TestApp

        browser = TestApp(self._serve, extra_environ={"HTTP_HOST": "localhost"})
        if login is not None:
            form = browser.get("/login").forms["sign-in"]
            form["login"], form["password"] = login, password
            form.submit().follow()
        return browser
