"""The catalog lets a viewer find exactly what the tree lets that viewer read."""

import itertools

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC, Audience
from communicate.catalog import entry_for, governor, principals_for
from communicate.content import Content, Folder, Site
from communicate.permissions import VIEW
from communicate.principals import circle, contacts, member
from communicate.security import decide

OWNER, CONTACT, IN_CIRCLE, CHOSEN, OTHER = 11, 12, 13, 14, 15
CIRCLE = 900
VIEWERS = {
    "stranger": {},
    "owner": {"uid": OWNER},
    "contact": {"uid": CONTACT, "contacts": (OWNER,)},
    "in the circle": {"uid": IN_CIRCLE, "circles": (CIRCLE,)},
    "chosen": {"uid": CHOSEN},
    "another member": {"uid": OTHER},
    "moderator": {"uid": 16, "groups": ("moderators",)},
    "operator": {"uid": 17, "groups": ("operators",)},
}
AUDIENCES = {
    "private": PRIVATE,
    "contacts": CONTACTS,
    "chosen": Audience("chosen", (circle(CIRCLE), member(CHOSEN))),
    "operators": Audience("chosen", ("group:operators",)),
    "nobody chosen": Audience("chosen"),
    "members": MEMBERS,
    "public": PUBLIC,
}


@pytest.fixture
def things():
    """Return things in a site, for each audience: chosen or inherited, owned or not."""
    site, made = Site(), {}
    for number, (name, audience) in enumerate(AUDIENCES.items()):
        folder = site[f"folder{number}"] = Folder(OWNER, audience)
        own = folder["own"] = Content(OWNER, audience)
        inherits = folder["inherits"] = Content(OWNER)
        guest = folder["guest"] = Content(OTHER)
        ownerless = site[f"thing{number}"] = Content(None, audience)
        made |= {(name, "own"): own, (name, "inherited"): inherits, (name, "guest"): guest}
        made |= {(name, "folder"): folder, (name, "ownerless"): ownerless}
    return made


@pytest.fixture
def stored(things, write):
    def store(changes):
        for thing in things.values():
            changes.put(entry_for(thing, "thing", title="Titre", words="tilleul"))
        changes.holders[contacts(OWNER), CONTACT] = True
        changes.holders[circle(CIRCLE), IN_CIRCLE] = True

    write(store)


class TestMatrix:
    @pytest.mark.parametrize(("who", "walled"), [*itertools.product(VIEWERS, (False, True))])
    def test_what_is_found_is_what_may_be_read(self, things, stored, viewer, catalog, who, walled):
        by = viewer(**VIEWERS[who], walled=walled)
        readable = {key for key, thing in things.items() if decide(by, thing, VIEW)}
        keys = {thing.id: key for key, thing in things.items()}
        found = {keys[hit.id] for hit in catalog.newest(by, limit=100)}
        assert found == readable
        assert catalog.count(by).number == len(readable)
        common = {key for key in readable if key[0] in ("members", "public")}
        assert {keys[hit.id] for hit in catalog.search(by, "tilleul", limit=100)} == common
        assert catalog.count(by, "tilleul").number == len(common)
        assert {keys[hit.id] for hit in catalog.titles(by, limit=100)} == common


class TestHolders:
    def test_a_removed_contact_finds_nothing_at_once(self, things, stored, viewer, write, catalog):
        by = viewer(CONTACT, contacts=(OWNER,))
        before = catalog.count(by).number
        write(lambda changes: changes.holders.update({(contacts(OWNER), CONTACT): False}))
        assert catalog.count(by).number < before
        assert not [hit for hit in catalog.newest(by) if hit.id == things["contacts", "own"].id]

    def test_saying_it_twice_does_no_harm(self, write, viewer, entry, ids):
        write(lambda c: c.put(entry(1, principals=(contacts(5),))))
        for _ in range(2):
            write(lambda c: c.holders.update({(contacts(5), 6): True}))
        assert ids(by=viewer(6)) == [1]
        for _ in range(2):
            write(lambda c: c.holders.update({(contacts(5), 6): False}))
        assert ids(by=viewer(6)) == []

    def test_thousands_of_contacts_are_joined(self, write, viewer, entry, catalog):
        write(lambda c: [c.put(entry(n, principals=(contacts(n),))) for n in range(1, 3_001)])
        write(lambda c: c.holders.update({(contacts(n), 9): True for n in range(1, 3_001)}))
        assert catalog.count(viewer(9), ceiling=5_000).number == 3_000
        assert catalog.count(viewer(8)).number == 0


class TestBlocks:
    @pytest.mark.parametrize("pair", [(5, 6), (6, 5)])
    def test_both_stop_finding_what_the_other_wrote(self, write, viewer, entry, ids, pair):
        write(lambda c: c.put(entry(1, "mot", author=5)))
        write(lambda c: c.put(entry(2, "mot", author=6)))
        write(lambda c: c.put(entry(3, "mot", author=None)))
        write(lambda c: c.blocks.update({pair: True}))
        assert ids("mot ", by=viewer(5)) == ids(by=viewer(5)) == [3, 1]
        assert ids("mot ", by=viewer(6)) == [3, 2]
        assert ids("mot ", by=viewer(7)) == ids("mot ") == [3, 2, 1]
        write(lambda c: c.blocks.update({pair: False}))
        assert ids("mot ", by=viewer(6)) == [3, 2, 1]


