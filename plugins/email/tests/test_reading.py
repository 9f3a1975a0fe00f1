"""Lists, conversations and searches of one's own mail."""

import pytest

from communicate_email.interfaces import IMailStore
from communicate_email.store import rows
from communicate_email.store.services import Incoming
from communicate_email.store.words import AUTHOR, SUBJECT, TEXT, TO, TOGETHER, asked

DAY = 86_400_000


def message(number, subject="Rien", *, author="Luce <luce@x.example>", body="mot", **more):
    """Return a message by its *number*; *more* are header fields, ``_`` for ``-``."""
    fields = {"Message-ID": f"<m{number}@x.example>", "From": author, "Subject": subject}
    fields.update({name.replace("_", "-"): value for name, value in more.items()})
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    text = f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    return Incoming(text.encode(), date=1_700_000_000_000 + number * DAY)


@pytest.fixture
def mine(office):
    """Return what does something with the mail of a new member."""
    login = f"reader{len(office.uids)}"
    uid = office.uids[login] = office.house.member(login)

    def do(func):
        def turn(request):
            store = request.find_service(IMailStore)
            account = store.opened(uid)
            return func(store, account, store.reading(account))

        return office.house.work(turn)

    return do


def subjects(listed):
    """Return the subjects of a list."""
    return [one.head.subject for one in listed]


def test_a_list_is_by_date_and_its_pages_meet_whatever_order_messages_came_in(mine):
    def turn(store, account, reading):
        box = account.box("inbox")
        store.append(box, [message(n, f"s{n}") for n in (3, 1, 4, 5, 9, 2, 6)])
        first = reading.page(box, most=3)
        assert subjects(first) == ["s9", "s6", "s5"]
        second = reading.page(box, before=first[-1].row.place, most=3)
        assert subjects(second) == ["s4", "s3", "s2"]
        third = reading.page(box, before=second[-1].row.place, most=3)
        assert subjects(third) == ["s1"]
        assert subjects(reading.newer(box, third[0].row.place, most=3)) == ["s4", "s3", "s2"]

    mine(turn)


def test_what_lists_show_is_read_once_and_kept(mine):
    def turn(store, account, reading):
        box = account.box("inbox")
        sent = message(
            1,
            "=?utf-8?q?Le_ch=C3=AAne?=",
            author='"Luce, du bois" <luce@x.example>',
            To="ines@tilleuls.example",
            body="Sous le chêne.",
        )
        store.append(box, [sent])
        (one,) = reading.page(box)
        assert one.head.subject == "Le chêne"
        assert one.head.authors == (("Luce, du bois", "luce@x.example"),)
        assert one.head.to == (("", "ines@tilleuls.example"),)
        assert one.head.preview == "Sous le chêne."
        envelope = reading.envelope(one.row, one.head)
        assert envelope.subject == b"=?utf-8?q?Le_ch=C3=AAne?="
        assert envelope.author == ((b"Luce, du bois", None, b"luce", b"x.example"),)
        place = reading.structure(one.row.id).places["1"]
        said = b"".join(reading.pieces(one.row.id, place.body, place.end))
        assert said.decode() == "Sous le chêne.\r\n"

    mine(turn)


def test_an_envelope_with_very_many_people_does_not_weigh_on_lists(mine):
    def turn(store, account, reading):
        box = account.box("inbox")
        people = ",\r\n ".join(f"p{n}@y.example" for n in range(3000))
        store.append(box, [message(1, "Tous", To=people)])
        (one,) = reading.page(box)
        assert one.head.envelope is None
        assert len(reading.envelope(one.row, one.head).to) == 3000
        assert len(rows.heads_of(box, [1])[1]) < 2000

    mine(turn)


def test_answers_are_with_what_they_answer_in_any_order_and_folder(mine):
    def turn(store, account, reading):
        box, sent = account.box("inbox"), account.box("sent")
        store.append(
            box,
            [
                message(3, "Re: Re: A", References="<m1@x.example> <m2@x.example>"),
                message(1, "A"),
                message(7, "B"),
            ],
        )
        store.append(sent, [message(2, "Re: A", In_Reply_To="<m1@x.example>")])
        found = reading.conversations(box)
        assert [(one.head.subject, one.together) for one in found] == [("B", 1), ("Re: Re: A", 3)]
        thread = reading.thread(found[1].row.thread)
        assert sorted(subjects(thread)) == ["A", "Re: A", "Re: Re: A"]
        page = reading.conversations(box, most=1)
        assert subjects(reading.conversations(box, before=page[-1].place)) == ["Re: Re: A"]

    mine(turn)


