"""Messages in mailboxes: every command against a plain model, counts, numbers, what is left."""

import random

import pytest

from communicate.interfaces import IQuota
from communicate_email.errors import Refused
from communicate_email.interfaces import IMailStore
from communicate_email.store import filing, rows
from communicate_email.store.services import Incoming, with_crlf

FLAGS = (rows.SEEN, rows.FLAGGED, rows.DELETED, 1 << rows.FIRST_KEYWORD)


def incoming(number, flags=0):
    """Return a small message that says its *number*."""
    text = f"Message-ID: <{number}@x.example>\r\nSubject: n{number}\r\n\r\nmot{number}\r\n"
    return Incoming(text.encode(), flags, date=1_700_000_000_000 + number * 1000)


class Model:
    """What a mailbox should be: for each uid the number of the message, and its flags."""

    def __init__(self):
        self.held, self.next, self.at = {}, 1, {}

    def put(self, pairs):
        """Append pairs of number and flags."""
        for number, flags in pairs:
            self.held[self.next] = [number, flags]
            self.next += 1


def agree(request, account, models):
    """Check everything that mailboxes say against *models*."""
    store = request.find_service(IMailStore)
    reading = store.reading(account)
    alive = set()
    for role, model in models.items():
        box = account.box(role)
        found = list(rows.every(box))
        assert [row.uid for row in found] == sorted(model.held)
        assert {row.uid: row.flags for row in found} == {
            uid: flags for uid, (_, flags) in model.held.items()
        }
        assert box.uid_next == model.next
        assert box.count == len(found)
        assert box.size == sum(row.size for row in found)
        assert box.unseen == sum(1 for row in found if not row.flags & rows.SEEN)
        heads = reading.heads(box, [row.uid for row in found])
        assert {uid: head.subject for uid, head in heads.items()} == {
            uid: f"n{number}" for uid, (number, _) in model.held.items()
        }
        assert list(box.dates) == sorted(row.place for row in found)
        alive |= {row.id for row in found}
        for row in found:
            assert (box, row.uid) in filing.known_places(account, row.id)
    assert set(account.mails) == set(account.places) == alive
    kept = sum(mail.size for mail in account.mails.values())
    assert request.find_service(IQuota).used(account.owner) == kept


def append(draw, store, box, model, _uids, _other):
    """Put some messages into *box*."""
    count = draw.randint(0, 90)
    new = [(draw.randrange(10_000), draw.choice((0, *FLAGS))) for _ in range(count)]
    assert len(store.append(box, [incoming(*one) for one in new])) == count
    model[0].put(new)


def flag(draw, store, box, model, uids, _other):
    """Change a flag."""
    bit, how = draw.choice(FLAGS), draw.choice(["add", "remove", "replace"])
    before = box.modseq
    changed = {row.uid for row in store.flag(box, [*uids, 999_999], bit, how).rows}
    for uid in uids:
        held = model[0].held[uid]
        was = held[1]
        held[1] = {"add": was | bit, "remove": was & ~bit, "replace": bit}[how]
        assert (uid in changed) == (was != held[1])
    assert box.modseq == before + bool(changed)


def copy(_draw, store, box, model, uids, other):
    """Copy to the *other* one."""
    assert sorted(store.copy(box, uids, other)) == sorted(uids)
    held = model[0].held
    model[1].put((held[uid][0], held[uid][1] & ~rows.DELETED) for uid in sorted(uids))


def move(_draw, store, box, model, uids, other):
    """Move to the *other* one."""
    store.move(box, uids, other)
    gone = [model[0].held.pop(uid) for uid in sorted(uids)]
    model[1].put((number, flags & ~rows.DELETED) for number, flags in gone)


def expunge(_draw, store, box, model, uids, _other):
    """Destroy some."""
    assert store.expunge(box, uids) == sorted(uids)
    for uid in uids:
        del model[0].held[uid]


def deleted(_draw, store, box, model, _uids, _other):
    """Destroy what is marked so."""
    gone = [uid for uid, (_, flags) in model[0].held.items() if flags & rows.DELETED]
    assert store.expunge(box) == sorted(gone)
    for uid in gone:
        del model[0].held[uid]


ACTS = (append, append, flag, flag, copy, move, expunge, deleted)


def step(draw, store, account, models):
    """Do one command to the mailboxes and to the model."""
    source, target = draw.sample(sorted(models), 2)
    model = (models[source], models[target])
    uids = draw.sample(sorted(model[0].held), draw.randint(0, len(model[0].held)))
    draw.choice(ACTS)(draw, store, account.box(source), model, uids, account.box(target))


@pytest.mark.parametrize("seed", range(4))
def test_any_commands_leave_what_a_plain_model_says(office, seed):
    draw = random.Random(seed)
    uid = office.house.member(f"model{seed}")
    models = {role: Model() for role in ("inbox", "archive", "trash")}
    known = {}  # mailbox -> modseq -> uids and flags that a client had then
    for _ in range(25):

        def turn(request):
            store = request.find_service(IMailStore)
            account = store.opened(uid)
            step(draw, store, account, models)
            agree(request, account, models)
            for role in models:
                sync(account.box(role), known.setdefault(role, {}), draw)

        office.house.work(turn)


