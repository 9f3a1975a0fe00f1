"""A text is divided so that nothing that belongs together is torn, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communicate_sms import alphabet, parts

GSM_TEXTS = st.text(st.sampled_from(sorted(alphabet.SEPTETS)), max_size=700)
ANY_TEXTS = st.text(max_size=400)


@given(GSM_TEXTS)
def test_what_telephones_know_goes_in_their_own_alphabet(text: str) -> None:
    made = parts.split(text)
    assert made.alphabet == parts.GSM7
    assert made.foreign == ()
    assert "".join(made.parts) == text


@given(ANY_TEXTS)
def test_put_together_again_the_parts_are_the_text(text: str) -> None:
    made = parts.split(text)
    assert "".join(carried(part, made.alphabet) for part in made.parts) == text
    most = parts.ALONE if len(made.parts) == 1 else parts.TOGETHER
    for part in made.parts:
        assert units(part, made.alphabet) <= most[made.alphabet]
    assert units(made.parts[-1], made.alphabet) + made.left == most[made.alphabet]


@given(ANY_TEXTS)
def test_a_part_has_room_left_only_where_the_next_character_needs_more(text: str) -> None:
    made = parts.split(text)
    for part, following in zip(made.parts, made.parts[1:], strict=False):
        room = parts.TOGETHER[made.alphabet] - units(part, made.alphabet)
        assert room < parts.size(following[0], made.alphabet)


@given(st.binary(max_size=300))
def test_any_octets_are_some_text(codes: bytes) -> None:
    assert len(alphabet.decoded(codes)) <= len(codes)


@pytest.mark.parametrize(
    ("text", "name", "count", "left"),
    [
        ("", parts.GSM7, 1, 160),
        ("a" * 160, parts.GSM7, 1, 0),
        ("a" * 161, parts.GSM7, 2, 145),
        ("€" * 80, parts.GSM7, 1, 0),
        ("a" * 152 + "€" + "a" * 20, parts.GSM7, 2, 131),  # the sign and its escape stay together
        ("é" * 160, parts.GSM7, 1, 0),
        ("ç", parts.UCS2, 1, 69),  # only the capital one is in the alphabet
        ("Ç", parts.GSM7, 1, 159),
        ("`", parts.UCS2, 1, 69),
        ("ж" * 70, parts.UCS2, 1, 0),
        ("ж" * 71, parts.UCS2, 2, 63),
        ("😀" * 35, parts.UCS2, 1, 0),
        ("😀" * 36, parts.UCS2, 2, 61),  # 33 and 3: 67 units hold no half of one
    ],
)
def test_how_many_parts(text: str, name: str, count: int, left: int) -> None:
    made = parts.split(text)
    assert (made.alphabet, len(made.parts), made.left) == (name, count, left)


def test_what_costs_more_is_named() -> None:
    assert parts.split("l’été « ici » l’hiver").foreign == ("’", "«", "»")


def test_a_composed_accent_does_not_cost_more_than_the_letter() -> None:
    assert parts.split(parts.tidy("e\N{COMBINING ACUTE ACCENT}te\r\n")).parts == ("éte\n",)


def test_more_parts_than_can_be_counted_are_refused() -> None:
    assert len(parts.split("a" * 153 * 255).parts) == 255
    with pytest.raises(parts.TooLong):
        parts.split("a" * (153 * 255 + 1))


def test_an_unknown_escape_is_a_blank() -> None:
    assert alphabet.decoded(b"\x1b\x01a\xff") == " a\N{REPLACEMENT CHARACTER}"


def carried(part: str, name: str) -> str:
    """Return *part* as it comes out of the octets that carry it; raise where it is torn."""
    if name == parts.GSM7:
        return alphabet.decoded(alphabet.encoded(part))
    return part.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")


def units(part: str, name: str) -> int:
    """Return how many septets or units of UCS-2 *part* takes, counted from its octets."""
    if name == parts.GSM7:
        return len(alphabet.encoded(part))
    return len(part.encode("utf-16-be", "surrogatepass")) // 2
