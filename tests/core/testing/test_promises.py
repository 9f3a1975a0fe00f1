"""A plugin that breaks its promises is found out, by name, place, host and field."""

import sys
from pathlib import Path

import pytest

from communicate.interfaces import IMembers, IOutbox
from communicate.testing import kit, promises
from communicate.testing.canaries import Canaries
from communicate.testing.source import announce

MEMBER = "communicate.accounts.content:Member"
FOLDER = Path(__file__).parents[2] / "fixtures" / "communicate_careless"


@pytest.fixture
def careless(monkeypatch):
    """Make the careless plugin known for one test."""
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])
    announce(FOLDER)
    yield
    for name in [name for name in sys.modules if name.startswith("communicate_careless")]:
        del sys.modules[name]
    promises.said.cache_clear()
    promises.written.cache_clear()


@pytest.fixture
def house(careless, make_house):
    """Return a site on whose board Rose pinned something."""
    house = make_house(["careless"])
    house.member("rose")

    def pin(request):
        from communicate_careless.plugin import pin

        pin(request, request.find_service(IMembers).by_login("rose"), "canaribbbb")

    house.work(pin)
    return house


class TestUndeclared:
    def test_each_attribute_is_named_with_its_class_and_plugin(self, house):
        place = "communicate_careless.content"
        assert promises.undeclared(house, "careless", words=["canaribbbb"]) == [
            f"careless: {MEMBER}.shoe_size is hung onto an object of core",
            f"careless: {place}:Board.pinned holds the number of a member, and {promises.CURE}",
            f"careless: {place}:Board.trace is an attribute that its class does not have",
            f"careless: {place}:Pin.from_where holds words in clear, and {promises.CURE}",
            f"careless: {place}:Pin.from_where is an attribute that its class does not have",
            f"careless: {place}:Trace.words holds sealed words, and {promises.CURE}",
        ]

    def test_a_plugin_that_keeps_its_promises_is_let_alone(self, sample, make_house):
        house = make_house(["sample"])
        house.member("ines")
        form = kit.form_with(house.browser("ines").get("/guestbook"), "words")
        form["words"] = "canaribbbc"
        form.submit("sign").follow()
        house.work(lambda request: request.find_service(IOutbox).add("sample.count", {}))
        house.run_jobs()
        assert promises.undeclared(house, "sample", words=["canaribbbc"]) == []
        assert promises.forgotten(house, "sample", "ines") == []


class TestSent:
    def test_the_host_and_the_field_are_named_with_the_code_that_tried(self, house):
        for name in ("careless.call", "careless.print"):
            house.work(lambda request, name=name: request.find_service(IOutbox).add(name, {}))
        with promises.going_out() as told:
            house.run_jobs()
        reached, sent = promises.faults(told)
        assert reached.startswith("careless: communicate_careless.plugin.call:")
        assert reached.endswith(" reaches 192.0.2.80, past the gate")
        assert sent.startswith("careless: communicate_careless.plugin.print_out:")
        assert " sends birthday to printer, " in sent


class TestForgotten:
    def test_what_an_erasure_left_is_named(self, house):
        place = "communicate_careless.content"
        assert promises.forgotten(house, "careless", "rose") == [
            f"careless: {place}:Board.pinned still names the erased member",
            f"careless: {place}:Pin.owner still names the erased member",
            f"careless: {place}:Pin.words still names the erased member",
            f"careless: {place}:Trace.words still names the erased member",
        ]


class TestShown:
    def test_who_sees_a_field_that_is_not_theirs_is_named_with_the_address(self, house):
        house.member("marie")
        canaries = Canaries(house, {"member": "marie", "owner": "rose"})
        canaries.plant("careless.pin words", ["owner"], word="canaribbbb")
        canaries.look("member", ["/pins"])
        canaries.look("owner", ["/pins"])
        assert canaries.faults() == ["careless.pin words: the member sees it at /pins"]
