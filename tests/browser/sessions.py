"""Sessions on a served site, each opened once: what a window brings instead of signing in."""

from communicate.testing.client import Client
from communicate.testing.house import PASSWORD
from communicate.testing.server import Server


class Sessions:
    """The sessions of the people of *server*."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.cookies: dict[str, dict[str, str]] = {}

    def client(self, login: str) -> Client:
        """Return a browser without scripts in the session of *login*."""
        if login not in self.cookies:
            client = self.server.client(login, PASSWORD)
            self.cookies[login] = client.cookies
        else:
            client = self.server.client()
            client.cookies = dict(self.cookies[login])
        return client

    def of(self, login: str) -> list[dict[str, str]]:
        """Return the cookies of the session of *login*."""
        if login not in self.cookies:
            self.client(login)
        return self.made(self.cookies[login])

    def brought(self, language: str, login: str | None = None) -> list[dict[str, str]]:
        """Return the cookies of somebody who chose *language*, of *login* where one is given."""
        return self.made({"lang": language}) + ([] if login is None else self.of(login))

    def made(self, cookies: dict[str, str]) -> list[dict[str, str]]:
        """Return *cookies* as a window takes them."""
        return [
            {"name": name, "value": value, "url": self.server.url}
            for name, value in cookies.items()
        ]
