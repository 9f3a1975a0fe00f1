"""The text messages of a demo: all kinds, in both languages, the same from the same seed."""

from datetime import UTC, datetime

import pytest

from communicate.demo import running
from communicate.interfaces import IClock
from communicate.testing.house import House
from communicate_sms import states
from communicate_sms.interfaces import INumbers, ITexts
from communicate_sms.queue import exchange_of

NOW = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
COUNT = 20


class StandingClock:
    """A clock that stands still."""

    def now(self):
        return NOW


def talks(house, people):
    """Return the number of each person, and what stands in each conversation."""

    def look(request):
        numbers, texts = request.find_service(INumbers), request.find_service(ITexts)
        return [
            (
                person.login,
                numbers.of(person.uid),
                [
                    (
                        texts.name(talk).login,
                        texts.name(talk).e164,
                        talk.unread,
                        lines(texts, talk),
                    )
                    for talk in texts.talks(person.uid)
                ],
            )
            for person in people
        ]

    def lines(texts, talk):
        return [(one.mine, one.text, one.time, one.state) for one in texts.lines(talk)]

    return house.work(look)


def demo_site(folder):
    """Return a house with a demo, and who is in it."""
    house = House(folder, ["sms"], {})
    house.registry.registerUtility(StandingClock(), IClock)
    return house, running.make(house.registry, COUNT, 3, lambda _said: None)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return what a demo holds, its house, and who is in it."""
    house, demo = demo_site(tmp_path_factory.mktemp("demo"))
    yield talks(house, demo.people), house, demo
    house.close()


def test_people_have_numbers_and_write_to_telephones_and_to_each_other(made):
    found, _house, _demo = made
    numbers = [number for _login, number, _talks in found if number]
    assert len(set(numbers)) == len(numbers) > COUNT // 4
    assert all(number.startswith("+3363998") for number in numbers)
    held = [talk for _login, _number, talks in found for talk in talks]
    assert {login is None for login, *_rest in held} == {True, False}
    assert {bool(unread) for _login, _number, unread, _lines in held} == {True, False}
    lines = [line for *_who, said in held for line in said]
    assert {mine for mine, *_rest in lines} == {True, False}
    words = " ".join(text for _mine, text, _time, _state in lines)
    assert "Bonjour" in words
    assert "Hello" in words
    assert "{" not in words


def test_nothing_of_it_leaves(made):
    _found, house, _demo = made

    def look(request):
        tree = exchange_of(request)
        return list(tree.due), {message.state for message in tree.messages.values()}

    due, found = house.work(look)
    assert due == [(0, 0)]
    assert found <= {states.DELIVERED, states.FAILED}


@pytest.mark.slow
def test_the_same_seed_makes_the_same(made, tmp_path):
    house, demo = demo_site(tmp_path)
    try:
        assert talks(house, demo.people) == made[0]
    finally:
        house.close()


def test_the_pages_of_somebody_show_it(made):
    found, house, demo = made
    login, said = next((login, talks) for login, _number, talks in found if talks)
    page = house.browser(login, demo.password).get("/texting").maybe_follow()
    assert page.html.main.select_one(f"a[href^='/members/{login}/sms/']")
    assert said[0][-1][-1][1][:20] in page
