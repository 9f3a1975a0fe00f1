"""Mail on the served site of these tests, in every state: a plain module, no test."""

from collections.abc import Callable
from typing import Any

#: What is written to others waits: nobody listens there.
SETTINGS = {
    "email.out": "relay",
    "email.relay_port": 9,
    "email.domain": "canal.example",
    "email.postmaster": "agathe",
    **dict.fromkeys(("email.imaps", "email.pop3s", "email.submission"), "127.0.0.1:0"),
    "email.programs_host": "mail.canal.example",
    "email.programs_ports": "imaps=993 pop3s=995 submission=587",
}
SENDER = "Luce Horde <luce@ailleurs.example>"
HEDGE = "La haie du fond penche. Qui a des tuteurs ?\n\nÀ samedi,\nDenis\n"
NEWS = (
    "<h1>La gazette du canal</h1><p>Trois recettes de saison, et <a href="
    '"https://ailleurs.example/suite">la suite</a>.</p>'
    '<p><img src="https://ailleurs.example/soupe.jpg" alt="La soupe" width="400" height="300"></p>'
)
SIGNATURE = "Chloé\n3e étage"


def certify(folder: Any) -> None:
    """Make the certificate of the servers of mail programs of the site in *folder*."""
    from datetime import UTC, datetime

    from communicate.tls import making

    files = folder / "var" / "tls"
    files.mkdir(parents=True)
    for path, octets in zip(
        (files / "site.key", files / "site.crt"),
        making.make([*making.HERE, SETTINGS["email.programs_host"]], datetime.now(UTC)),
        strict=True,
    ):
        path.write_bytes(octets)


def message(subject: str, text: str, sender: str = SENDER, **more: str) -> bytes:
    """Return a message; *more* are fields of its header, ``_`` for ``-``."""
    from email.message import EmailMessage
    from email.policy import SMTP

    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = sender, "chloe@canal.example", subject
    made["Date"] = "Mon, 30 Nov 2026 08:00:00 +0000"
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def with_file(subject: str, picture: bytes) -> bytes:
    """Return a message with HTML and two files."""
    from email import message_from_bytes
    from email.policy import SMTP

    made: Any = message_from_bytes(message(subject, "Voici le plan."), policy=SMTP)
    made.add_alternative("<p>Voici <b>le plan</b>.</p>", subtype="html")
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="plan.pdf")
    made.add_attachment(picture, maintype="image", subtype="jpeg", filename="la serre.jpg")
    return bytes(made.as_bytes())


def newsletter() -> bytes:
    """Return what a list sends, in HTML alone."""
    head = message("La gazette de novembre", "", List_Id="Gazette <gazette.ailleurs.example>")
    fields, _end, _text = head.partition(b"Content-Type")
    kind = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return fields + kind + NEWS.encode()


