import importlib

import pytest
from ZODB.interfaces import IBroken

from communicate.content import Folder, Site
from communicate.declarations import Mount
from communicate.storage.mounts import ensure_mounts


def mount(name, factory=Folder, where="site"):
    return Mount(name, factory, name.title(), "box", where=where)


@pytest.fixture
def site():
    return Site()


class TestEnsureMounts:
    def test_makes_what_is_missing_and_leaves_what_is_there(self, site):
        site["old"] = old = Folder()
        assert ensure_mounts(site, [mount("old"), mount("new")]) == ["new"]
        assert site["old"] is old
        assert site["new"].__parent__ is site

    def test_leaves_what_hangs_under_members_alone(self, site):
        assert ensure_mounts(site, [mount("mail", where="member")]) == []
        assert "mail" not in site

    def test_never_replaces_the_data_of_a_plugin_that_is_off(self, new_plugin, open_tree, root):
        plugin = new_plugin()
        with root(open_tree(plugin)) as mapping:
            content = importlib.import_module(f"{plugin}.content")
            mapping["site"] = Site()
            ensure_mounts(mapping["site"], [mount("garden", content.Garden)])
        with root(open_tree()) as mapping:
            assert ensure_mounts(mapping["site"], [mount("garden")]) == []
            assert IBroken.providedBy(mapping["site"].raw("garden"))
