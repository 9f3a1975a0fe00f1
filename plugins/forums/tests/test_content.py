import pickle
from itertools import pairwise

import pytest

from communicate.audience import MEMBERS, PUBLIC, Audience
from communicate.ids import RANDOM_BITS, encode, new_id
from communicate.permissions import DELETE, EDIT, MODERATE, VIEW
from communicate.principals import MODERATORS, OPERATORS, member
from communicate.sealing.content import Sealed
from communicate_forums.content import (
    GENERAL,
    STEP,
    Forum,
    Post,
    Reader,
    Topic,
    id_in,
    new_forums,
    scattered,
)
from communicate_forums.permissions import OPEN_TOPIC, REASON, REPLY, UNDO
from communicate_forums.unread import is_new

INES, PAUL = 11, 22


def sealed(uid=INES):
    return Sealed(uid, "forums.post", b"envelope")


@pytest.fixture
def forums():
    return new_forums()


@pytest.fixture
def forum(forums):
    return forums[GENERAL]


@pytest.fixture
def topic(forum):
    return add_topic(forum)


def add_topic(forum, number=None):
    topic = Topic(number or new_id(), INES, sealed())
    forum.add(topic)
    return topic


def add_post(topic, uid=PAUL, number=None):
    post = Post(number or new_id(), uid)
    post.write(sealed(uid), sealed(uid), "1")
    topic.add(post)
    return post


def holders(thing, permission):
    """Return the principals that hold *permission* on *thing* by its ACL."""
    return {who for _allow, who, names in thing.allowances() if permission in names}


class TestNewForums:
    def test_hold_one_that_everyone_reads_and_members_write_in(self, forums):
        assert list(forums) == ["general"]
        general = forums["general"]
        assert general.effective_audience() == PUBLIC
        assert general.granted(OPEN_TOPIC) == general.granted(REPLY) == MEMBERS


class TestIds:
    def test_an_address_begins_with_the_id(self):
        number = new_id()
        assert id_in(f"{encode(number)}-le-volet") == id_in(encode(number)) == number

    @pytest.mark.parametrize("segment", ["", "new", "x" * 13 + "y", "0" * 12, "é" * 13])
    def test_anything_else_is_not_there(self, segment):
        with pytest.raises(KeyError):
            id_in(segment)

    def test_keys_that_come_together_land_apart_and_never_on_each_other(self):
        numbers = [(1 << RANDOM_BITS) * 5 + low for low in range(100)]
        keys = [scattered(number) for number in numbers]
        assert len(set(keys)) == 100
        assert min(abs(one - other) for one, other in pairwise(keys)) > 1 << 40


class TestTraversal:
    def test_a_topic_is_in_its_own_forum_only(self, forums, topic):
        forums["other"] = Forum("Other")
        assert forums[GENERAL][encode(topic.id)] is topic
        with pytest.raises(KeyError):
            forums["other"][encode(topic.id)]

    def test_a_post_is_found_by_its_id_alone(self, forums, topic):
        post = add_post(topic)
        assert forums.post(post.id) is topic[encode(post.id)] is post
        assert forums.post(new_id()) is None

    def test_a_post_takes_no_words_after_its_id(self, topic):
        with pytest.raises(KeyError):
            topic[f"{encode(add_post(topic).id)}-words"]


class TestWhoReads:
    @pytest.mark.parametrize(
        ("audience", "readers"),
        [
            (PUBLIC, {"public"}),
            (MEMBERS, {"members"}),
            (Audience("chosen", [member(PAUL)]), {member(PAUL)}),
        ],
    )
    def test_forum_topic_and_post_are_read_by_the_same_people(self, forum, audience, readers):
        forum.audience = audience
        topic = add_topic(forum)
        post = add_post(topic)
        assert holders(forum, VIEW) == readers
        assert holders(topic, VIEW) - {member(INES)} == readers
        assert holders(post, VIEW) - {member(PAUL)} == readers - {member(PAUL)}

    def test_writing_is_never_wider_than_reading_nor_than_members(self, forum):
        forum.grants = {OPEN_TOPIC: PUBLIC, REPLY: PUBLIC}
        assert forum.granted(REPLY) == MEMBERS
        forum.audience = Audience("chosen", [member(PAUL)])
        assert holders(forum, OPEN_TOPIC) == holders(add_topic(forum), REPLY) - {member(INES)}
        assert holders(forum, OPEN_TOPIC) == {member(PAUL)}

    def test_of_two_lists_who_is_on_both_writes(self, forum):
        forum.audience = Audience("chosen", [member(INES), member(PAUL)])
        forum.grants = {OPEN_TOPIC: Audience("chosen", [member(PAUL), member(33)])}
        assert holders(forum, OPEN_TOPIC) == {member(PAUL)}


