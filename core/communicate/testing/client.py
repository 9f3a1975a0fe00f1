"""A small HTTP client for tests and benchmarks: one keep-alive connection, cookies, forms."""

import http.client
import re
import socket
from html import unescape
from typing import NamedTuple
from urllib.parse import urlencode


class Answer(NamedTuple):
    """Status, headers (lower-case names, the last of each) and text of one answer."""

    status: int
    headers: dict[str, str]
    text: str


class Connection(http.client.HTTPConnection):
    """A connection that sends at once: headers and body of a form are two packets."""

    def connect(self) -> None:
        """Connect, without the delay by which TCP would join small packets (RFC 896)."""
        super().connect()
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Client:
    """One browser without scripts, talking to 127.0.0.1:*port*."""

    def __init__(self, port: int, timeout: float = 60) -> None:
        self.connection = Connection("127.0.0.1", port, timeout=timeout)
        self.origin = f"http://127.0.0.1:{port}"
        self.cookies: dict[str, str] = {}

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Send one request and return the answer; cookies are kept."""
        if self.cookies:
            headers["Cookie"] = "; ".join(
                f"{name}={value}" for name, value in self.cookies.items()
            )
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self.keep(value)
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read().decode())

    def keep(self, set_cookie: str) -> None:
        """Keep or drop the cookie that the header *set_cookie* names."""
        name, _, rest = set_cookie.partition("=")
        value = rest.partition(";")[0]
        if value and "max-age=0" not in set_cookie.lower():
            self.cookies[name] = value
        else:
            self.cookies.pop(name, None)

    def get(self, path: str) -> str:
        """Return the page at *path*; raise RuntimeError where it is not answered with 200."""
        answer = self.ask("GET", path)
        if answer.status != 200:
            raise RuntimeError(f"GET {path}: {answer.status}")
        return answer.text

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """Post *form* as a browser does."""
        return self.ask(
            "POST",
            path,
            urlencode(form).encode(),
            **{"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin},
        )

    def submit(self, path: str, **form: str) -> Answer:
        """Open the page at *path*, and post its form that has the first of *form*'s fields."""
        fields = fields_of(self.get(path), next(iter(form)))
        return self.post(path, {**fields, **form})

    def sign_in(self, login: str, password: str) -> None:
        """Open a session; raise RuntimeError where that is refused."""
        answer = self.submit("/login", login=login, password=password)
        if answer.status != 303:
            raise RuntimeError(f"signing in as {login}: {answer.status}")


def fields_of(page: str, name: str) -> dict[str, str]:
    """Return the hidden fields of the first form in the HTML *page* that has a field *name*."""
    for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
        if re.search(rf'\bname="{re.escape(name)}"', form):
            return dict(map(attributes, re.findall(r"<input[^>]*\btype=\"hidden\"[^>]*>", form)))
    raise RuntimeError(f"no form with a field {name!r}")


def attributes(tag: str) -> tuple[str, str]:
    """Return name and value of the HTML input *tag*."""
    found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
    return found.get("name", ""), unescape(found.get("value", ""))
