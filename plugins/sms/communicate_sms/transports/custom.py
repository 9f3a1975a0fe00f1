"""A provider that nobody has described yet, described in a line of the settings.

What it is asked is a template (see `communicate_sms.transports.http`); what it brings is told by
the names of its fields.  It proves itself by a signature, or by a secret in the address.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping
from string import Template
from typing import Any
from urllib.parse import parse_qsl

from communicate_sms import states
from communicate_sms.transports.http import FORM, JSON, QUERY, Brought, Check, Keys, Provider
from communicate_sms.transports.passing import Call

MUST = ("url", "fields")
MAY = (
    *("method", "path", "verdict", "taken", "busy", "header", "receipts", "user", "password"),
    *("service", "secret", "signature", "receipt", "states", "incoming", "basic"),
)
METHODS = ("POST", "GET")
KEYS = ("user", "password", "service")
WORDS = ("number", "digits", "text", "sender", "token", "type", "receipts", *KEYS)
WEBHOOKS = "standard-webhooks"  # https://www.standardwebhooks.com, version 1
SKEW = 300  # seconds that what is signed may be old
STATES = {
    "sent": states.SENT,
    "buffered": states.BUFFERED,
    "delivered": states.DELIVERED,
    "failed": states.FAILED,
}
RECEIPT = {"state": "state", "id": "reference", "code": "detail"}
INCOMING = {
    "from": "sender",
    "to": "recipient",
    "text": "text",
    "id": "reference",
    "series": "series",
    "total": "total",
    "part": "part",
}


def provider(options: Mapping[str, str]) -> Provider:
    """Return the provider that *options* describe; raise ValueError, with a cure."""
    method = options.get("method", "POST").upper()
    if method not in METHODS:
        raise ValueError(f"method is one of {', '.join(METHODS)}")
    fields, style = _fields(options["fields"])
    more, more_style = _fields(options.get("receipts", ""))
    if more and more_style != style:
        raise ValueError("receipts is written as fields is")
    if method == "GET":
        if style == JSON:
            raise ValueError("GET has no body: write fields as name=$number&…")
        style = QUERY
    header = options.get("header", "")
    name, colon, value = (part.strip() for part in header.partition(":"))
    if header and not (name and colon and value):
        raise ValueError('header is to be "Name: value"')
    for template in (options["url"], *_texts(fields), *_texts(more)):
        _try(template, WORDS)
    _try(value, KEYS)  # a text may have lines
    return Provider(
        url=options["url"],
        fields=fields,
        receipts=more,
        style=style,
        method=method,
        basic=options.get("basic") == "yes",
        headers={name: value} if header else {},
        verdict=options.get("verdict", ""),
        taken=_listed(options.get("taken", "")),
        busy=_listed(options.get("busy", "")),
        reference=options.get("path", ""),
        check=_check(options),
        states=_states(options.get("states", "")),
        receipt=_brought(options.get("receipt", ""), RECEIPT),
        incoming=_brought(options.get("incoming", ""), INCOMING),
    )


def _fields(written: str) -> tuple[dict[str, Any], str]:
    """Return the fields that *written* names, as a query or as JSON, and which of both it is."""
    if not written.startswith("{"):
        found = parse_qsl(written, keep_blank_values=True, strict_parsing=bool(written))
        return dict(found), FORM
    try:
        said = json.loads(written)
    except (ValueError, RecursionError):
        raise ValueError("fields begins with {, and is no JSON") from None
    return dict(said), JSON


def _texts(what: Any) -> list[str]:
    """Return every text in *what*, of JSON."""
    if isinstance(what, str):
        return [what]
    inner = what.values() if isinstance(what, dict) else what if isinstance(what, list) else ()
    return [text for one in inner for text in _texts(one)]


def _try(template: str, words: Iterable[str]) -> None:
    try:
        Template(template).substitute(dict.fromkeys(words, ""))
    except (KeyError, ValueError):
        known = ", ".join(f"${word}" for word in words)
        raise ValueError(f"a template may have {known}, and $$ for a dollar") from None


def _listed(written: str) -> frozenset[str]:
    return frozenset(filter(None, written.split(",")))


def _pairs(written: str) -> dict[str, str]:
    """Return the pairs of ``name:value name:value``."""
    found = [pair.partition(":") for pair in written.split()]
    if not all(colon and name and value for name, colon, value in found):
        raise ValueError(f'"{written}" is to be name:value name:value …')
    return {name: value for name, _colon, value in found}


def _brought(written: str, names: Mapping[str, str]) -> Brought:
    pairs = _pairs(written)
    if unknown := sorted(pairs.keys() - names.keys()):
        raise ValueError(f"{', '.join(unknown)} is none of {', '.join(names)}")
    return Brought(**{names[name]: what for name, what in pairs.items()})


def _states(written: str) -> dict[str, int]:
    pairs = _pairs(written)
    if unknown := sorted(set(pairs.values()) - STATES.keys()):
        raise ValueError(f"{', '.join(unknown)} is none of {', '.join(STATES)}")
    return {said: STATES[state] for said, state in pairs.items()}


def _check(options: Mapping[str, str]) -> Check | None:
    """Return what tells whether a call is signed; None where the address proves it."""
    signature = options.get("signature", "")
    if not signature:
        return None
    if not options.get("secret"):
        raise ValueError("a signature needs the secret that it is made with")
    if signature == WEBHOOKS:
        _secret(options["secret"])
        return signed_as_webhook
    header = signature.lower()
    return lambda keys, call: signed_in(header, keys, call)


def signed_in(header: str, keys: Keys, call: Call) -> bool:
    """Tell whether *header* has the HMAC-SHA256 of the body: in hexadecimal, or in base 64."""
    said = call.headers.get(header, "").removeprefix("sha256=")
    made = hmac.digest(keys.secret.encode(), call.body, hashlib.sha256)
    right = [made.hex(), base64.b64encode(made).decode()]
    alike = [_alike(one, said) for one in right]
    return bool(call.body) and any(alike)


def signed_as_webhook(keys: Keys, call: Call) -> bool:
    """Tell whether the call is signed and new, as Standard Webhooks has it."""
    name = call.headers.get("webhook-id", "")
    when = call.headers.get("webhook-timestamp", "")
    is_new = when.isdecimal() and len(when) < 12 and abs(time.time() - int(when)) < SKEW
    secret = _secret(keys.secret)
    said = f"{name}.{when}.".encode() + call.body
    made = "v1," + base64.b64encode(hmac.digest(secret, said, hashlib.sha256)).decode()
    alike = [_alike(made, one) for one in call.headers.get("webhook-signature", "").split(" ")]
    return bool(name) and is_new and any(alike)


def _secret(written: str) -> bytes:
    """Return the secret, which is in base 64 where it begins with ``whsec_``."""
    if not written.startswith("whsec_"):
        return written.encode()
    return base64.b64decode(written.removeprefix("whsec_"), validate=True)


def _alike(made: str, said: str) -> bool:
    return hmac.compare_digest(made.encode(), said.encode("utf-8", "surrogateescape"))
