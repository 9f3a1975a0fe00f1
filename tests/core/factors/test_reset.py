"""Operators take the second step away; a site that is older than second factors gets them."""

from typing import Any

import pytest
from click.testing import CliRunner

from communicate.cli.console import Console
from communicate.cli.members import reset_factors
from communicate.factors.content import ROOT, Factors
from communicate.factors.declared import CONTENT, personal_data
from communicate.storage.evolve import CORE, run
from communicate.stores import evolve_chains
from communicate.testing.house import House
from communicate.testing.kit import records

from .conftest import Kit
from .softkey import SoftKey


class TestCommand:
    @pytest.fixture
    def call(self, kit: Kit) -> Any:
        """Return what calls the command with a login, and returns what it printed."""
        console = Console(None, kit.house.folder, kit.house.registry)  # type: ignore[arg-type]
        return lambda login: CliRunner().invoke(reset_factors, [login], obj=console)

    def test_it_opens_the_account_to_the_password_again(
        self, kit: Kit, claire: int, call: Any
    ) -> None:
        kit.set_app(claire)
        key = SoftKey()
        kit.set_key(claire, key)
        assert "with the password alone" in call(kit.login).output
        assert kit.password(kit.browser()).location == "/account/sessions"
        assert kit.alone(kit.browser(), key).location == "/login"
        assert len(kit.letters("Two-step sign-in on 2 Communicate was reset")) == 1

    def test_it_says_where_there_is_nobody(self, call: Any) -> None:
        answer = call("nobody")
        assert (answer.exit_code, "There is no account nobody" in answer.output) == (1, True)


class TestOlderSite:
    def test_its_step_makes_room_once(self, make_house: Any) -> None:
        house: House = make_house([])

        def grow_old(request: Any) -> None:
            del request.root_map[ROOT]
            request.root_map["evolve"][CORE] = ()

        house.work(grow_old)
        chains = evolve_chains(house.registry)
        assert "communicate.factors" in map(str, run(house.registry, chains))
        assert run(house.registry, chains) == []
        assert house.work(lambda request: isinstance(request.root_map[ROOT], Factors))


class TestDeclared:
    def test_every_class_that_holds_something_of_a_member_is_stated(
        self, kit: Kit, claire: int
    ) -> None:
        kit.set_app(claire)
        kit.set_key(claire, SoftKey())
        kit.password(kit.browser())
        stated = {name for data in personal_data() for name in data.stored}
        stored = {one.class_ for one in records(kit.house) if one.class_.startswith(CONTENT)}
        assert stored <= stated
        assert len(stored) >= 4