def sync(box, known, draw):
    """Check that a client who was here before learns all by what changed since."""
    now = {row.uid: row.flags for row in rows.every(box)}
    if known:
        since = draw.choice(sorted(known))
        changes = filing.changes(box, since)
        had = dict(known[since])
        for uid in changes.gone:
            had.pop(uid, None)
            assert uid not in now
        had.update((row.uid, row.flags) for row in changes.changed)
        assert had == now
        assert changes.whole
        assert all(row.modseq > since for row in changes.changed)
    known[box.modseq] = now


def test_where_too_much_has_changed_it_is_said_that_some_that_went_are_forgotten(
    office, monkeypatch
):
    monkeypatch.setattr(filing, "KEPT_LOG", 3)
    monkeypatch.setattr(filing, "RECENT", 1)
    uid = office.house.member("forgetful")

    def turn(request):
        store = request.find_service(IMailStore)
        box = store.opened(uid).box("inbox")
        first, second, third = store.append(box, [incoming(n) for n in range(3)])
        then = box.modseq
        store.expunge(box, [first])
        for _ in range(2):
            store.flag(box, [second], rows.SEEN)
            store.flag(box, [second], rows.SEEN, "remove")
        found = filing.changes(box, then)
        assert not found.whole
        assert [row.uid for row in found.changed] == [second]
        assert filing.changes(box, box.modseq - 1).whole
        assert third

    office.house.work(turn)


def test_what_changed_after_somebody_looked_stays_as_it_is(office):
    uid = office.house.member("careful")

    def turn(request):
        store = request.find_service(IMailStore)
        box = store.opened(uid).box("inbox")
        one, two = store.append(box, [incoming(1), incoming(2)])
        seen = box.modseq
        store.flag(box, [one], rows.FLAGGED)
        done = store.flag(box, [one, two], rows.SEEN, unchanged_since=seen)
        assert ([row.uid for row in done.rows], done.failed) == ([two], [one])
        assert [row.flags for row in rows.every(box)] == [rows.FLAGGED, rows.SEEN]

    office.house.work(turn)


def test_a_thousand_are_flagged_and_moved_in_one_change_and_a_handful_of_objects(office):
    uid = office.house.member("mover")

    def fill(request):
        store = request.find_service(IMailStore)
        store.append(store.opened(uid).box("inbox"), [incoming(n) for n in range(1000)])

    office.house.work(fill)

    def objects(act):
        def turn(request):
            store = request.find_service(IMailStore)
            account = store.opened(uid)
            box = account.box("inbox")
            before = box.modseq
            act(store, account, box)
            assert box.modseq == before + 1
            return len(request.root_map._p_jar._registered_objects)

        return office.house.work(turn)

    all_ = range(1, 1001)
    assert objects(lambda store, _, box: store.flag(box, all_, rows.SEEN)) < 15
    assert objects(lambda store, held, box: store.move(box, all_, held.box("archive"))) < 120


def test_what_is_thrown_away_lies_in_the_trash_and_is_destroyed_from_there(office):
    uid = office.house.member("tidy")

    def turn(request):
        store = request.find_service(IMailStore)
        account = store.opened(uid)
        inbox, trash = account.box("inbox"), account.box("trash")
        (one,) = store.append(inbox, [incoming(1)])
        there = store.throw_away(inbox, [one])
        assert (inbox.count, trash.count, len(account.mails)) == (0, 1, 1)
        store.throw_away(trash, there.values())
        assert (trash.count, len(account.mails), len(account.fresh)) == (0, 0, 0)
        assert not len(account.known)
        assert not len(account.threads)

    office.house.work(turn)


def test_the_size_of_lists_is_a_few_dozen_bytes_for_each_message(office):
    row = rows.Row(1, 2, 2**60, rows.LAST_KEYWORD, 1_700_000_000_000, 4096, 7, 2**60)
    assert rows.unpacked(rows.packed([row])) == [row]
    assert len(rows.packed([row])) <= 52


def test_line_ends_are_those_of_mail():
    assert with_crlf(b"a\nb\r\nc\rd") == b"a\r\nb\r\nc\r\nd\r\n"
    assert with_crlf(b"a\r\n") == b"a\r\n"


def test_a_folder_that_is_removed_takes_its_messages_along_but_not_their_copies(office):
    uid = office.house.member("remover")

    def turn(request):
        store = request.find_service(IMailStore)
        account = store.opened(uid)
        box = store.boxes(account).make("Jardin")
        store.append(box, [incoming(1), incoming(2)])
        store.copy(box, [1], account.box("archive"))
        store.remove_box(box)
        assert len(account.mails) == 1
        assert box.id not in account.boxes
        with pytest.raises(Refused):
            store.remove_box(account.box("sent"))

    office.house.work(turn)


def test_what_comes_into_a_folder_while_it_is_removed_is_not_lost(office):
    uid, tries = office.house.member("parting"), []

    def make(request):
        store = request.find_service(IMailStore)
        store.boxes(store.opened(uid)).make("Jardin")

    def remove(request):
        store = request.find_service(IMailStore)
        store.remove_box(store.boxes(store.opened(uid)).at("Jardin"))

    def put(request):
        store = request.find_service(IMailStore)
        account = store.opened(uid)
        box = store.boxes(account).at("Jardin")
        tries.append(box)
        if box is None:
            return len(account.mails)
        store.append(box, [incoming(1)])
        office.house.work(remove)
        return 1

    office.house.work(make)
    assert office.house.work(put) == 0
    assert len(tries) == 2
