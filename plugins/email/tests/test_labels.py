"""Labels: names of any letters over keywords of ASCII; where they are put, who finds them."""

import random

import pytest

from communicate.testing.archives import exported
from communicate_email.errors import Refused
from communicate_email.interfaces import IMailStore
from communicate_email.store import marks, rows, talks
from communicate_email.store.labels import LONGEST, Labels, bits_of
from communicate_email.store.services import Incoming

DAY = 86_400_000


def message(number, *, answers=None, subject="Rien"):
    """Return a message by its *number*, an answer to another one."""
    more = f"In-Reply-To: <m{answers}@x.example>\r\n" if answers is not None else ""
    text = f"Message-ID: <m{number}@x.example>\r\nSubject: {subject}\r\n{more}\r\nmot\r\n"
    return Incoming(text.encode(), date=1_700_000_000_000 + number * DAY)


@pytest.fixture
def mine(office):
    """Return what does something with the mail of a new member: store, account, labels."""
    login = f"sorter{len(office.uids)}"
    uid = office.uids[login] = office.house.member(login)

    def do(func):
        def turn(request):
            store = request.find_service(IMailStore)
            account = store.opened(uid)
            return func(store, account, store.labels(account))

        return office.house.work(turn)

    do.login = login
    return do


def test_a_label_is_called_as_its_member_likes_and_programs_see_a_keyword(mine):
    def turn(store, account, labels):
        made = labels.make("  École  d’été ", "green")
        assert (made.name, made.keyword, made.colour) == ("École d’été", "Ecole_dete", "green")
        assert store.flags(account).names(made.bit) == ["Ecole_dete"]
        again = labels.make("École d'été")
        assert again.keyword == "Ecole_d'ete"
        assert labels.make("Ecole dete").keyword == "Ecole_dete-2"
        assert labels.make("日本").keyword == "label"
        assert labels.named("ÉCOLE D’ÉTÉ") == made
        changed = labels.change(made, "Vacances", "red")
        assert (changed.keyword, changed.bit) == (made.keyword, made.bit)
        assert labels.by_name("École d’été") is None
        for name in ("", " \u200b ", "x" * (LONGEST + 1), "vacances"):
            with pytest.raises(Refused):
                labels.make(name)

    mine(turn)


def test_keywords_of_programs_are_labels_where_people_gave_them(mine):
    def turn(store, account, labels):
        store.flags(account).bits(["$label1", "NonJunk", "$Thing", "a_faire"])
        assert [(one.name, one.keyword) for one in Labels(store.request, account).all] == [
            ("a faire", "a_faire"),
            ("Important", "$label1"),
        ]

    mine(turn)


def test_labels_with_accents_come_along_from_elsewhere(mine):
    def turn(store, account, labels):
        bits = bits_of(labels, ["Été", "été", "$Forwarded", "$label4", "Été/Plage", ""])
        assert store.flags(account).names(bits) == ["$Forwarded", "Ete", "$label4", "Ete_Plage"]
        assert {one.name for one in labels.all} == {"Été", "Été/Plage", "To do"}

    mine(turn)


def test_there_are_as_many_as_bits_and_what_is_forgotten_makes_room(mine):
    def turn(store, account, labels):
        for number in range(47):
            labels.make(f"l{number}")
        with pytest.raises(Refused):
            labels.make("trop")
        label = labels.by_name("l7")
        labels.forget(label)
        assert labels.by_name("l7") is None
        assert labels.make("assez").bit == label.bit

    mine(turn)


def test_names_and_colours_go_out_and_come_back(office, mine, tmp_path):
    def turn(store, account, labels):
        account.together = True
        made = labels.make("À lire", "violet")
        labels.forget(labels.make("Oublié"))
        inbox = account.box("inbox")
        store.append(inbox, [message(1)])
        store.flag(inbox, [1], made.bit | rows.FLAGGED)

    mine(turn)
    archive = exported(office.house, mine.login)
    assert archive.records("email", "label") == [
        {"name": "A_lire", "shown": "À lire", "colour": "violet"}
    ]
    assert archive.records("email", "message")[0]["flags"] == ["\\Flagged", "A_lire"]
    assert archive.records("email", "look") == [{"together": True}]