def keep(site: Any, request: Any, picture: bytes) -> None:
    """Have Chloé receive, write, sort and throw away; have something wait to leave."""
    from communicate_email.identities import Identities
    from communicate_email.interfaces import IDelivery, IMailStore, ISending
    from communicate_email.letters import Letter
    from communicate_email.store import rows
    from communicate_email.store.services import Incoming

    store, chloe = request.find_service(IMailStore), site.uids["chloe"]
    account, own = store.opened(chloe), "chloe@canal.example"

    def come(raw: bytes, sender: str = "luce@ailleurs.example") -> None:
        request.find_service(IDelivery).deliver(Letter(raw, sender=sender), [own])

    denis = "Denis <denis@canal.example>"
    come(message("La haie", HEDGE, denis, Message_ID="<haie@canal.example>"))
    answers = {"Message_ID": "<haie2@canal.example>", "In_Reply_To": "<haie@canal.example>"}
    come(message("La haie, suite", "J’en ai trouvé six.", denis, **answers))
    come(newsletter())
    come(message("Votre facture", "Payez ici.", Reply_To="Caisse <caisse@loin.example>"))
    come(with_file("Le plan de la serre", picture))
    boxes = store.boxes(account)
    garden = boxes.make("Potager")
    deeper = boxes.make("Semences", garden.id)
    store.copy(account.box("inbox"), [1, 2], garden)
    # as programs mark it: answered and sent on, and to be destroyed soon
    store.flag(garden, [1], rows.ANSWERED | rows.FORWARDED)
    store.flag(garden, [2], rows.DELETED)
    store.flag(account.box("inbox"), [3], rows.FLAGGED)
    mine = message("Les tuteurs", "J’en apporte dix.", f"Chloé <{own}>")
    for role, flags in (("sent", rows.SEEN), ("drafts", rows.DRAFT), ("trash", rows.SEEN)):
        store.append(account.box(role), [Incoming(mine, flags)])
    store.append(account.box("junk"), [Incoming(message("Gagnez", "Un lot."))])
    letter = Letter(mine, own, author=chloe)
    request.find_service(ISending).send(letter, ["luce@ailleurs.example", "paul@loin.example"])
    arrange(request, chloe)
    sort(site, request)
    paths = {role: request.resource_path(account.box(role)).rstrip("/") for role in account.roles}
    paths |= {"own": f"/members/chloe/mail/{garden.__name__}"}
    site.paths |= {f"mail-{name}": path for name, path in paths.items()}
    for view, number in (("reply-all", 1), ("forward", 5), ("print", 2)):
        site.paths[f"mail-{view}"] = f"{paths['inbox']}/{view}/{number}"
    for name, number in {"plain": 2, "html": 3, "doubt": 4, "files": 5}.items():
        site.paths[f"mail-read-{name}"] = f"{paths['inbox']}/read/{number}"
    store.opened(site.uids["farid"])  # who makes an app password for a program
    site.paths["mail-programs-made"] = "/members/farid/mail/programs"
    site.paths["mail-read-sent"] = f"{paths['sent']}/read/1"
    site.paths["mail-resume"] = f"{paths['drafts']}/resume/1"
    number = Identities(request, account).number(own)
    site.paths["mail-signature"] = f"/members/chloe/mail/signature/{number}"
    site.paths["mail-folder"] = f"{paths['own']}/folder"
    site.paths["mail-empty"] = f"/members/chloe/mail/{deeper.__name__}"
    texts = [HEDGE, "La gazette du canal", "Trois recettes de saison, et la suite.", SIGNATURE]
    texts += ["La soupe", "Payez ici.", "Voici le plan.", "J’en apporte dix.", "Un lot."]
    titles = ["La haie", "La haie, suite", "Fwd: La haie", "La gazette de novembre"]
    titles += [
        "Votre facture",
        "Le plan de la serre",
        "Les tuteurs",
        "Gagnez",
        "Gazette",
        "Luce Horde",
        "Caisse",
    ]
    names = ["plan.pdf", "la serre.jpg", "Denis", "Chloé", "Potager", "Semences", "Promotions"]
    site.heard.words += [*texts, *titles, *names, "J’en ai trouvé six.", "promo", "la boutique"]


def sort(site: Any, request: Any) -> None:
    """Have Chloé give a label, and a star to a message of a conversation."""
    from communicate.ids import encode
    from communicate_email.interfaces import IMailStore
    from communicate_email.store import rows

    store = request.find_service(IMailStore)
    account = store.opened(site.uids["chloe"])
    inbox = account.box("inbox")
    label = store.labels(account).make("À planter", "green")
    store.flag(inbox, [1, 5], label.bit)
    store.flag(inbox, [2], rows.FLAGGED)
    thread = encode(next(rows.some(inbox, [1])).thread)
    site.paths["mail-talk"] = f"/members/chloe/mail/{inbox.__name__}/talk/{thread}"
    site.paths["mail-label"] = f"/members/chloe/mail/label/{label.number}"
    site.paths["mail-relabel"] = f"/members/chloe/mail/relabel/{label.number}"
    site.heard.words += ["À planter", label.keyword]


