import logging

import pytest
from pyramid.config import Configurator

from communicate.content import Site
from communicate.interfaces import IDatabase
from communicate.storage import evolve
from communicate.storage.errors import BadSteps, StepsPending
from communicate.storage.evolve import Chain, Step, chains, check, evolve_step, pending, run, stamp
from communicate.storage.work import work

STEPS = """
from communicate.storage.evolve import evolve_step

@evolve_step("garden", "water", after="dig")
def water(request):
    request.root_map["log"] = [*request.root_map.get("log", ()), "water"]
"""
FIRST = """
from communicate.storage.evolve import evolve_step

@evolve_step("garden", "dig")
def dig(request):
    request.root_map["log"] = [*request.root_map.get("log", ()), "dig"]
"""


@pytest.fixture
def database(open_tree, root):
    database = open_tree()
    with root(database) as mapping:
        mapping["site"] = Site()
    return database


@pytest.fixture
def registry(database):
    with Configurator(settings={}) as config:
        config.include("communicate.storage")
        config.registry.registerUtility(database, IDatabase)
    return config.registry


@pytest.fixture
def garden(new_plugin):
    package = new_plugin({"evolve/__init__.py": "", "evolve/a.py": STEPS, "evolve/b.py": FIRST})
    core, garden = chains({"garden": package})
    return [Chain(core.name, ()), garden]  # core's own steps have their own tests


def writes(name, log):
    @evolve_step("garden", name, after=log[-1] if log else None)
    def step(request):
        request.root_map[name] = True

    log.append(name)
    return step


def names(steps):
    return [str(step) for step in steps]


class TestChains:
    def test_core_comes_first_and_steps_follow_the_one_they_name(self, garden):
        assert [chain.name for chain in garden] == ["communicate", "garden"]
        assert names(garden[1].steps) == ["garden.dig", "garden.water"]

    def test_a_package_without_steps_has_an_empty_chain(self, new_plugin):
        assert chains({"garden": new_plugin()})[1] == Chain("garden", ())

    def test_an_error_inside_a_step_s_module_is_not_taken_for_its_absence(self, new_plugin):
        package = new_plugin({"evolve/__init__.py": "import not_installed_anywhere"})
        with pytest.raises(ModuleNotFoundError, match="not_installed_anywhere"):
            chains({"garden": package})

    def test_a_step_of_another_chain_is_refused(self, new_plugin):
        package = new_plugin({"evolve/__init__.py": FIRST})
        with pytest.raises(BadSteps, match=r"garden\.dig is there twice, or not one of 'shed'"):
            chains({"shed": package})

    def test_two_steps_of_one_name_are_refused(self, new_plugin):
        package = new_plugin({"evolve/__init__.py": FIRST, "evolve/again.py": FIRST})
        with pytest.raises(BadSteps, match="twice"):
            chains({"garden": package})

    def test_a_step_that_follows_nothing_known_is_refused(self, new_plugin):
        package = new_plugin({"evolve/__init__.py": STEPS})
        with pytest.raises(BadSteps, match=r"follows garden\.dig, which does not exist"):
            chains({"garden": package})

    def test_a_circle_is_refused(self):
        circle = {
            "a": Step("garden", "a", "b", print),
            "b": Step("garden", "b", "a", print),
        }
        with pytest.raises(BadSteps, match="circle"):
            evolve.ordered("garden", circle)


class TestRun:
    def test_does_each_pending_step_once_in_order(self, registry, garden, database, root):
        with root(database) as mapping:
            stamp(mapping, [Chain("garden", ())])
            assert names(pending(mapping, garden)) == ["garden.dig", "garden.water"]
        assert names(run(registry, garden)) == ["garden.dig", "garden.water"]
        assert run(registry, garden) == []
        with root(database) as mapping:
            assert mapping["log"] == ["dig", "water"]
            assert mapping["evolve"]["garden"] == ("dig", "water")

    def test_names_each_step_in_the_log(self, registry, garden, caplog):
        with caplog.at_level(logging.INFO, logger="communicate.storage.evolve"):
            run(registry, garden)
        assert "evolving: garden.dig" in caplog.text

    def test_keeps_what_was_done_before_a_step_failed(self, registry, database, root):
        log = []
        first = writes("first", log)

        def breaks(request):
            request.root_map["half"] = True
            raise ValueError("cannot go on")

        last = Step("garden", "last", "first", breaks)
        with pytest.raises(ValueError, match="cannot go on"):
            run(registry, [Chain("garden", (first, last))])
        with root(database) as mapping:
            assert mapping["first"]
            assert "half" not in mapping
            assert mapping["evolve"]["garden"] == ("first",)

    def test_a_rehearsal_runs_everything_and_changes_nothing(
        self, registry, garden, database, root
    ):
        assert names(run(registry, garden, dry_run=True)) == ["garden.dig", "garden.water"]
        with root(database) as mapping:
            assert "log" not in mapping
            assert "evolve" not in mapping

    def test_a_step_that_another_process_has_done_meanwhile_is_left_alone(
        self, registry, garden, database, root
    ):
        dig = garden[1].steps[0]
        assert work(registry, lambda request: evolve.take(request, dig))
        assert not work(registry, lambda request: evolve.take(request, dig))
        with root(database) as mapping:
            assert mapping["log"] == ["dig"]


class TestStamp:
    def test_what_is_met_for_the_first_time_needs_no_step(self, garden, database, root):
        with root(database) as mapping:
            stamp(mapping, garden)
            assert pending(mapping, garden) == []

    def test_steps_of_a_plugin_that_was_off_wait_for_it(self, new_plugin, database, root):
        with root(database) as mapping:
            stamp(mapping, chains({"garden": new_plugin()}))
        newer = chains({"garden": new_plugin({"evolve/__init__.py": FIRST})})
        with root(database) as mapping:
            stamp(mapping, chains({}))
            assert pending(mapping, chains({})) == []
            stamp(mapping, newer)
            assert names(pending(mapping, newer)) == ["garden.dig"]


class TestCheck:
    @pytest.fixture
    def older(self, database, root):
        with root(database) as mapping:
            stamp(mapping, [Chain("garden", ())])

    @pytest.mark.usefixtures("older")
    def test_refuses_to_serve_in_production_and_names_the_steps(self, registry, garden):
        with pytest.raises(StepsPending, match=r"garden\.dig, garden\.water.*communicate evolve"):
            check(registry, garden, production=True)

    @pytest.mark.usefixtures("older")
    def test_runs_them_in_development(self, registry, garden):
        assert names(check(registry, garden, production=False)) == ["garden.dig", "garden.water"]
        assert check(registry, garden, production=True) == []
