from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from communicate.accounts import limits
from communicate.accounts.limits import Limits, TooMany, network


class Clock:
    moment = datetime(2026, 11, 23, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def three(clock: Clock) -> Limits:
    return Limits({"communicate.limits.try": "3/15 minute", "poll.limits.vote": "1/hour"}, clock)


class TestHit:
    def test_one_more_than_allowed_raises_with_the_time_left(
        self, three: Limits, clock: Clock
    ) -> None:
        for _ in range(3):
            three.hit("try", "a")
        clock.moment += timedelta(minutes=5)
        with pytest.raises(TooMany) as caught:
            three.hit("try", "a")
        assert caught.value.status_int == 429
        assert caught.value.seconds == 600
        assert caught.value.headers["Retry-After"] == "600"

    def test_the_window_moves(self, three: Limits, clock: Clock) -> None:
        for _ in range(3):
            three.hit("try", "a")
            clock.moment += timedelta(minutes=5)
        three.hit("try", "a")
        with pytest.raises(TooMany):
            three.hit("try", "a")

    def test_keys_are_counted_apart(self, three: Limits) -> None:
        for _ in range(3):
            three.hit("try", "a", "b")
        three.hit("try", "c")
        with pytest.raises(TooMany):
            three.hit("try", "b")

    def test_a_dearer_one_counts_for_several(self, three: Limits) -> None:
        three.hit("try", "a", cost=3)
        with pytest.raises(TooMany):
            three.hit("try", "a")

    def test_a_plugin_names_its_limit_in_full(self, three: Limits) -> None:
        three.hit("poll.limits.vote", "a")
        with pytest.raises(TooMany):
            three.hit("poll.limits.vote", "a")

    def test_an_undeclared_limit_says_what_to_declare(self, three: Limits) -> None:
        with pytest.raises(KeyError, match=r"communicate\.limits\.other"):
            three.hit("other", "a")

    def test_many_at_once_do_not_slip_through(self, three: Limits) -> None:
        def passes(_: int) -> bool:
            try:
                three.hit("try", "a")
            except TooMany:
                return False
            return True

        with ThreadPoolExecutor(16) as pool:
            assert sum(pool.map(passes, range(64))) == 3


class TestOthers:
    def test_check_counts_nothing(self, three: Limits) -> None:
        for _ in range(9):
            three.check("try", "a")
        three.hit("try", "a", cost=3)
        with pytest.raises(TooMany):
            three.check("try", "a")

    def test_what_is_given_back_does_not_count(self, three: Limits) -> None:
        for _ in range(9):
            three.hit("try", "a")
            three.give_back("try", "a")
        three.hit("try", "a", cost=3)

    def test_forgotten_is_forgotten(self, three: Limits) -> None:
        three.hit("try", "a", cost=3)
        three.forget("try", "a")
        three.hit("try", "a")

    def test_memory_does_not_grow_without_end(
        self, three: Limits, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "PRUNE_ABOVE", 10)
        for number in range(50):
            three.hit("try", str(number))
            clock.moment += timedelta(minutes=16)
        assert len(three.storage.events) <= 11

    def test_a_flood_is_not_looked_through_at_every_try(
        self, three: Limits, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "PRUNE_ABOVE", 10)
        looked, recent = [], three.storage._recent
        monkeypatch.setattr(
            three.storage, "_recent", lambda *args: looked.append(args) or recent(*args)
        )
        for number in range(1000):
            three.hit("try", str(number))
        assert len(looked) < 10_000


class TestNetwork:
    @pytest.mark.parametrize(
        ("address", "key"),
        [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("", "unknown"),
            ("nonsense", "unknown"),
        ],
    )
    def test_ipv4_counts_by_address_and_ipv6_by_network(self, address: str, key: str) -> None:
        assert network(SimpleNamespace(remote_addr=address)) == key


class TestCountAct:
    def test_a_request_tried_again_counts_once(self, three: Limits) -> None:
        request = SimpleNamespace(
            environ={}, member=SimpleNamespace(uid=7), find_service=lambda _name: three
        )
        for attempt in (0, 1, 2, 0, 1, 0):  # three requests
            request.environ = {"retry.attempt": attempt}
            limits.count_act(request, "try")
        with pytest.raises(TooMany):
            limits.count_act(request, "try")
