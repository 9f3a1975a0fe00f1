"""A permission is a name with a sentence, and only the name is ever stored."""

import pickle

from communicate.permissions import VIEW, Permission


class TestStored:
    def test_it_lies_in_the_tree_as_a_plain_name(self):
        stored = pickle.loads(pickle.dumps({VIEW: 1}, 3))
        assert stored == {"communicate.view": 1}
        assert [type(key) for key in stored] == [str]

    def test_no_class_of_ours_is_named_in_the_record(self):
        assert b"communicate.permissions" not in pickle.dumps(VIEW, 3)

    def test_the_name_still_finds_what_was_granted(self):
        grants = pickle.loads(pickle.dumps({Permission("x.reply", "Reply"): "members"}, 3))
        assert grants[Permission("x.reply", "Answer")] == "members"
