"""The alphabet that telephones share: GSM 7 bit default alphabet (3GPP TS 23.038, 6.2.1)."""

ESCAPE = 0x1B  # before each code of the extension

# Codes 0x00 to 0x7F in their order; the escape, which is no character, is U+0000 here.
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\0ÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
BASIC = {character: code for code, character in enumerate(_BASIC) if code != ESCAPE}
EXTENSION = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
SEPTETS = {**dict.fromkeys(BASIC, 1), **dict.fromkeys(EXTENSION, 2)}  # how many each takes


def foreign(text: str) -> list[str]:
    """Return the characters of *text* that the alphabet lacks, each once, in their order."""
    return list(dict.fromkeys(one for one in text if one not in SEPTETS))


def encoded(text: str) -> bytes:
    """Return *text* as codes, one in an octet, which is how SMPP carries them.

    Raise UnicodeEncodeError where the alphabet lacks a character.
    """
    codes = bytearray()
    for at, one in enumerate(text):
        if one in BASIC:
            codes.append(BASIC[one])
        elif one in EXTENSION:
            codes += bytes((ESCAPE, EXTENSION[one]))
        else:
            raise UnicodeEncodeError("gsm-7", text, at, at + 1, "no such character in GSM-7")
    return bytes(codes)


def decoded(codes: bytes) -> str:
    """Return the text of *codes*, one in an octet; what is no code is U+FFFD.

    An escape before a code that the extension lacks is a blank, as 6.2.1.1 has it.
    """
    text = []
    escaped = False
    for code in codes:
        if escaped:
            text.append(_EXTENDED.get(code, " "))
            escaped = False
        elif code == ESCAPE:
            escaped = True
        else:
            text.append(_BASIC[code] if code < len(_BASIC) else "\N{REPLACEMENT CHARACTER}")
    return "".join(text)


_EXTENDED = {code: character for character, code in EXTENSION.items()}
