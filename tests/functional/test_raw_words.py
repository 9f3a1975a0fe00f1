"""Words of every plugin that are for few: in no file in clear, and in none at all once erased."""

import imaplib
from io import BytesIO

import pytest

from communicate.audience import CONTACTS, PRIVATE
from communicate.clock import milliseconds, now
from communicate.interfaces import IAudiences, IContacts, IDatabase, IErasure, IMembers
from communicate.outbox.runner import run_due
from communicate.principals import Viewer
from communicate.sealing.content import Sealed, SealedBlob
from communicate.storage.pack import pack
from communicate.stores import stores_of
from communicate.testing.archives import exported
from communicate.testing.house import House
from communicate.writing.interfaces import IAttachments, IDrafts
from communicate_articles.interfaces import IArticles
from communicate_articles.words import Written
from communicate_email.interfaces import IAddresses, IDelivery, IMailStore, ISending
from communicate_email.letters import Letter
from communicate_email.store.services import Incoming
from communicate_messages.interfaces import IMessages
from communicate_sms.interfaces import ITexts
from communicate_sms.reach import ToNumber
from communicate_spaces.interfaces import ICommenting, IRules
from communicate_vdisk.interfaces import IDisk, ITrash
from communicate_vdisk.sharing import share
from communicate_vdisk.uploads.interfaces import IUploads

from .planting import programs, sms
from .test_raw_bytes import traces

PLUGINS = ["forums", "spaces", "articles", "messages", "vdisk", "email", "sms"]
ARTICLE, LEDE, FORMER, BESIDE = "Capucineqx", "Lavandeqx", "Romarinqx", "Verveineqx"
COMMENT, MESSAGE, TALK = "Jonquilleqx", "Camomilleqx", "Potagerqx"
NAME, CONTENT, DRAFT = "Brouetteqx", "Pivoinesqx", "Campanuleqx"
FOLDER, FILE, BYTES, BEFORE = "Tonnelleqx", "Sarcloirqx", "Muguetqx", "Jacintheqx"
BEGUN, THROWN = "Perceneigeqx", "Liseronqx"
SUBJECT, LETTER, BOX, LABEL = "Pervencheqx", "Violetteqx", "Grenierqx", "Etiquetteqx"
LARGE, FILTER, ALIAS = "Chevrefeuilleqx", "Mauvaiseherbeqx", "glycineqx"
ENCLOSED, AWAY, SENT, TO, KEPT = "Balsaminepj", "Vacancesqx", "Envoiqx", "luceqx", "Esquisseqx"
OWN, OUTSIDE = "+33612345671", "+33612345672"  # numbers of telephones
TEXTED, CAME, LATER = "Bourracheqx", "Capucineqx", "Fenouilqx"
TEXTS = (OWN, OUTSIDE, TEXTED, CAME, LATER)
SHELVED, TAGGED, BROUGHT, HEAVY = "Clematiteqx", "Sauvageqx", "Aubepineqx", "Noisetierqx"
PROGRAM = (SHELVED, TAGGED, BROUGHT, HEAVY)  # what a mail program puts here by IMAP
MAIL = (SUBJECT, LETTER, BOX, LABEL, LARGE, FILTER, ALIAS, ENCLOSED, AWAY, SENT, TO, KEPT)
# Mail, and text messages, wait for somebody to take them.
SETTINGS = {"language": "en", "email.out": "relay", **programs.SETTINGS, **sms.SETTINGS}
DISK = (FOLDER, FILE, BYTES, BEFORE, BEGUN, THROWN)
MARKERS = (ARTICLE, LEDE, FORMER, BESIDE, COMMENT, MESSAGE, TALK, NAME, CONTENT, DRAFT, *DISK,
           *MAIL, *PROGRAM, *TEXTS)  # fmt: skip


def write(request, ines, paul, zoe):
    """Have Inès write for her contacts, for one of them, and for nobody yet."""
    contacts, files = request.find_service(IContacts), request.find_service(IAttachments)
    for other in (paul, zoe):
        contacts.request(other, ines)
        contacts.accept(ines, other)
    articles = request.find_service(IArticles)
    made = articles.begin(ines, Written("Avant", FORMER, "", (), "fr"))
    request.find_service(IAudiences).choose(made, CONTACTS)
    articles.publish(made)
    articles.save(made, Written(ARTICLE, f"Le mot {ARTICLE}", LEDE, (), "fr"))
    articles.publish(made)
    articles.save(made, Written(ARTICLE, BESIDE, "", (), "fr"))
    request.find_service(IRules).open_space(ines, CONTACTS, CONTACTS, approval=False)
    rules, words = request.find_service(IRules), request.find_service(ICommenting)
    words.add(rules.thread(rules.wall(ines)), ines, COMMENT)
    message = request.find_service(IMessages).start(ines, [paul, zoe], MESSAGE, TALK)
    drafts, place = request.find_service(IDrafts), "/forums/general/new"
    drafts.keep(ines, place, {"body": DRAFT})
    for holder in (made, message, drafts.made(ines, place)):
        files.put(holder, ines, f"{NAME}.txt", CONTENT.encode() * 99)
    keep(request, ines)
    receive(request, ines)
    send(request, ines)
    text(request, ines)


