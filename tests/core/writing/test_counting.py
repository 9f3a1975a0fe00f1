import pytest

from communicate.interfaces import ILimits
from communicate.writing.counting import count_posting


class Counted:
    """A request of member 7 that writes down what is counted."""

    member = type("Member", (), {"uid": 7})

    def __init__(self, attempt=None):
        self.environ = {} if attempt is None else {"retry.attempt": attempt}
        self.limits, self.brakes = [], []

    def find_service(self, interface):
        kept = self.limits if interface is ILimits else self.brakes
        return type("Service", (), {"hit": lambda _self, *what, cost=1: kept.append(what)})()


class TestCountPosting:
    def test_a_request_that_is_tried_again_counts_once(self):
        counted = []
        for attempt in (0, 1, 2):
            request = Counted(attempt)
            count_posting(request, "Bonjour")
            counted += request.limits
        assert counted == [("posting", "7")]

    def test_what_a_new_account_does_a_few_times_a_day_only(self):
        request = Counted()
        count_posting(request, "Bonjour", "posts")
        assert ("posts",) in request.brakes

    def test_a_change_is_no_new_post(self):
        request = Counted()
        count_posting(request, "Bonjour")
        assert [what for what, *_rest in request.brakes] == ["links"]

    @pytest.mark.parametrize(
        ("body", "count"),
        [
            ("rien", 0),
            ("https://a.fr et HTTP://b.fr", 2),
            ("voir www.c.fr", 1),
            ("wwwx.fr", 0),
        ],
    )
    def test_links(self, body, count):
        request = Counted()
        count_posting(request, body)
        assert request.brakes == [("links", count)]
