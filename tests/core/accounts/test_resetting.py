"""A forgotten password: asked for, chosen behind a link, and what it ends."""

from collections.abc import Callable
from typing import Any

import pytest

from communicate.testing.house import House

from .conftest import PASSWORD, Post, Time, is_in

Opener = Callable[..., Any]
NEW = "sept chevaux traversent le gué"


def ask(house: House, name: str, browser: Any = None) -> Any:
    form = (browser or house.browser()).get("/reset").forms["reset"]
    form["login"] = name
    return form.submit(status="*")


def choose(house: House, link: str, password: str = NEW) -> Any:
    form = house.browser().get(link).forms["password"]
    form["password"] = password
    return form.submit(status="*")


class TestAsking:
    @pytest.mark.parametrize("name", ["claire", "claire@example.org", "CLAIRE"])
    def test_a_link_comes_by_mail(self, house: House, claire: int, post: Post, name: str) -> None:
        assert ask(house, name).location == "/reset?sent=1"
        assert post.link("claire@example.org").startswith("/new-password?token=")

    def test_the_answer_is_the_same_for_nobody_and_nothing_is_sent(
        self, house: House, claire: int, post: Post
    ) -> None:
        known, unknown = ask(house, "claire"), ask(house, "nobody")
        assert (known.status, known.location, known.body) == (
            unknown.status,
            unknown.location,
            unknown.body,
        )
        assert len(post.all()) == 1

    def test_the_page_does_the_same_work(self, house: House, claire: int) -> None:
        def jobs() -> int:
            return house.work(lambda request: len(request.root_map["outbox"].jobs))

        counts = [jobs()]
        for name in ("claire", "nobody"):
            ask(house, name)
            counts.append(jobs())
        assert counts[2] - counts[1] == counts[1] - counts[0] == 1

    def test_five_an_hour_for_an_account_real_or_not(self, house: House, claire: int) -> None:
        for name in ("claire", "nobody"):
            answers = []
            for number in range(6):
                browser = house.browser()
                browser.extra_environ["REMOTE_ADDR"] = f"192.0.2.{number}"
                answers.append(ask(house, name, browser).status_int)
            assert answers == [303] * 5 + [429]

    def test_login_and_address_are_one_account_and_nobody_is_told(
        self, house: House, claire: int, post: Post
    ) -> None:
        browser = house.browser()
        browser.extra_environ["REMOTE_ADDR"] = "192.0.2.1"
        for _ in range(5):
            assert ask(house, "claire", browser).status_int == 303
        browser.extra_environ["REMOTE_ADDR"] = "192.0.2.2"
        assert ask(house, "claire@example.org", browser).status_int == 303
        assert ask(house, "nobody@example.org", browser).status_int == 303
        assert len(post.all()) == 5


class TestChoosing:
    @pytest.fixture
    def link(self, house: House, claire: int, post: Post) -> str:
        ask(house, "claire")
        return post.link("claire@example.org")

    def test_it_ends_every_session_and_series_and_a_mail_tells(
        self, house: House, claire: int, post: Post, sign_in: Opener
    ) -> None:
        here, kept = sign_in("claire"), sign_in("claire", remember=True)
        ask(house, "claire")
        answer = choose(house, post.link("claire@example.org"))
        assert answer.location == "/login?login=claire"
        assert not is_in(here)
        assert not is_in(kept)
        kept.cookiejar.clear_session_cookies()
        assert not is_in(kept)
        assert "has changed" in post.to("claire@example.org")[-1]["Subject"]

    def test_the_new_one_counts_and_the_old_one_does_not(self, house: House, link: str) -> None:
        choose(house, link)
        for password, status in ((PASSWORD, 400), (NEW, 303)):
            form = house.browser().get("/login").forms["sign-in"]
            form["login"], form["password"] = "claire", password
            assert form.submit(status="*").status_int == status

    def test_the_link_works_once_within_an_hour(
        self, house: House, link: str, post: Post, time: Time
    ) -> None:
        choose(house, link)
        house.browser().get(link, status=404)
        ask(house, "claire")
        newer = post.link("claire@example.org")
        time.move(hours=1, seconds=1)
        house.browser().get(newer, status=404)

    def test_a_weak_one_is_refused_and_the_link_stays_good(self, house: House, link: str) -> None:
        assert choose(house, link, "claire-claire").status_int == 400
        assert choose(house, link).status_int == 303

    def test_using_one_link_ends_the_others(self, house: House, link: str, post: Post) -> None:
        ask(house, "claire")
        newer = post.link("claire@example.org")
        choose(house, newer)
        house.browser().get(link, status=404)