def receive(request, ines):
    """Have mail come in for Inès, and be put in order."""
    for subject, text in ((SUBJECT, LETTER), (LARGE, f"{LARGE}\r\n" * 9000)):
        head = f"From: {LETTER} <{LETTER}@x.example>\r\nMessage-ID: <{LETTER}@{subject}>\r\n"
        part = f'Content-Type: text/plain; name="{ENCLOSED}.txt"\r\n\r\n{ENCLOSED}'
        head += f'Subject: {subject}\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        letter = Letter(f"{head}--b\r\n\r\n{text}\r\n--b\r\n{part}\r\n--b--\r\n".encode())
        request.find_service(IDelivery).deliver(letter, ["ines@localhost"])
    store = request.find_service(IMailStore)
    account = store.account(ines)
    box = store.boxes(account).make(BOX)
    store.copy(account.box("inbox"), [1], box)
    store.flag(box, [1], store.flags(account).bits([LABEL]))
    script = f'if header :contains "subject" "{FILTER}" {{ discard; }} vacation "{AWAY}";'
    store.filters(account).set_script(f'require "vacation"; {script}')
    request.find_service(IAddresses).add_alias(ines, ALIAS)


def send(request, ines):
    """Have Inès write to somebody elsewhere, twice, large once; and begin a message."""
    store = request.find_service(IMailStore)
    account = store.account(ines)
    for text in (SENT, f"{SENT}\r\n" * 9000):
        raw = f"From: ines@localhost\r\nTo: {TO}@x.example\r\n\r\n{text}".encode()
        letter = Letter(raw, "ines@localhost", author=ines)
        request.find_service(ISending).send(letter, [f"{TO}@x.example"])
        store.append(account.box("sent"), [Incoming(raw)])
    request.find_service(IDrafts).keep(ines, "/members/ines/mail/write", {"body": KEPT})


def text(request, ines):
    """Have Inès prove a number, write to somebody outside, now and later, and be answered."""
    sms.prove(request, request.find_service(IMembers).by_uid(ines), OWN)
    texts, out, present = (
        request.find_service(ITexts),
        ToNumber(OUTSIDE),
        milliseconds(now(request)),
    )
    texts.send(ines, out, TEXTED)
    texts.send(ines, out, LATER, present + 86_400_000)
    texts.receive(ines, out, CAME, present)


def keep(request, ines):
    """Have Inès keep files for her contacts, one of which she changed and one she threw away."""
    service, trash = request.find_service(IDisk), request.find_service(ITrash)
    folder = service.make_folder(service.disk(ines), FOLDER, ines)
    share(request, folder, CONTACTS, PRIVATE, PRIVATE)
    for data in (BEFORE, BYTES):
        service.put(folder, f"{FILE}.txt", BytesIO(data.encode() * 99), ines)
    trash.throw(service.add_file(folder, f"{THROWN}.bin", BytesIO(b"x"), ines))
    member = request.find_service(IMembers).by_uid(ines)
    request.viewer = Viewer(member, request.site["members"])
    uploads = request.find_service(IUploads)
    uploads.append(uploads.begin(folder, BEGUN, 9, ines), 0, BytesIO(b"x"), 1)


def put_by_program(own):
    """Have a mail program of Inès make a folder, and put a small and a large message there."""
    with own.reading("ines") as client:
        assert client.create(SHELVED)[0] == "OK"
        for subject, times in ((BROUGHT, 1), (HEAVY, 100_000)):
            text = f"{subject}\r\n" * times
            raw = f"Subject: {subject}\r\n\r\n{text}".encode()
            assert client.append(SHELVED, f"({TAGGED})", None, raw)[0] == "OK"
        client.select(SHELVED)
        assert HEAVY.encode() in client.fetch("2", "(BODY[TEXT])")[1][0][1]
        assert client.search(None, "TEXT", BROUGHT)[1] == [b"1"]
    assert BROUGHT not in own.all_of("POP3", "ines")  # it is not in the inbox


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("words"), PLUGINS, SETTINGS)
    uids = [house.member(login) for login in ("ines", "paul", "zoe")]
    house.work(lambda request: write(request, *uids))
    house.run_jobs()
    house.uid = uids[0]
    house.programs = programs.Programs(house, ("ines",))
    put_by_program(house.programs)
    yield house
    house.programs.stop()
    house.close()


def sealed(house, uid):
    """Return what the tree holds sealed by the key of *uid*, as it lies in files."""

    def read(request):
        storage, following = house.registry.getUtility(IDatabase).storage, None
        found = []
        while True:
            oid, _tid, _data, following = storage.record_iternext(following)
            one = request.site._p_jar.get(oid)
            state = one.__getstate__()
            values = state.values() if isinstance(state, dict) else ()
            found += [
                each.envelope for each in values if isinstance(each, Sealed) and each.uid == uid
            ]
            if isinstance(one, SealedBlob) and one.uid == uid:
                with one.blob.open("r") as file:
                    found.append(file.read(200))
            if following is None:
                return found

    return house.work(read)


def lying(house, pieces):
    """Return how many of *pieces* lie in a file of the house."""
    files = [path.read_bytes() for path in (house.folder / "var").rglob("*") if path.is_file()]
    return sum(any(piece in data for data in files) for piece in pieces)


class TestWords:
    def test_are_there_for_their_author(self, written):
        """Else nothing would be proven by looking for them."""
        text = exported(written, "ines").text
        assert [marker for marker in MARKERS if marker not in text] == []

    def test_lie_in_no_file(self, written):
        assert traces(written.folder, *MARKERS, *written.programs.secrets.values()) == []

    def test_lie_nowhere_sealed_either_once_they_are_erased(self, written):
        pieces = sealed(written, written.uid)
        assert len(pieces) > len(MARKERS)
        assert lying(written, pieces) == len(pieces)
        written.work(lambda request: request.find_service(IErasure).start(written.uid))
        run_due(written.registry)
        pack(stores_of(written.registry))
        assert sealed(written, written.uid) == []
        with pytest.raises(imaplib.IMAP4.error), written.programs.reading("ines"):
            pass
        assert lying(written, pieces) == 0
        assert traces(written.folder, *MARKERS) == []
