"""Names of mailboxes on the wire: modified UTF-7 (RFC 3501, section 5.1.3), or UTF-8 (RFC 6855).

Read strictly, once from left to right: whatever is no name is a `ValueError`, never a loop.
"""

import binascii
import re

LONGEST = 2_000  # octets of a name on the wire
_SHIFTED = re.compile(rb"&([A-Za-z0-9+,]*)(-?)")
_FOREIGN = re.compile(r"[^\x20-\x7e]+")
_PLAIN = re.compile(r"[\x20-\x7e]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def decoded(name: bytes, *, utf8: bool = False) -> str:
    """Return the name that *name* stands for; raise ValueError where it stands for none."""
    if len(name) > LONGEST:
        raise ValueError("a name this long is not kept")
    found = name.decode("utf-8") if utf8 else _from_utf7(name)
    if _CONTROL.search(found):
        raise ValueError("a name has no control characters")
    return "INBOX" + found[5:] if _is_inbox(found) else found


def _is_inbox(name: str) -> bool:
    """Tell whether *name* is the inbox, in whatever case, or lies below it."""
    return name[:5].upper() == "INBOX" and name[5:6] in ("", "/")


def _from_utf7(name: bytes) -> str:
    found: list[str] = []
    at = 0
    while (begin := name.find(b"&", at)) >= 0:
        found.append(name[at:begin].decode("ascii"))
        shifted = _SHIFTED.match(name, begin)
        if shifted is None or not shifted[2]:
            raise ValueError("a shifted part of a name has no end")
        found.append(_shifted(shifted[1]) if shifted[1] else "&")
        at = shifted.end()
    found.append(name[at:].decode("ascii"))
    return "".join(found)


def _shifted(part: bytes) -> str:
    """Return the UTF-16 that *part* is the modified base64 of; raise ValueError."""
    octets = binascii.a2b_base64(part.replace(b",", b"/") + b"=" * (-len(part) % 4))
    found = octets.decode("utf-16-be")
    if _base64(found) != part or _PLAIN.search(found):  # bits left over, or what needs no shift
        raise ValueError("a shifted part of a name is not as it would be written")
    return found


def _base64(text: str) -> bytes:
    octets = text.encode("utf-16-be")
    return binascii.b2a_base64(octets, newline=False).rstrip(b"=").replace(b"/", b",")


def encoded(name: str, *, utf8: bool = False) -> bytes:
    """Return *name* as it is written, without quotes."""
    if utf8:
        return name.encode("utf-8")
    plain = name.replace("&", "&-")
    return _FOREIGN.sub(lambda found: f"&{_base64(found[0]).decode()}-", plain).encode("ascii")