def spots_of(account, flag):
    """Return what is marked, from the rows alone."""
    return sorted(
        marks.Spot.of(box, row)
        for box in account.boxes.values()
        if box.role not in marks.HIDDEN
        for row in rows.every(box)
        if row.flags & flag
    )


def talks_of(box):
    """Return the place of the latest message of each thread, from the rows alone."""
    found = {}
    for row in rows.every(box):
        found[row.thread] = max(found.get(row.thread, -1), row.place)
    return sorted(((place, thread) for thread, place in found.items()), reverse=True)


def random_act(draw, store, boxes, flags, number):
    """Do something with some of the messages."""
    box, other = draw.sample(boxes, 2)
    uids = [row.uid for row in rows.every(box) if draw.random() < 0.4]
    answers = draw.randrange(number) if number and draw.random() < 0.7 else None
    new = message(draw.randrange(900), answers=answers)
    acts = [
        lambda: store.append(box, [new]),
        lambda: store.append(box, [new, message(number)]),
        lambda: store.move(box, uids, other),
        lambda: store.copy(box, uids, other),
        lambda: store.flag(box, uids, draw.choice(flags), draw.choice(["add", "remove"])),
        lambda: store.flag(box, uids, draw.choice(flags)),
        lambda: store.expunge(box, uids[:2]),
    ]
    draw.choice(acts)()


@pytest.mark.parametrize("seed", range(6))
def test_indexes_say_what_the_rows_say_whatever_happens(mine, seed):
    draw = random.Random(seed)

    def turn(store, account, labels):
        boxes = [account.box(role) for role in ("inbox", "archive", "trash", "sent")]
        flags = [rows.FLAGGED, labels.make("un").bit, labels.make("deux").bit]
        if seed % 2:
            account.marked = None  # as of an account from before
        for number in range(60):
            random_act(draw, store, boxes, flags, number)
            if number % 10 != 9:
                continue
            for each in boxes:
                assert list(talks.latest(each)) == talks_of(each)
                assert talks.count(each) == len(talks_of(each))
            for flag in flags:
                assert marks.every(account, flag) == spots_of(account, flag)
                assert marks.count(account, flag) == len(spots_of(account, flag))

    mine(turn)


def test_lists_of_what_is_marked_go_on_where_they_ended(mine):
    def turn(store, account, labels):
        inbox, archive = account.box("inbox"), account.box("archive")
        store.append(inbox, [message(n) for n in range(5)])
        store.append(archive, [message(n) for n in range(5, 9)])
        for box in (inbox, archive):
            store.flag(box, range(1, 9), rows.FLAGGED)
        every = marks.every(account, rows.FLAGGED)[::-1]
        first = marks.below(account, rows.FLAGGED, None, 4)
        second = marks.below(account, rows.FLAGGED, first[-1], 4)
        third = marks.below(account, rows.FLAGGED, second[-1], 4)
        assert first + second + third == every
        assert marks.above(account, rows.FLAGGED, third[0], 4) == second
        listed = store.reading(account).spots(every)
        assert [one.row.date for one in listed] == sorted(
            (one.row.date for one in listed), reverse=True
        )

    mine(turn)


def test_the_last_step_is_taken_back_exactly(mine):
    def turn(store, account, labels):
        inbox, trash = account.box("inbox"), account.box("trash")
        store.append(inbox, [message(n) for n in range(4)])
        store.flag(inbox, [1], rows.FLAGGED)
        label = labels.make("un").bit
        before = [row.flags for row in rows.every(inbox)]
        steps = store.steps(account)
        assert steps.flag(inbox, [1, 2, 3], rows.FLAGGED | label, "add") == 3
        number = steps.remember()
        assert store.steps(account).take_back(number) is inbox
        assert [row.flags for row in rows.every(inbox)] == before
        assert store.steps(account).take_back(number) is None
        steps = store.steps(account)
        assert steps.move(inbox, [1, 3], trash) == 2
        first = steps.remember()
        steps = store.steps(account)
        steps.move(inbox, [2], account.box("archive"))
        second = steps.remember()
        assert store.steps(account).take_back(first) is None  # another one was taken since
        assert store.steps(account).take_back(second) is inbox
        assert (inbox.count, trash.count, account.box("archive").count) == (2, 2, 0)
        assert store.steps(account).remember() is None

    mine(turn)
