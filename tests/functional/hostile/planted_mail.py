"""What mail holds where hostile visitors come: something in every folder, and ways to it."""

from base64 import b64encode
from urllib.parse import quote

from communicate.interfaces import IMembers
from communicate_email.filters import Condition, Deed, Rule, script_of
from communicate_email.identities import Identities, Identity
from communicate_email.interfaces import IAddresses, IDelivery, IMailStore, ISending
from communicate_email.letters import Letter
from communicate_email.store import rows
from communicate_email.store.labels import Labels
from communicate_email.store.pictures import Pictures
from communicate_email.store.services import Incoming

#: Mail leaves for a port where nobody listens: it waits in the queue, however much is written.
SETTINGS = {
    "email.out": "relay",
    "email.relay_port": 9,
    "email.sends": "100000/minute",
    "email.imaps": "127.0.0.1:0",  # nobody listens: pages say what there is
    "email.submission": "127.0.0.1:0",
    "email.discovering": "100000/minute",
}
INES = "ines@localhost"
MESSAGE = """\
From: Luce Horde <luce@x.example>
To: ines@localhost, paul@localhost
Subject: La haie
Message-ID: <haie@x.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: multipart/alternative; boundary="c"

--c
Content-Type: text/plain

Elle penche.
--c
Content-Type: text/html

<p>Elle <a href="https://x.example/">penche</a><img src="https://x.example/a.png"></p>
--c--
--b
Content-Type: text/plain
Content-Disposition: attachment; filename="plan.txt"

Trois rangs.
--b--
"""

RULES = [
    Rule("Promotions", (Condition("subject", "contains", "promo"),), (Deed("discard"),)),
    Rule("Voisins", (Condition("from", "is", "luce@x.example"),), (Deed("flag"),)),
]


def deliver_hostile(request, words):
    """Have a mail come in that has *words* wherever it can; return its uid and its folder."""
    coded = b64encode(words.encode()).decode()
    head = "".join(
        f"{name}: =?utf-8?b?{b64encode(words[:60].encode()).decode()}?={more}\r\n"
        for name, more in (("From", " <luce@x.example>"), ("Subject", ""), ("List-Id", " <l.x>"))
    )
    html = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"
    name = quote(words[:60], safe="")
    file = f"{html}Content-Disposition: attachment; filename*=utf-8''{name}\r\n"
    raw = (
        f'{head}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        f"--b\r\n{html}\r\n{coded}\r\n--b\r\n{file}\r\n{coded}\r\n--b--\r\n"
    )
    request.find_service(IDelivery).deliver(Letter(raw.encode(), sender="luce@x.example"), [INES])
    uid = request.find_service(IMembers).by_login("ines").uid
    box = request.find_service(IMailStore).opened(uid).box("inbox")
    return box.uid_next - 1, request.resource_path(box).rstrip("/")


def mail(request):
    """Have Inès receive, answer, begin, throw away, sort; let something wait to leave."""
    uid = request.find_service(IMembers).by_login("ines").uid
    store, raw = request.find_service(IMailStore), MESSAGE.replace("\n", "\r\n").encode()
    account = store.opened(uid)
    for _time in range(2):
        request.find_service(IDelivery).deliver(Letter(raw, sender="luce@x.example"), [INES])
    own = raw.replace(b"Luce Horde <luce@x.example>", INES.encode())
    for role, flags in (("drafts", rows.DRAFT), ("sent", rows.SEEN), ("trash", 0), ("junk", 0)):
        store.append(account.box(role), [Incoming(own, flags)])
    box = store.boxes(account).make("Voisinage")
    store.copy(account.box("inbox"), [1], box)
    store.flag(box, [1], store.flags(account).bits(["Jardin"]))
    store.filters(account).set_script(script_of(RULES))
    addresses = request.find_service(IAddresses)
    addresses.add_alias(uid, "potagere")
    addresses.add_disposable(uid, "La boutique", 0)
    Identities(request, account).set(INES, Identity("Inès", "Au troisième"))
    Labels(request, account).make("Voisins")
    Pictures(request, account).allow("luce@x.example")
    request.find_service(ISending).send(Letter(own, INES, author=uid), ["luce@x.example"])
    base, inbox = "/members/ines/mail", request.resource_path(account.box("inbox")).rstrip("/")
    paths = {role: request.resource_path(account.box(role)).rstrip("/") for role in account.roles}
    views = ("write", "folders", "search?q=haie", "settings", "filters", "filter/1", "files")
    views += ("labels", "starred", "away", "addresses", "signatures", "pictures", "filter-script")
    views += ("programs",)
    pages = [base, *(f"{base}/{view}" for view in views), *paths.values()]
    own_box = request.resource_path(box).rstrip("/")
    pages += [f"{inbox}/{view}/1" for view in ("read", "reply", "reply-all", "forward", "print")]
    pages += [f"{paths['drafts']}/resume/1", f"{paths['trash']}/read/1", own_box]
    pages += [f"{own_box}/folder", f"{inbox}/frame/1", f"{inbox}/part/1/2"]
    places = {"Office": "/mail", "Account": base, "Mailbox": inbox, "Outgoing": "/outgoing"}
    return pages, {**places, "trash": paths["trash"]}
