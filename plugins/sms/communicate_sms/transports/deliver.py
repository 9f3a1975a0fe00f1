"""What a deliver_sm of SMPP 3.4 brings: a receipt, in fields or in words, or a message."""

import re
from typing import Any

from communicate_sms import alphabet
from communicate_sms.states import BUFFERED, DELIVERED, FAILED, SENT
from communicate_sms.transports.passing import Incoming, Part, Receipt, Unreadable, part_of

# message_state (SMPP 3.4, 5.2.28), and what texts have for it (appendix B).
STATES = {1: BUFFERED, 2: DELIVERED, 3: FAILED, 4: FAILED, 5: FAILED, 6: SENT, 8: FAILED}
WORDS = {
    "ENROUTE": BUFFERED,
    "BUFFERED": BUFFERED,
    "DELIVRD": DELIVERED,
    "EXPIRED": FAILED,
    "DELETED": FAILED,
    "UNDELIV": FAILED,
    "ACCEPTD": SENT,
    "REJECTD": FAILED,
}
KIND = 0b00111100  # of esm_class: 0 for a message, and receipts of two kinds
RECEIPTS = frozenset({0b00000100, 0b00100000})
UDHI = 0b01000000
DEFAULT = 0  # data_coding
CHARSETS = {1: "ascii", 3: "latin-1", 8: "utf-16-be"}
_TEXT = re.compile(
    rb"\bid:(?P<id>\S{1,65}).*?\bstat:(?P<stat>\w{4,8})(?:.*?\berr:(?P<err>\w{1,5}))?",
    re.IGNORECASE | re.DOTALL,
)
_INTERNATIONAL = 1


def read(pdu: Any) -> Receipt | Incoming:
    """Return what *pdu* brings; raise Unreadable."""
    esm = pdu.esm_class or 0
    words = getattr(pdu, "message_payload", None) or pdu.short_message or b""
    return _receipt(pdu, words) if esm & KIND in RECEIPTS else _incoming(pdu, words, esm)


def _receipt(pdu: Any, words: bytes) -> Receipt:
    name = (getattr(pdu, "receipted_message_id", None) or b"").rstrip(b"\0")
    state = STATES.get(getattr(pdu, "message_state", None) or 0)
    said = _TEXT.search(words[:1024])
    if said:
        name = name or said["id"]
        state = state or WORDS.get(said["stat"].decode("ascii", "replace").upper())
    if not name or state is None:
        raise Unreadable("a receipt without a name or a known state")
    detail = said["err"] if said and said["err"] else b""
    return Receipt(state, name.decode("ascii", "replace"), detail.decode("ascii", "replace"))


def _incoming(pdu: Any, words: bytes, esm: int) -> Incoming:
    part = _part_of(pdu)
    if esm & UDHI:
        head, words = _header(words)
        part = part or head
    return Incoming(
        _address(pdu.source_addr, pdu.source_addr_ton),
        _address(pdu.destination_addr, pdu.dest_addr_ton),
        _text(words, pdu.data_coding or 0),
        part=part,
    )


def _header(words: bytes) -> tuple[Part | None, bytes]:
    """Return what the user data header says of parts (TS 23.040, 9.2.3.24), and the rest."""
    length = words[0] if words else 0
    head, rest = words[1 : 1 + length], words[1 + length :]
    at = 0
    while at + 2 <= len(head):
        kind, size = head[at], head[at + 1]
        value = head[at + 2 : at + 2 + size]
        if kind == 0 and len(value) == 3:
            return part_of(value[0], value[1], value[2]), rest
        if kind == 8 and len(value) == 4:
            return part_of(int.from_bytes(value[:2]), value[2], value[3]), rest
        at += 2 + size
    return None, rest


def _part_of(pdu: Any) -> Part | None:
    """Return what the optional parameters say of parts."""
    found = [
        getattr(pdu, name, None)
        for name in ("sar_msg_ref_num", "sar_total_segments", "sar_segment_seqnum")
    ]
    return None if None in found else part_of(*(int(one or 0) for one in found))


def _text(words: bytes, coding: int) -> str:
    if coding == DEFAULT:
        return alphabet.decoded(words)
    if coding in CHARSETS:
        return words.decode(CHARSETS[coding], "replace")
    raise Unreadable(f"data in the coding {coding}, which is no text")


def _address(written: bytes | None, ton: int) -> str:
    found = (written or b"").decode("ascii", "replace")
    return f"+{found}" if ton == _INTERNATIONAL and found.isdecimal() else found
