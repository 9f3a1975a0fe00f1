"""Pages of a long conversation: where it opens, what comes before and after, what is new."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communicate.ids import encode
from communicate.testing.freed import left_by
from communicate.testing.kit import form_with
from communicate_messages.windows import Window, page_of


def shown(page):
    """Return what the messages on *page* say, in order."""
    return [body.text.strip() for body in page.html.select(".talk .post-body")]


@pytest.fixture(scope="module")
def long(place):
    """Return a conversation of twelve messages that zoe has not read."""
    number, _ = place.start("ines", "zoe", "paul", body="Message 0")
    for count in range(1, 12):
        place.say(number, "ines", f"Message {count}")
    return number


def test_it_opens_at_the_end_for_who_has_read(place, long):
    assert shown(place.read("ines", long)) == [f"Message {count}" for count in range(7, 12)]


def test_it_opens_at_the_first_unread_one_and_counts_down(place, long):
    before = place.unread("zoe")
    page = place.read("zoe", long)
    assert shown(page) == [f"Message {count}" for count in range(5)]
    assert place.unread("zoe") == before - 5
    page = page.click("Later messages")
    assert shown(page) == [f"Message {count}" for count in range(5, 10)]
    page = page.click("Later messages")
    assert shown(page) == ["Message 10", "Message 11"]
    assert place.unread("zoe") == before - 12
    assert "Later messages" not in page
    page = page.click("Earlier messages")
    assert shown(page)[-1] == "Message 9"


def test_what_came_since_comes_as_a_piece(place):
    number, first = place.start("ines", "paul", body="Déjà là.")
    place.read("paul", number)
    place.say(number, "ines", "Tout frais.")
    before = place.unread("paul")
    answer = place.browser("paul").get(place.path(number, "since") + f"?after={encode(first)}")
    assert "Tout frais." in answer
    assert "Déjà là." not in answer
    assert "<html" not in answer
    assert place.unread("paul") == before - 1
    again = place.browser("paul").get(
        place.path(number, "since") + f"?after={answer.headers['X-Last']}"
    )
    assert again.text == ""


def test_a_permalink_leads_to_the_page_with_the_message(place, long):
    numbers = place.do(lambda _request, held: list(held.conversations[long].lines))
    answer = place.browser("paul").get(place.path(long, numbers[6]))
    assert answer.location.endswith(f"#{encode(numbers[6])}")
    assert "Message 6" in shown(place.browser("paul").get(answer.location.partition("#")[0]))


def test_a_message_is_quoted_from_its_link(place):
    number, message = place.start("ines", "paul", body="À citer.")
    page = place.read("paul", number, f"?quote={encode(message)}")
    form = form_with(page, "body")
    assert f"[quote:{encode(message)}]" in form["body"].value
    form["body"] = form["body"].value + "Bien dit."
    form.submit("send", status=303)
    assert "À citer." in place.read("ines", number).html.select_one("blockquote.quoted").text


def test_days_are_said_once(place):
    number, _ = place.start("ines", "paul", body="Ce jour.")
    place.say(number, "paul", "Ce jour aussi.")
    page = place.read("ines", number)
    assert len(re.findall('class="talk-day" data-day', page.text)) == 1


def test_too_long_a_message_is_a_clear_no_and_nothing_is_lost(place):
    number, _ = place.start("ines", "paul")
    form = form_with(place.read("paul", number), "body")
    form["body"] = "x" * 601
    page = form.submit("send", status=400)
    assert form_with(page, "body")["body"].value == "x" * 601


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(1, 60), min_size=1), st.integers(0, 60), st.integers(1, 7))
def test_going_through_pages_shows_each_line_above_the_floor_once(keys, floor, size):
    from BTrees.LOBTree import LOBTree

    window = Window(LOBTree({key: str(key) for key in keys}), floor)
    expected = sorted(key for key in keys if key > floor)
    page, there = page_of(window, size, None, None), []
    there += [number for number, _line in page.items]
    while page.forth is not None:
        page = page_of(window, size, page.forth, None)
        there += [number for number, _line in page.items]
    assert there == expected
    back = [number for number, _line in page.items]
    while page.back is not None:
        page = page_of(window, size, None, page.back)
        back = [number for number, _line in page.items] + back
        assert len(page.items) <= size
    assert sorted(set(back)) == expected


def test_a_conversation_with_quotes_is_let_go_of_at_once(place):
    number, said = place.start("ines", "paul", body="Muguet")
    place.say(number, "paul", f"[quote:{encode(said)}]")
    assert left_by(place.house, lambda: place.read("ines", number)) == []