class TestForget:
    def test_nothing_names_an_erased_member(self, write, viewer, entry, ids, catalog):
        def fill(changes):
            changes.put(entry(1, "mot", author=5))
            changes.put(entry(2, "mot", author=6, principals=(contacts(5),)))
            changes.set_rights(7, (member(5), member(6)))
            changes.put(entry(7, author=None))
            changes.holders |= {(contacts(5), 6): True, (contacts(6), 5): True}
            changes.blocks |= {(5, 8): True, (8, 5): True}

        write(fill)
        write(lambda c: [c.forget(5), c.put(entry(1, "mot", author=None))])
        assert ids("mot ", by=viewer(8)) == [1]  # nameless by now, and in nobody's way
        assert ids(by=viewer(6)) == [7, 2, 1]
        with catalog.engine.begin() as connection:
            for table, column in (("right", "principal"), ("holder", "principal")):
                query = f"SELECT {column} FROM catalog_{table}"  # noqa: S608
                assert not {member(5), contacts(5)} & set(
                    connection.exec_driver_sql(query).scalars()
                )
            assert not connection.exec_driver_sql("SELECT * FROM catalog_block").all()
            names = "SELECT uid FROM catalog_holder"
            assert not connection.exec_driver_sql(names).all()


class TestSetRights:
    def test_changes_all_that_it_governs_without_touching_the_items(
        self, write, viewer, entry, ids, catalog
    ):
        write(lambda c: [c.put(entry(n, acl=77, principals=("public",))) for n in range(1, 50)])
        before = catalog.governed(77, 0, 100)
        write(lambda c: c.set_rights(77, (member(5),)))
        assert ids() == []
        assert len(ids(by=viewer(5), limit=100)) == 49
        assert catalog.governed(77, 0, 100) == before

    def test_what_an_item_says_does_not_widen_stated_rights(self, write, viewer, entry, ids):
        write(lambda c: c.set_rights(77, (member(5),)))
        write(lambda c: c.put(entry(1, "mot", acl=77, principals=("public",))))
        assert ids() == ids("mot ") == []
        assert ids(by=viewer(5)) == [1]

    def test_nobody_is_somebody_s_statement(self, write, viewer, entry, ids):
        write(lambda c: c.set_rights(77, ()))
        write(lambda c: c.put(entry(1, acl=77, principals=("public",))))
        assert ids() == ids(by=viewer(5)) == []

    def test_the_order_within_a_transaction_does_not_matter(self, write, entry, ids):
        def change(changes):
            changes.put(entry(1, "mot", acl=77, principals=("public",)))
            changes.set_rights(77, (member(5),))

        write(change)
        write(lambda c: c.set_rights(77, ("public",)))
        assert ids() == [1]
        assert ids("mot ") == []  # the words had not been stored


class TestGovernor:
    def test_one_s_own_choice_governs(self):
        folder = Folder(1, PUBLIC)
        thing = folder["thing"] = Content(2, PUBLIC)
        assert governor(thing) is thing

    def test_what_is_inherited_is_governed_from_above(self):
        forum = Folder(None, PUBLIC)
        topic = forum["topic"] = Folder(1)
        post = topic["post"] = Content(2)
        assert governor(post) is forum

    def test_somebody_else_s_contacts_are_not_inherited(self):
        space = Folder(1, CONTACTS)
        guest = space["guest"] = Content(2)
        own = space["own"] = Content(1)
        assert (governor(guest), governor(own)) == (guest, space)
        assert principals_for(guest) == (contacts(2),)

    def test_a_class_that_decides_otherwise_is_not_passed(self):
        class Closed(Folder):
            def effective_audience(self):
                return PRIVATE

        top = Folder(None, PUBLIC)
        closed = top["closed"] = Closed(None)
        thing = closed["thing"] = Content(None)
        assert governor(thing) is closed

    def test_the_site_governs_nothing(self):
        site = Site()
        thing = site["thing"] = Content(1)
        assert governor(thing) is thing

    def test_an_entry_says_where_its_thing_is(self):
        site = Site()
        folder = site["dossier"] = Folder(1, PUBLIC)
        thing = folder["chose"] = Content(2)
        entry = entry_for(thing, "thing")
        assert (entry.locator, entry.container) == (("dossier", "chose"), folder.id)
        assert (entry.acl, entry.author, entry.time) == (folder.id, 2, thing.created)


class TestWhatIsKnown:
    """Who holds what and who blocked whom, as a re-index reads it."""

    def test_is_told_by_principal_and_by_member(self, write, catalog):
        pairs = {(contacts(5), 6): True, (contacts(5), 7): True, (circle(9), 7): True}
        write(lambda changes: changes.holders.update(pairs))
        write(lambda changes: changes.blocks.update({(5, 8): True, (6, 8): True}))
        assert catalog.held([contacts(5)]) == {(contacts(5), 6), (contacts(5), 7)}
        assert catalog.held([contacts(5), circle(9), circle(1)]) == set(pairs)
        assert catalog.held([]) == set()
        assert catalog.blocks([5]) == {(5, 8)}
        assert catalog.blocks([5, 6, 7]) == {(5, 8), (6, 8)}

    def test_is_walked_page_by_page(self, write, catalog):
        pairs = {(circle(n), 7): True for n in (1, 2, 3)}
        write(lambda changes: changes.holders.update(pairs))
        write(lambda changes: changes.blocks.update({(n, 8): True for n in (1, 2, 3)}))
        assert catalog.principals("", 2) == [circle(1), circle(2)]
        assert catalog.principals(circle(2), 2) == [circle(3)]
        assert catalog.blockers(-1, 2) == [1, 2]
        assert catalog.blockers(2, 2) == [3]

    def test_many_items_of_a_member_go_some_at_a_time(self, write, entry, ids, catalog):
        write(lambda c: [c.put(entry(n, "mot", author=5)) for n in range(1, 6)])
        write(lambda c: c.put(entry(9, "mot", author=6)))
        assert [catalog.forget_authored(5, 2) for _each in range(4)] == [2, 2, 1, 0]
        assert ids("mot ") == [9]
