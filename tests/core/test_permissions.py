"""Permissions, where they lie in the tree as keys of grants."""

import pickle

from communicate.permissions import VIEW


class TestPickling:
    def test_a_permission_lies_in_the_tree_as_its_name(self):
        found = pickle.loads(pickle.dumps({VIEW: 1}))
        assert found == {"communicate.view": 1}
        assert type(next(iter(found))) is str

    def test_a_loaded_grant_is_found_by_the_permission(self):
        assert pickle.loads(pickle.dumps({VIEW: 1}))[VIEW] == 1
