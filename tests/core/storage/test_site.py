import pytest

from communicate.content import Folder, Site
from communicate.declarations import Mount
from communicate.storage.evolve import Chain, Step, pending
from communicate.storage.site import installers, prepare

CHAINS = [Chain("communicate", ()), Chain("garden", (Step("garden", "dig", None, print),))]
GARDEN = Mount("garden", Folder, "Garden", "flower", where="site")


class TestPrepare:
    def test_makes_the_site_and_what_core_keeps_beside_it(self, open_tree, root):
        with root(open_tree()) as mapping:
            assert prepare(mapping, CHAINS, [GARDEN])
        with root(open_tree()) as mapping:
            assert type(mapping["site"]) is Site
            assert mapping["site"].__name__ == ""
            assert mapping["site"].__parent__ is None
            assert "garden" in mapping["site"]
            assert "members" in mapping["site"]
            assert {"accounts", "sessions"} <= set(mapping)

    def test_a_new_site_needs_no_step(self, open_tree, root):
        with root(open_tree()) as mapping:
            prepare(mapping, CHAINS, [])
            assert pending(mapping, CHAINS) == []
            assert mapping["evolve"]["garden"] == ("dig",)

    def test_at_the_next_start_nothing_is_written(self, open_tree, root, var):
        database = open_tree()
        with root(database) as mapping:
            prepare(mapping, CHAINS, [GARDEN])
        size = (var / "Data.fs").stat().st_size
        with root(database) as mapping:
            assert not prepare(mapping, CHAINS, [GARDEN])
        assert (var / "Data.fs").stat().st_size == size

    def test_a_plugin_enabled_later_gets_its_container_and_is_stamped(self, open_tree, root):
        database = open_tree()
        with root(database) as mapping:
            prepare(mapping, CHAINS[:1], [])
            assert "garden" not in mapping["site"]
        with root(database) as mapping:
            prepare(mapping, CHAINS, [GARDEN])
            assert "garden" in mapping["site"]
            assert pending(mapping, CHAINS) == []

    def test_what_a_pending_step_may_bring_is_not_hung_before_it(self, open_tree, root):
        database = open_tree()
        with root(database) as mapping:
            prepare(mapping, [CHAINS[0], Chain("garden", ())], [])
        with root(database) as mapping:
            prepare(mapping, CHAINS, [GARDEN])
            assert "garden" not in mapping["site"]
            mapping["evolve"]["garden"] = ("dig",)
            prepare(mapping, CHAINS, [GARDEN])
            assert "garden" in mapping["site"]


class TestInstallers:
    @pytest.mark.parametrize("package", ["accounts", "outbox"])
    def test_are_found_in_the_content_modules_of_core(self, package):
        assert f"communicate.{package}.content" in {found.__module__ for found in installers()}