def arrange(request: Any, chloe: int) -> None:
    """Have Chloé set all that can be set."""
    from communicate_email.filters import Condition, Deed, Rule, script_of
    from communicate_email.identities import Identities, Identity
    from communicate_email.interfaces import IAddresses, IMailStore

    store = request.find_service(IMailStore)
    account, addresses = store.opened(chloe), request.find_service(IAddresses)
    promo = Rule("Promotions", (Condition("subject", "contains", "promo"),), (Deed("flag"),))
    store.filters(account).set_script(script_of([promo]))
    addresses.add_alias(chloe, "potagere")
    addresses.add_disposable(chloe, "la boutique", 0)
    Identities(request, account).set("chloe@canal.example", Identity("Chloé", SIGNATURE))


def tick(act: str) -> Callable[[Any], None]:
    """Return what ticks the first message of a list, and presses the button that says *act*."""

    def press(page: Any) -> None:
        page.locator("main [name=uid]").first.check()
        with page.expect_navigation():
            page.locator(f"main [name=act][value={act}]").first.click()

    return press


def make_password(page: Any) -> None:
    """Make an app password for a mail program, and look at the steps."""
    from communicate.testing.house import PASSWORD

    if not page.locator("main .secret").count():  # one stays there until it is kept
        page.fill("main [name=present]", PASSWORD)
        with page.expect_navigation():
            page.locator("main [name=make]").click()
    page.evaluate(
        "document.querySelectorAll('main details').forEach((one) => { one.open = true })"
    )


def send_nowhere(page: Any) -> None:
    """Send a message that is for nobody."""
    with page.expect_navigation():
        page.locator("main [name=send]").first.click()


def pages(shown: Any, send: Callable[..., None]) -> dict[str, Any]:
    """Return the pages of mail by name, each made by *shown*; *send* sends a form as it is."""
    base, chloe = "/members/chloe/mail", "chloe"
    folders = ("inbox", "sent", "drafts", "trash", "junk", "own", "empty")
    found = {f"mail-{name}": shown(f"mail-{name}", chloe) for name in folders}
    reads = ("plain", "html", "doubt", "files", "sent")
    found |= {f"mail-read-{name}": shown(f"mail-read-{name}", chloe) for name in reads}
    writes = ("reply-all", "forward", "print", "resume", "folder", "signature")
    writes += ("talk", "label", "relabel")
    found |= {f"mail-{name}": shown(f"mail-{name}", chloe) for name in writes}
    settings = ("settings", "filters", "filter", "filter-script", "away", "addresses")
    settings += ("files", "pictures", "signatures", "folders", "write", "filter/1")
    settings += ("starred", "labels", "keys", "programs")
    found |= {f"mail-{name}": shown(f"{base}/{name}", chloe) for name in settings}
    link = f"/account/drafts/link?place={base}/write&field=body&from=disk"
    return found | {
        "link-choose": shown(link, chloe),
        "mail-begin": shown("/mail", "elsa"),
        "mail-write-refused": shown(f"{base}/write", chloe, send_nowhere, 400),
        "mail-folders-refused": shown(f"{base}/folders", chloe, send, 400),
        "mail-labels-refused": shown(f"{base}/labels", chloe, send, 400),
        "mail-filter-refused": shown(f"{base}/filter", chloe, send, 400),
        "mail-search": shown(f"{base}/search?q=haie", chloe),
        "mail-search-none": shown(f"{base}/search?q=introuvable", chloe),
        "mail-sure": shown("mail-trash", chloe, tick("delete")),
        "mail-programs-made": shown("mail-programs-made", "farid", make_password),
        "mail-programs-refused": shown(f"{base}/programs", chloe, send, 400),
        "mail-help-programs": shown("/help/mail-programs", chloe),
        "mail-help": shown("/help/mail", chloe),
        "mail-help-settings": shown("/help/mail-settings", chloe),
        "outgoing": shown("/outgoing", "agathe"),
    }
