"""Values that nobody sends by accident, and the judgement of what a site answers to them."""

from html.parser import HTMLParser
from urllib.parse import quote

from communicate.testing.wire import Reply

MARK = "hostile7"
HTML = (
    f'"><script>alert("{MARK}")</script><img src=x onerror=alert("{MARK}")>'
    f'<a href="javascript:alert(\'{MARK}\')">x</a>\'><svg/onload=alert("{MARK}")>'
)
MARKDOWN = (
    f"[x](javascript:alert('{MARK}')) [y](data:text/html,{MARK}) <javascript:alert('{MARK}')>"
    f" ![z](vbscript:{MARK}) <iframe srcdoc='{MARK}'></iframe> <style>{MARK}</style>"
)

#: What no field takes: percent-encoded, as it stands in a form or a query.
NEVER = {
    "NUL": b"a%00b",
    "bell": b"a%07b",
    "escape": b"a%1b%5b31mb",
    "C1 control": b"a%c2%85b",
    "DEL": b"a%7fb",
    "bytes that are no UTF-8": b"a%ff%feb",
    "half a character": b"a%c3",
    "overlong slash": b"a%c0%afb",
    "lone surrogate": b"a%ed%a0%80b",
    "raw bytes": b"a\xffb",
}
#: What is wrong in most fields, and harmless in those that take it.
ODD = {
    "empty": b"",
    "spaces": b"+%09+",
    "hostile HTML": quote(HTML, safe="").encode(),
    "hostile Markdown": quote(MARKDOWN, safe="").encode(),
    "template": quote(
        "${7*7} {{7*7}} <tal:x replace='1'/> %(x)s {0} ${request}", safe=""
    ).encode(),
    "huge number": b"9" * 400,
    "negative": b"-1",
    "no number": b"nan",
    "no id": b"zzzzzzzzzzzzz",
    "id out of range": b"fzzzzzzzzzzzz",
    "id zero": b"0000000000000",
    "peppercorn": b"__start__%3Dbody%3Amapping",
    "bad percent": b"%zz%",
    "other digits": quote("٣٣", safe="").encode(),
    "path": b"..%2f..%2f..%2fetc%2fpasswd",
    "other host": b"%2f%2fevil.example",
    "header": b"x%0d%0aSet-Cookie%3A%20evil%3D1",
}
#: Those of them that a quick look needs; the others take their turn with the slow tests.
FAST = (
    "NUL",
    "escape",
    "bytes that are no UTF-8",
    "lone surrogate",
    "empty",
    "hostile HTML",
    "huge number",
    "no id",
    "other host",
)
#: In an address raw bytes are no HTTP (RFC 3986, 2): the server refuses them by itself.
QUERIES = {name: value for name, value in {**NEVER, **ODD}.items() if name != "raw bytes"}
OVERSIZED = b"x" * 250_000


class Danger(HTMLParser):
    """Finds what a browser would run in a page, and where a page would lead outside."""

    URLS = ("href", "src", "action", "formaction", "srcdoc", "data", "poster", "xlink:href")

    def __init__(self, *, boxed: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.boxed = boxed
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        given = {name.lower(): (value or "").strip() for name, value in attrs}
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.found.append("<script>")
        own = tag == "svg" and given.get("class") == "chart"  # drawn by `statistics.chart`
        own = own or (tag == "iframe" and is_frame(given)) or (tag == "style" and self.boxed)
        if tag in ("iframe", "object", "embed", "style", "base", "svg", "math") and not own:
            self.found.append(f"<{tag}>")
        for name, value in given.items():
            if name.startswith("on") or (name == "style" and not self.boxed):
                self.found.append(f"{name}=")
            if self.boxed and tag == "img" and value.startswith("data:image/"):
                continue
            if name in self.URLS and value.lower().startswith(
                ("javascript:", "data:", "vbscript:")
            ):
                self.found.append(f"{name}={value[:40]}")


def is_frame(given: dict[str, str]) -> bool:
    """Tell whether an iframe with the attributes *given* is a page of ours that runs nothing."""
    allowed = given.get("sandbox", "allow-scripts").lower().split()
    box = "allow-scripts" not in allowed and "allow-same-origin" not in allowed
    src = given.get("src", "")
    return box and "srcdoc" not in given and src.startswith("/") and not src.startswith("//")


def is_boxed(reply: Reply) -> bool:
    """Tell whether *reply* is a page of an origin of its own, which runs and loads nothing."""
    rules = [rule.split() for rule in reply.header("content-security-policy").split(";")]
    box = next((rule[1:] for rule in rules if rule[:1] == ["sandbox"]), ["allow-scripts"])
    none = ["default-src", "'none'"] in rules
    return none and "allow-scripts" not in box and "allow-same-origin" not in box


def dangers(page: str, *, boxed: bool = False) -> list[str]:
    """Return what is dangerous in the HTML *page*; *boxed*: styles do no harm, see `is_boxed`."""
    reader = Danger(boxed=boxed)
    reader.feed(page)
    return reader.found


def dangers_in(reply: Reply) -> list[str]:
    """Return what is dangerous in *reply* where a browser shows it as a page."""
    is_shown = not reply.header("content-disposition").startswith("attachment")
    if not is_shown or "text/html" not in reply.header("content-type"):
        return []
    return dangers(reply.text, boxed=is_boxed(reply))


def complaint(reply: Reply, method: str = "GET") -> str | None:
    """Return what is wrong with *reply* as the answer to a hostile request, or None.

    An error is a page in the layout, with a heading, words, and a way on; no page holds anything
    that runs; no header holds what was sent.
    """
    if reply.status >= 500:
        return f"{reply.status}"
    is_html = "text/html" in reply.header("content-type")
    if any("evil" in value for name, value in reply.headers if name == "set-cookie"):
        return f"{reply.status} sets a cookie that was sent"
    if "evil.example" in reply.header("location").partition("?")[0]:
        return f"{reply.status} leads to another host"
    if reply.status >= 400 and method != "HEAD":
        if not is_html or '<main class="page"' not in reply.text:
            return f"{reply.status} without the layout: {reply.text[:200]}"
        main = reply.text.partition('<main class="page"')[2].partition("</main>")[0]
        if "<h1" not in main or not ("<a " in main or "<form" in main):
            return f"{reply.status} without a heading or a way on"
    found = dangers_in(reply)
    return f"{reply.status} with {found}" if found else None