def test_references_without_end_cost_a_hundred_and_join_no_threads(mine):
    def turn(store, account, reading):
        box = account.box("inbox")
        many = " ".join(f"<r{n}@x.example>" for n in range(5000))
        store.append(box, [message(1, "A"), message(2, "B")])
        store.append(box, [message(3, "C", References=f"{many} <m1@x.example> <m2@x.example>")])
        assert len(account.known) <= 2 + 102
        threads = {row.uid: row.thread for row in rows.every(box)}
        assert threads[1] != threads[2] == threads[3]
        store.expunge(box, [1, 2, 3])
        assert not len(account.known)
        assert not len(account.threads)

    mine(turn)


def test_messages_that_each_refer_to_others_make_no_thread_heavy(mine, monkeypatch):
    monkeypatch.setattr("communicate_email.store.threads.NAMES", 200)

    def turn(store, account, reading):
        box = account.box("inbox")
        store.append(box, [message(0, "A")])
        for number in range(1, 6):
            many = " ".join(f"<r{number}-{n}@x.example>" for n in range(99))
            store.append(box, [message(number, "Re: A", References=f"{many} <m0@x.example>")])
        assert len(account.known) == 200
        assert len({row.thread for row in rows.every(box)}) == 1
        store.expunge(box, [row.uid for row in rows.every(box)])
        assert not len(account.known)

    mine(turn)


def test_words_are_found_wherever_they_are_folded_and_by_their_beginning(mine):
    def turn(store, account, reading):
        box = account.box("inbox")
        store.append(
            box,
            [
                message(1, "Le Tilleul", body="penche vers le canal"),
                message(2, "Autre", author="Tilleul <t@y.example>", body="rien"),
                message(3, "Encore", body="un tilleul, deux TILLEULS", To="paul@z.example"),
            ],
        )

        def find(query, mark=b"", **more):
            return subjects(reading.found(reading.search(asked(query, mark), **more)))

        assert find("tilleul") == ["Encore", "Autre", "Le Tilleul"]
        assert find("TILLEULS") == ["Encore"]
        assert find("tilleul canal") == ["Le Tilleul"]
        assert find("til") == ["Encore", "Autre", "Le Tilleul"]
        assert find("ti") == []
        assert find("tilleul", SUBJECT) == ["Le Tilleul"]
        assert find("tilleul", AUTHOR) == ["Autre"]
        assert find("paul", TO) == ["Encore"]
        assert find("paul", TEXT) == []
        assert find("rien", TEXT) == ["Autre"]
        assert find("") == []
        store.move(box, [3], account.box("archive"))
        assert find("tilleuls", box=box) == []
        assert find("tilleuls", box=account.box("archive")) == ["Encore"]

    mine(turn)


def test_a_search_finds_in_bags_and_beside_them_and_nothing_of_what_is_gone(mine):
    count = 2 * TOGETHER + 5

    def fill(store, account, _reading):
        box = account.box("inbox")
        store.append(box, [message(n, body=f"commun seul{n}") for n in range(count)])
        fresh = [len(page.sealed) for page in account.fresh.values()]
        assert (len(account.bags), fresh) == (2, [5])

    mine(fill)

    def turn(store, account, reading):
        box = account.box("inbox")
        found = reading.search(asked("commun "))
        assert len(found) == count
        assert found == sorted(found, reverse=True)
        for number in (0, TOGETHER - 1, TOGETHER, count - 1):
            assert len(reading.search(asked(f"seul{number}", TEXT))) >= 1
        store.expunge(box, [1, TOGETHER + 1, count])
        assert len(reading.search(asked("commun"))) == count - 3
        for number in (0, TOGETHER, count - 1):
            (one,) = asked(f"seul{number}")
            assert reading.search([one._replace(word=one.word + b" ")]) == []
        store.expunge(box, range(2, count))
        assert (len(account.bags), len(account.fresh)) == (0, 0)

    mine(turn)
