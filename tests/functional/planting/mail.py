"""Mail of each owner, whose alone it is: messages, folders, labels, filters, a further address."""

from communicate_email.interfaces import IAddresses, IDelivery, IMailStore
from communicate_email.letters import Letter

from .people import OWNERS

ALIASES = {level: f"canal-{level}" for level in OWNERS}


def write(on, level):
    """Have mail come in and be put in order; nobody but its owner may come across it."""
    own, uid = {f"owner of {level}"}, on.owner(level)
    # Its owner may, and need not as long as no page shows it.
    subject, text, name = (
        on.word(f"{what} of a letter ({level})", own, ()) for what in ("subject", "text", "author")
    )
    raw = f"From: {name} <{name}@x.example>\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()
    letter = Letter(raw, sender=f"{name}@x.example")
    on.request.find_service(IDelivery).deliver(letter, [f"{OWNERS[level]}@localhost"])
    store = on.request.find_service(IMailStore)
    account = store.opened(uid)
    folder = on.word(f"name of a folder of mail ({level})", own, ())
    box = on.hold(folder, store.boxes(account).make(folder))
    store.copy(account.box("inbox"), [1], box)
    label = on.word(f"label of a letter ({level})", own, ())
    store.flag(box, [1], store.flags(account).bits([label]))
    said = on.word(f"what a filter looks for ({level})", own, ())
    script = f'if header :contains "subject" "{said}" {{ discard; }}'
    store.filters(account).set_script(script)
    on.request.find_service(IAddresses).add_alias(uid, ALIASES[level])
