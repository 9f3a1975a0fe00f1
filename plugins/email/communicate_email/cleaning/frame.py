"""The frame in which HTML of a message is shown, and the rules it is under."""

import re
from collections.abc import Iterable

from communicate_email.cleaning.links import host_of

_STYLE = (
    "body{margin:0;padding:.25rem;overflow-wrap:anywhere;font:1rem/1.5 system-ui,sans-serif;"
    "color:#1c1c1c;background:#fff}img{max-width:100%;height:auto}table{max-width:100%}"
    "blockquote{margin:0 0 0 .5rem;padding-left:.75rem;border-left:.2rem solid #ccc}"
    # What stands around it must not hide it: nothing of it is inherited.
    ".goes{all:initial;font:bold .875rem/1.4 system-ui,sans-serif;color:#8a1f11;background:#fff;"
    "overflow-wrap:anywhere;unicode-bidi:isolate}"
    # With the keyboard, too, one sees where a link goes before one goes there.
    "a:focus-visible::after{all:initial;content:' → ' attr(title);padding:.1rem .3rem;"
    "font:.875rem/1.4 system-ui,sans-serif;color:#1c1c1c;background:#ffd;overflow-wrap:anywhere}"
)


MOST_ORIGINS = 50  # of which pictures come
_ORIGIN = re.compile(r"(https?)://[^/?#@\s]*?(?::(\d{1,5}))?(?:[/?#]|$)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")


def origins(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return of where the pictures at *addresses* are, each once, as a policy names it."""
    found: dict[str, None] = {}
    for address in addresses:
        match, host = _ORIGIN.match(address), host_of(address)
        if match is not None and _HOST.fullmatch(host):
            port = f":{match[2]}" if match[2] else ""
            found[f"{match[1].lower()}://{host}{port}"] = None
    return tuple(found)[:MOST_ORIGINS]


def policy(*, remote: Iterable[str] = (), ancestors: str = "'self'") -> str:
    """Return the Content-Security-Policy of a frame with a message.

    It loads nothing at all but pictures from *remote*, see `origins`: those of the message
    itself come as ``data:``. Whoever is there cannot lead on to anybody else. The sandbox
    gives it an origin of its own, no script, no form; links open in a new window.
    """
    pictures = " ".join(["data:", *remote])
    return (
        f"default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors {ancestors}; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )


def page(cleaned: str, language: str = "") -> str:
    """Return the document of the frame around *cleaned* HTML."""
    lang = f' lang="{language}"' if language.replace("-", "").isalnum() else ""
    return (
        f'<!DOCTYPE html>\n<html{lang}><head><meta charset="utf-8">'
        '<meta name="referrer" content="no-referrer">'
        f"<style>{_STYLE}</style></head><body>{cleaned}</body></html>\n"
    )