class TestWhoActs:
    def test_an_author_changes_and_deletes_and_nobody_else_does(self, topic):
        post = add_post(topic)
        assert holders(post, EDIT) == holders(post, DELETE) == {member(PAUL)}

    @pytest.mark.parametrize("audience", [PUBLIC, MEMBERS])
    def test_moderators_act_where_members_or_everyone_read(self, forum, audience):
        forum.audience = audience
        topic = add_topic(forum)
        assert holders(topic, MODERATE) == holders(add_post(topic), MODERATE) == {MODERATORS}

    def test_moderators_have_no_part_in_narrower_forums(self, forum):
        forum.audience = Audience("chosen", [member(PAUL)])
        topic = add_topic(forum)
        post = add_post(topic)
        for hidden in (False, True):
            post.hidden = topic.hidden = hidden
            assert not any(MODERATORS in ace for ace in [*topic.allowances(), *post.allowances()])

    def test_operators_read_nothing_by_their_office(self, forum):
        forum.audience = Audience("chosen", [member(PAUL)])
        topic = add_topic(forum)
        assert OPERATORS not in holders(forum, VIEW) | holders(topic, VIEW)
        assert not any(OPERATORS in ace for ace in add_post(topic).allowances())


class TestLocked:
    def test_only_moderators_reply_and_nobody_edits(self, topic):
        post = add_post(topic)
        topic.locked = True
        assert holders(topic, REPLY) == {MODERATORS}
        assert holders(topic, EDIT) == holders(post, EDIT) == set()

    def test_what_one_wrote_can_still_be_deleted(self, topic):
        post = add_post(topic)
        topic.locked = True
        assert holders(post, DELETE) == {member(PAUL)}


class TestHidden:
    def test_a_topic_is_there_for_moderators_alone(self, topic):
        topic.hidden = True
        assert holders(topic, VIEW) == holders(topic, MODERATE) == {MODERATORS}
        assert holders(topic, REPLY) == holders(topic, EDIT) == set()
        assert holders(topic, REASON) == {member(INES)}

    def test_a_post_is_read_by_moderators_and_deleted_by_its_author(self, topic):
        post = add_post(topic)
        post.hidden = True
        assert holders(post, VIEW) == {MODERATORS}
        assert holders(post, DELETE) == {member(PAUL)}
        assert holders(post, EDIT) == set()


class TestDeleted:
    def test_a_post_is_read_by_nobody_and_taken_back_by_its_author(self, topic):
        post = add_post(topic)
        post.deleted = 1
        assert holders(post, VIEW) == holders(post, EDIT) == holders(post, MODERATE) == set()
        assert holders(post, UNDO) == {member(PAUL)}

    def test_a_post_whose_words_are_gone_allows_nothing(self, topic):
        post = add_post(topic)
        post.empty()
        assert post.allowances() == []

    def test_a_topic_allows_nothing(self, topic):
        topic.deleted = 1
        assert topic.allowances() == []


class TestOrder:
    def test_the_topic_with_the_latest_post_is_on_top(self, forum):
        old, young = add_topic(forum), add_topic(forum)
        add_post(old, number=young.id + (STEP << RANDOM_BITS))
        assert list(forum.active.values()) == [young.id, old.id]

    def test_a_topic_moves_once_in_a_while_only(self, forum):
        topic = add_topic(forum)
        add_post(topic, number=topic.id + 1)
        assert list(forum.active.items()) == [(topic.id, topic.id)]

    def test_a_topic_taken_out_is_neither_moved_nor_counted_twice(self, forum, topic):
        forum.withdraw(topic)
        forum.withdraw(topic)
        add_post(topic, number=topic.id + (STEP << RANDOM_BITS) * 2)
        assert (len(forum.active), forum.count()) == (0, 0)
        forum.enlist(topic)
        forum.enlist(topic)
        assert (len(forum.active), forum.count()) == (1, 1)

    def test_pinning_twice_is_pinning_once(self, topic):
        for pinned in (True, True, False, False):
            topic.set_pinned(pinned)
            assert topic.is_pinned is pinned

    def test_posts_come_backwards_from_any_id(self, topic):
        posts = [add_post(topic, number=topic.id + step) for step in range(1, 5)]
        assert list(topic.newest()) == posts[::-1]
        assert list(topic.newest(before=posts[2].id)) == [posts[1], posts[0]]
        assert list(topic.newest(before=posts[0].id)) == []


class TestReader:
    def test_what_was_there_before_the_first_visit_is_not_new(self, forum):
        before = add_topic(forum, number=new_id() - (1 << RANDOM_BITS))  # a millisecond ago
        reader = Reader()
        assert reader.last(before) > before.id
        reader.seen[before.id] = reader.since + 1
        assert reader.last(before) == reader.since + 1

    def test_what_comes_in_the_millisecond_of_the_first_visit_is_new(self, forum):
        reader = Reader()
        topic = add_topic(forum, number=(reader.since >> RANDOM_BITS << RANDOM_BITS) + 1)
        add_post(topic, number=topic.id)
        assert is_new(topic, reader, None)


class TestState:
    def test_holds_plain_values_and_core_types(self, topic):
        post = add_post(topic)
        state = {key: value for key, value in post.__dict__.items() if key != "__parent__"}
        assert pickle.loads(pickle.dumps(state)) == state
        assert {type(value).__module__ for value in state.values()} <= {
            "builtins",
            "communicate.sealing.content",
        }
