"""Senders who are not who they seem to be are pointed out, and others are not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communicate.interfaces import IContacts
from communicate_email.interfaces import IMailStore, ISending
from communicate_email.letters import OUTSIDE, Letter
from communicate_email.store.services import Incoming
from communicate_email.views.domains import domain_of, drawn, imitated, readable

from .conftest import DOMAIN, make_office
from .test_webmail import inbox, opened

CYRILLIC_A = "\N{CYRILLIC SMALL LETTER A}"
WROTE_TO = "Banque des Tilleuls <conseil@banquedestilleuls.example>"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("doubts"))
    ines, paul = made.uids["ines"], made.uids["paul"]
    made.do(lambda r: r.find_service(IContacts).request(ines, paul))
    made.do(lambda r: r.find_service(IContacts).accept(paul, ines))
    wrote = made.letter("Mon prêt", From=f"ines@{DOMAIN}", To=WROTE_TO).raw

    def write(request):
        store = request.find_service(IMailStore)
        store.append(store.opened(ines).box("sent"), [Incoming(wrote)])

    made.do(write)
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def ines(office):
    return office.house.browser("ines")


def doubts(office, ines, subject, **fields):
    """Return the sentences that stand above a message from outside, grave ones and others."""
    letter = office.letter(subject, **fields)
    office.deliver(replace(letter, way=OUTSIDE, headers=(b"Received: x\r\n",)))
    found = opened(inbox(ines), subject).html.select(".mail-read .alert")
    grave = [each.text.strip() for each in found if "alert-warn" in each["class"]]
    return grave, [each.text.strip() for each in found if "alert-warn" not in each["class"]]


def test_answers_that_go_astray_are_a_trap_and_those_that_stay_are_told(office, ines):
    grave, told = doubts(office, ines, "Ailleurs", Reply_To="luce@voleur.example")
    assert grave == [
        "Answers do not go to elsewhere.example, where the message says it is from, but to "
        "luce@voleur.example"
    ]
    grave, told = doubts(office, ines, "Aide", Reply_To="aide@mail.elsewhere.example")
    assert grave == []
    assert told == ["Answers go to another address than the sender's: aide@mail.elsewhere.example"]
    assert doubts(office, ines, "Même", Reply_To="LUCE@elsewhere.example") == ([], [])


@pytest.mark.parametrize(
    "domain",
    [
        "banquedestileuls.example",
        "banquedestilleuis.example",
        "banquedestilleulss.example",
        "banquedestillelus.example",
        "banque-des-tilleuls.example",
        "secure.banquedesti1leuls.example",
        f"b{CYRILLIC_A}nquedestilleuls.example".encode("idna").decode(),
    ],
)
def test_a_domain_that_looks_like_one_that_the_reader_knows_is_named(office, ines, domain):
    grave, _told = doubts(office, ines, f"Prêt {domain}", From=f"Conseil <conseil@{domain}>")
    assert any("looks like banquedestilleuls.example, which you know" in one for one in grave)


def test_so_is_one_that_looks_like_this_site(office, ines):
    grave, _told = doubts(office, ines, "Site", From="Mairie <mairie@til1euls.example>")
    assert grave == [
        "til1euls.example looks like tilleuls.example, which you know, and is another."
    ]


@pytest.mark.parametrize(
    "author",
    [
        "Conseil <conseil@banquedestilleuls.example>",
        "Conseil <autre@mail.banquedestilleuls.example>",
        "Une <u@tout-autre.example>",
    ],
)
def test_what_is_known_or_alike_to_nothing_is_left_in_peace(office, ines, author):
    assert doubts(office, ines, f"Paix {author[:3]}{author[-20:-1]}", From=author) == ([], [])


@pytest.mark.parametrize(
    ("author", "known"),
    [
        ("Paul <paul@ailleurs.example>", f"paul@{DOMAIN}"),
        (f"P{CYRILLIC_A}ul <paul@ailleurs.example>", f"paul@{DOMAIN}"),
        ("ines <ines@ailleurs.example>", f"ines@{DOMAIN}"),
        ("BANQUE des  tilleuls <x@ailleurs.example>", "conseil@banquedestilleuls.example"),
    ],
)
def test_the_name_of_somebody_known_with_another_address_is_pointed_out(
    office, ines, author, known
):
    grave, _told = doubts(office, ines, f"Nom {known} {len(author)}{author[1]}", From=author)
    assert len(grave) == 1
    assert f"and writes from {known}: this is another address." in grave[0]


def test_whoever_is_no_contact_lends_no_name(office, ines):
    assert doubts(office, ines, "Zoé", From="zoe <zoe@ailleurs.example>") == ([], [])


def test_an_address_of_this_site_that_came_from_elsewhere_is_pointed_out(office, ines):
    grave, _told = doubts(office, ines, "Intrus", From=f"paul@{DOMAIN}")
    assert grave == ["The address is one of this site, and the message did not come from here."]
    letter = office.letter("Voisin", From=f"paul@{DOMAIN}")
    own = Letter(letter.raw, f"paul@{DOMAIN}", author=office.uids["paul"])
    office.do(lambda r: r.find_service(ISending).send(own, [f"ines@{DOMAIN}"]))
    assert not opened(inbox(ines), "Voisin").html.select(".mail-read .alert")


def test_letters_of_other_alphabets_are_read_out(office, ines):
    domain = "b\u00fccher.example".encode("idna").decode()
    grave, told = doubts(office, ines, "Lettres", From=f"x@{domain}")
    assert (grave, told) == ([], [f"{domain} is written with letters that read bücher.example."])


@given(st.text(max_size=300), st.lists(st.text(max_size=60), max_size=5))
def test_whatever_stands_for_a_domain_is_compared(text, known):
    imitated(domain_of(text), known)
    assert imitated(text, [text]) == ""
    readable(text)
    assert drawn(drawn(text)) is not None
