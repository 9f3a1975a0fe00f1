"""Mail of each owner, whose alone it is: a marker in every kind of thing that mail keeps."""

from communicate.interfaces import IClock
from communicate.testing.doors import views
from communicate.writing.interfaces import IDrafts
from communicate_email.identities import Identities, Identity
from communicate_email.interfaces import IAddresses, IDelivery, IMailStore, ISending
from communicate_email.letters import Letter
from communicate_email.store import rows
from communicate_email.store.away import Absence, Away
from communicate_email.store.labels import Labels
from communicate_email.store.pictures import Pictures
from communicate_email.store.services import Incoming

from .people import LOOKING, OWNERS

ALIASES = {level: f"canal-{level}" for level in OWNERS}
#: Mail leaves, and nobody takes it: what is written to others waits, sealed.
SETTINGS = {"email.out": "relay", "email.relay_port": 9}
#: What follows a view in an address that names a message, or a part of one.
TAILS = ("", "/1", "/1/1", "/1/2", "/1/3", "/1/yes", "/1?pictures=yes", "?q=zanzibar")
LETTER = """\
From: {author} <{author}@x.example>
To: {to}
Subject: {subject}
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: multipart/alternative; boundary="c"

--c
Content-Type: text/plain

{text}
--c
Content-Type: text/html

<p>{html}</p>
--c--
--b
Content-Type: text/plain
Content-Disposition: attachment; filename="{name}.txt"

{file}
--b--
"""


def write(on, level):
    """Have mail come in, be put in order, begun, thrown away and sent; be away, and filter."""
    on.request.find_service(IMailStore).opened(on.owner(level))
    come_in(on, level)
    begin(on, level)
    sort(on, level)
    wait(on, level)
    choose(on, level)


def own(on, level, what, *, seen=True):
    """Return a marker of *what*, which its owner alone may come across, and does where *seen*."""
    role = {f"owner of {level}"}
    return on.word(f"{what} of mail ({level})", role, role if seen else ())


def letter(on, level, what, *, seen=True):
    """Return a whole letter, each of whose parts has a marker, as bytes."""
    parts = ("author", "subject", "text", "html", "name", "file")
    # A page shows one of the two texts, and the file is handed out by itself.
    marked = {
        part: own(on, level, f"{part} of what {what}", seen=seen and part not in ("html", "file"))
        for part in parts
    }
    text = LETTER.format(to=f"{OWNERS[level]}@localhost", **marked)
    return text.replace("\n", "\r\n").encode()


def come_in(on, level):
    """Let somebody write from elsewhere."""
    raw = letter(on, level, "came in")
    sender = Letter(raw, sender=f"{own(on, level, 'return path', seen=False)}@x.example")
    on.request.find_service(IDelivery).deliver(sender, [f"{OWNERS[level]}@localhost"])


def begin(on, level):
    """Begin a message with a program, and one on the site; throw one away, and have junk."""
    store = on.request.find_service(IMailStore)
    account = store.opened(on.owner(level))
    for role, what in (("drafts", "is begun"), ("trash", "is thrown away"), ("junk", "is junk")):
        flags = rows.DRAFT if role == "drafts" else rows.SEEN
        raw = letter(on, level, what, seen=role == "drafts")
        store.append(account.box(role), [Incoming(raw, flags)])
    place = f"/members/{OWNERS[level]}/mail/write"
    drafted = {name: own(on, level, f"{name} of a draft") for name in ("subject", "body")}
    on.request.find_service(IDrafts).keep(on.owner(level), place, drafted)


def sort(on, level):
    """Have a folder with a copy, a label, filters, an answer while away, and one more address."""
    store = on.request.find_service(IMailStore)
    account = store.opened(on.owner(level))
    folder = own(on, level, "name of a folder")
    box = on.hold(folder, store.boxes(account).make(folder))
    store.copy(account.box("inbox"), [1], box)
    label = own(on, level, "label", seen=False)
    store.flag(box, [1], store.flags(account).bits([label]))
    looked, away = (own(on, level, what, seen=False) for what in ("filter", "answer while away"))
    store.filters(account).set_script(
        f'require ["vacation"]; if header :contains "subject" "{looked}" {{ discard; }}'
        f'vacation "{away}";'
    )
    on.request.find_service(IAddresses).add_alias(on.owner(level), ALIASES[level])


def wait(on, level):
    """Write to somebody elsewhere: a copy is kept, and the letter waits to leave."""
    author = f"{OWNERS[level]}@localhost"
    to = f"{own(on, level, 'recipient', seen=False)}@x.example"
    subject, text = (own(on, level, f"{part} of what is sent") for part in ("subject", "text"))
    raw = f"From: {author}\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()
    store = on.request.find_service(IMailStore)
    sent = store.opened(on.owner(level)).box("sent")
    store.append(sent, [Incoming(raw, rows.SEEN)])
    letter = Letter(raw, author, author=on.owner(level))
    on.request.find_service(ISending).send(letter, [to])


def choose(on, level):
    """Have a signature, a note on an address to give away, a label, senders, and be away."""
    uid, request = on.owner(level), on.request
    account = request.find_service(IMailStore).opened(uid)
    login = OWNERS[level]
    signed, noted, labelled = (own(on, level, what) for what in ("signature", "note", "label"))
    Identities(request, account).set(f"{login}@localhost", Identity(signed, signed))
    request.find_service(IAddresses).add_disposable(uid, noted, 0)
    Labels(request, account).make(labelled)
    Pictures(request, account).allow(f"{own(on, level, 'known sender')}@x.example")
    today = request.find_service(IClock).now().date().isoformat()
    Absence(request, account).write(Away(own(on, level, "absence"), begin=today))


def places(house, level):
    """Return the class and the address of the account of that owner and of each folder in it."""

    def look(request):
        account = request.site["members"][OWNERS[level]]["mail"]
        return [
            (type(one), request.resource_path(one).rstrip("/"))
            for one in (account, *account.boxes.values())
        ]

    return house.work(look)


def addresses(house, level, method="GET"):
    """Return every address of the mail of that owner, with what may follow a view in it.

    Fixed addresses are the site's, and everybody walks there.
    """
    doors = views(house, method, places(house, level))
    found = [
        door.address
        for door in doors
        if "communicate_email" in door.view.__module__ and door.path != "/"
    ]
    return [f"{address}{tail}" for address in found for tail in TAILS]


def asked(site, level, method):
    """Yield who asks for which address of that owner's mail: all of everything in a full site.

    Otherwise each address by one of them, each in turn, and each view by all of them.
    """
    found = addresses(site.house, level, method)
    assert len(found) > 100
    for place, role in enumerate(LOOKING):
        # Seven has no factor in common with the number of tails: each role meets them all.
        for address in found if site.full else found[place % 7 :: 7]:
            yield role, address


def state(house, level):
    """Return what changes with anything in the mail of that owner."""

    def look(request):
        boxes = request.site["members"][OWNERS[level]]["mail"].boxes
        return [(box.modseq, box.count, box.unseen) for box in boxes.values()]

    return house.work(look)


def pages(house, level):
    """Return the pages on which that owner finds all of it."""
    base = f"/members/{OWNERS[level]}/mail"
    boxes = [path for _class, path in places(house, level)][1:]
    shown = [f"{box}/{view}/1" for box in boxes for view in ("read", "resume")]
    views = ("folders", "write", "signatures", "addresses", "labels", "pictures", "away")
    return [*(f"{base}/{view}" for view in views), *boxes, *shown]
