"""One browser and one served site, with people and words in it, for all tests of this folder."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from communicate.testing.browser import Windows, shelf, windows
from communicate.testing.house import House
from communicate.testing.server import Server, free_port

from . import articles, disk, mail, proving, text_operating, texting
from .heard import Heard
from .sessions import Sessions

__all__ = ["shelf", "windows"]

SETTINGS = {
    "name": "Rue du Canal",
    "max_body": "300 kB",
    "communicate.limits.join_address": "1000/hour",
    "communicate.limits.sign_in_address": "1000/hour",
    "communicate.limits.reset_address": "1000/hour",
    "communicate.limits.reset_account": "1/hour",
    "forums.page_size": 5,
    **mail.SETTINGS,
    **texting.SETTINGS,
}
PLUGINS = ("forums", "spaces", "messages", "articles", "vdisk", "email", "sms")
PEOPLE = {
    "agathe": "operators",
    "bruno": "moderators",
    **dict.fromkeys(("chloe", "denis", "elsa", "farid", "gaelle", "hugo", "ines"), ""),
    "jules": "",  # erased by a walk
    "karine": "",  # changes her password on a walk
    "lou": "",  # has two sessions on a walk, and no other
    "mona": "",  # is told of an answer on a walk
    **dict.fromkeys(("anouk", "basile"), ""),  # she writes articles on a walk, and he comments
}
WORDS = {
    "title": "Composteur partagé : qui a la clé en décembre ?",
    "first": "Bonsoir à toutes et à tous. Qui peut **prendre le relais** ?\n\n"
    "- le mercredi\n- le samedi",
    "answer": "> Qui peut prendre le relais ?\n\n"
    "Moi, le mercredi ; voir [la fiche](/forums/jardin).",
}


SAID = {
    "name": {"value": "Inès Le Goff"},
    "text": {"value": "Je prête **ma brouette**, et [mes livres](/forums)."},
    "phone": {"value": "06 12 34 56 78", "label": "portable"},
    "postal": {"value": "14 rue des Tilleuls\n2e étage"},
    "birthday": {"value": "1984-04-09", "shows_year": False},
    "web": {"value": "https://jardin.example/"},
    "language": {"value": "breton"},
    "other": {"value": "A+, noté pour les secours", "label": "Groupe sanguin"},
}

CIRCLE = "Potager"  # of Chloé
NOTE = "Nous avons bêché côte à côte samedi."  # of a request to be somebody’s contact


def drawn(width: int, height: int) -> Any:
    """Return a small picture as a file."""
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(file, "JPEG")
    file.seek(0)
    return file


def send(page: Any, **typed: str) -> None:
    """Fill in the form of the page and press its first button."""
    for name, words in typed.items():
        page.fill(f"main [name={name}]", words)
    with page.expect_navigation():
        page.click("main form button[type=submit] >> nth=0")


def press(selector: str) -> Callable[[Any], None]:
    """Return what presses the first button that *selector* names."""

    def act(page: Any) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    return act


def preview(page: Any) -> None:
    """Have the words shown as they would be read."""
    page.click("main [name=preview]")
    page.wait_for_selector("#preview")


def grow_old(page: Any) -> None:
    """Send the form as from a page whose session has ended."""
    page.eval_on_selector("main [name=csrf_token]", "field => field.value = 'old'")
    send(page, login="chloe", password="un secret")


def grow_old_writing(page: Any) -> None:
    """Send a topic as from a page whose session has ended."""
    page.eval_on_selector("main [name=csrf_token]", "field => field.value = 'old'")
    send(page, title="Le tilleul", body="Il penche.")


def save(page: Any) -> None:
    """Keep the language of the page as the member's."""
    page.select_option("main [name=language]", page.get_attribute("html", "lang"))
    send(page)


def edit_in_place(page: Any) -> None:
    """Open the form of the last element where it stands."""
    page.locator("a[data-edit]").last.click()
    page.wait_for_selector(".editing #element")


def send_much(page: Any) -> None:
    """Send more than the site takes at once."""
    page.eval_on_selector("main [name=body]", "field => field.value = 'a'.repeat(400000)")
    send(page, title="Trop long")


def show_to_all(page: Any) -> None:
    """Choose everyone without the box that says so."""
    page.check("main [value=public]")
    send(page)


def preview_article(page: Any) -> None:
    """Have an article shown as it would be read."""
    page.wait_for_selector("main .editor-bar")
    page.fill("main [name=title]", WORDS["title"])
    page.fill("main [name=text]", WORDS["first"])
    page.wait_for_selector("#preview li")  # it follows what is typed


def show_to_all_articles(page: Any) -> None:
    """Choose everyone for an article without the box that says so."""
    page.check("main [name=visible][value=public]")
    press("main [name=publish]")(page)


def show_to_all_files(page: Any) -> None:
    """Share a folder with everyone without the box that says so."""
    page.check("main [name=see][value=public]")
    send(page)


def call_it_a_path(page: Any) -> None:
    """Rename a folder to something that no folder can be called."""
    send(page, name="a/b")


def mistype(page: Any) -> None:
    """Type a password that is not that of the link."""
    send(page, password="la tomate rouge")


def name_nobody(page: Any) -> None:
    """Say that only those named may write, and name nobody."""
    page.check("main [name=who][value=chosen]")
    send(page)


@dataclass(frozen=True)
class Shown:
    """One page in one state: who sees it, where, and what was done there before."""

    path: str
    login: str | None = None
    act: Callable[[Any], None] | None = None
    status: int = 200

    def open(self, page: Any, site: "Site") -> Any:
        """Show it in the window *page*."""
        page.watch.allowed.add(self.status)
        answer = page.goto(site.paths.get(self.path, self.path))
        if self.act is None:
            assert answer.status == self.status
        else:
            self.act(page)
            page.wait_for_load_state()
            assert page.watch.status == self.status
        return page


PAGES = {
    "welcome": Shown("/"),
    "login": Shown("/login"),
    "login-refused": Shown("/login", act=send, status=400),
    "join": Shown("/join"),
    "join-refused": Shown("/join", act=send, status=400),
    "join-sent": Shown("/join?sent=1"),
    "join-invited": Shown("invitation"),
    "confirm": Shown("confirm"),
    "bad-link": Shown("/confirm?token=old", status=404),
    "first-operator": Shown("operator"),
    "reset": Shown("/reset"),
    "reset-refused": Shown("/reset", act=send, status=400),
    "reset-sent": Shown("/reset?sent=1"),
    "new-password": Shown("new-password"),
    "terms": Shown("/terms"),
    "privacy": Shown("/privacy"),
    "cookies": Shown("/cookies"),
    "help": Shown("/help"),
    "help-security": Shown("/help/security"),
    "privacy-changes": Shown("/privacy/changes"),
    "deletion": Shown("/privacy/request"),
    "deletion-refused": Shown("/privacy/request", act=send, status=400),
    "forums-stranger": Shown("/forums"),
    "forum-stranger": Shown("/forums/general"),
    "topic-stranger": Shown("topic"),
    "member-stranger": Shown("/members/denis"),
    "400": Shown("/forums?after=%00", status=400),
    "400-forged": Shown("/login", act=grow_old, status=400),
    "400-typed": Shown("/forums/general/new", "chloe", grow_old_writing, 400),
    "403-stranger": Shown("/account", status=403),
    "403": Shown("/operate", "chloe", status=403),
    "404-stranger": Shown("/nowhere", status=404),
    "404": Shown("/nowhere", "chloe", status=404),
    "413": Shown("/forums/general/new", "chloe", send_much, 413),
    "429": Shown("/reset", act=lambda page: send(page, login="limite"), status=429),
    "search": Shown("/search?q=composteur", "chloe"),
    "search-none": Shown("/search?q=introuvable&author=denis"),
    "search-refused": Shown("/search?q=mot&since=hier", "chloe", status=400),
    "home": Shown("/", "chloe"),
    "account": Shown("/account", "chloe"),
    "account-saved": Shown("/account", "chloe", save),
    "password": Shown("/account/password", "chloe"),
    "password-refused": Shown("/account/password", "chloe", send, 400),
    "address": Shown("/account/address", "chloe"),
    "address-refused": Shown("/account/address", "chloe", send, 400),
    "address-confirm": Shown("new-address", "chloe"),
    "sessions": Shown("/account/sessions", "chloe"),
    "my-data": Shown("/account/privacy", "chloe"),
    "export": Shown("/account/privacy/export", "chloe"),
    "drafts": Shown("/account/drafts", "denis"),
    "draft": Shown("draft", "denis"),
    "drafts-none": Shown("/account/drafts", "elsa"),
    "new-drafted": Shown("/forums/general/new", "denis"),
    "shared": Shown("/account/privacy/shared", "ines"),
    "wrote": Shown("/account/privacy/wrote", "chloe"),
    "received": Shown("/account/privacy/received", "chloe"),
    "received-none": Shown("/account/privacy/received", "elsa"),
    "own-cases": Shown("/account/privacy/cases", "chloe"),
    "consents": Shown("/account/consents", "chloe"),
    "second-factor": Shown("/account/second-factor", "chloe"),
    "second-app": Shown("/account/second-factor/app", "denis"),
    "second-app-refused": Shown("/account/second-factor/app", "denis", send, 400),
    "second-sms": Shown("/account/second-factor/further?way=sms", "chloe"),
    "app-passwords": Shown("/account/app-passwords", "chloe"),
    "notices": Shown("/notices", "chloe"),
    "notices-none": Shown("/notices", "elsa"),
    "notices-mail": Shown("/account/notices", "chloe"),
    "unsubscribe": Shown("unsubscribe"),
    "report": Shown("report", "chloe"),
    "report-refused": Shown("report", "chloe", send, 400),
    "reports": Shown("/account/reports", "chloe"),
    "reports-decided": Shown("/account/reports", "denis"),
    "moderate": Shown("/moderate", "bruno"),
    "case": Shown("case", "bruno"),
    "case-refused": Shown("case", "bruno", send, 400),
    "case-decided": Shown("decided", "bruno"),
    "suspend": Shown("/moderate/suspend", "bruno"),
    "suspend-refused": Shown("/moderate/suspend", "bruno", send, 400),
    "suspensions": Shown("/moderate/suspended", "bruno"),
    "erase": Shown("/account/erase", "chloe"),
    "erase-refused": Shown("/account/erase", "chloe", send, 400),
    "space": Shown("/members/chloe", "chloe"),
    "member": Shown("/members/denis", "chloe"),
    "space-full": Shown("/members/ines", "ines"),
    "space-edit": Shown("/members/ines", "ines", edit_in_place),
    "space-visit": Shown("/members/ines", "denis"),
    "space-stranger": Shown("/members/ines"),
    "space-seen-as": Shown("/members/ines?as=member", "ines"),
    "space-contacts": Shown("/members/ines/contacts", "ines"),
    "element-new": Shown("/members/ines/add?kind=phone", "ines"),
    "element-refused": Shown("/members/ines/add?kind=web", "ines", send, 400),
    "element-picture": Shown("/members/chloe/add?kind=picture", "chloe"),
    "forums": Shown("/forums", "chloe"),
    "forum": Shown("/forums/general", "chloe"),
    "forum-empty": Shown("/forums/jardin", "chloe"),
    "topic": Shown("topic", "chloe"),
    "topic-refused": Shown("topic", "chloe", press("#reply button[name=post]"), 400),
    "topic-long": Shown("long", "chloe"),
    "topic-locked": Shown("locked", "chloe"),
    "topic-moderated": Shown("topic", "bruno"),
    "topic-hidden": Shown("hidden", "bruno"),
    "forum-hidden": Shown("/forums/general/hidden", "bruno"),
    "topic-quoting": Shown("latest", "chloe"),
    "topic-hide": Shown("hide", "bruno"),
    "topic-move": Shown("move", "bruno"),
    "topic-move-refused": Shown("move", "bruno", send, 400),
    "forums-settings": Shown("/account/forums", "denis"),
    "forums-feed": Shown("/account/forums", "chloe", press("main [name=feed]")),
    "new": Shown("/forums/general/new", "chloe"),
    "new-refused": Shown("/forums/general/new", "chloe", send, 400),
    "edit": Shown("edit", "chloe"),
    "edit-preview": Shown("edit", "chloe", preview),
    "messages": Shown("/messages", "chloe"),
    "messages-none": Shown("/messages", "hugo"),
    "messages-archived": Shown("/messages/archived", "chloe"),
    "messages-requests": Shown("/messages/requests", "denis"),
    "messages-new": Shown("/messages/new?to=denis", "elsa"),
    "messages-search": Shown("/messages/search?q=composteur", "chloe"),
    "messages-settings": Shown("/account/messages", "chloe"),
    "messages-settings-refused": Shown("/account/messages", "chloe", name_nobody, 400),
    "talk": Shown("talk", "chloe"),
    "talk-several": Shown("talk-several", "chloe"),
    "talk-refused": Shown("talk", "chloe", press("#say button[name=send]"), 400),
    "talk-request": Shown("talk-request", "denis"),
    "talk-about": Shown("talk-about", "chloe"),
    "talk-report": Shown("talk-report", "chloe"),
    "comments": Shown("/members/denis/comments", "chloe"),
    "comments-stranger": Shown("/members/denis/comments"),
    "comments-owner": Shown("/members/denis/comments", "denis"),
    "comments-moderated": Shown("/members/denis/comments", "bruno"),
    "comments-refused": Shown(
        "/members/denis/comments", "chloe", press("#comment button[name=post]"), 400
    ),
    "comments-on": Shown("comments-on", "chloe"),
    "comments-settings": Shown("/account/comments", "denis"),
    "comments-rules": Shown("comments-rules", "denis"),
    "comments-waiting": Shown("/members/denis/comments/waiting", "denis"),
    "comment-reply": Shown("comment-reply", "denis"),
    "comment-edit": Shown("comment-edit", "chloe"),
    "comment-hide": Shown("comment-hide", "bruno"),
    "articles": Shown("/articles", "chloe"),
    "articles-stranger": Shown("/articles"),
    "articles-narrow": Shown("/articles?tag=fenetres&language=fr", "chloe"),
    "articles-none": Shown("/articles?tag=rien", "chloe"),
    "articles-of": Shown("/members/chloe/articles", "denis"),
    "article": Shown("article-article", "denis"),
    "article-stranger": Shown("article-article"),
    "article-own": Shown("article-article", "chloe"),
    "article-own-draft": Shown("article-draft-of", "chloe"),
    "article-unpublished": Shown("article-draft", "chloe"),
    "article-scheduled": Shown("article-later", "chloe"),
    "article-write": Shown("/articles/write", "elsa"),
    "article-write-refused": Shown("/articles/write", "elsa", press("main [name=go_on]"), 400),
    "article-write-preview": Shown("/articles/write", "hugo", preview_article),
    "article-edit": Shown("article-edit-of", "chloe"),
    "article-publish": Shown("article-publish-new", "chloe"),
    "article-publish-refused": Shown("article-publish-new", "chloe", show_to_all_articles, 400),
    "article-versions": Shown("article-versions-of", "chloe"),
    "article-compared": Shown("article-versions-of", "chloe", press("main li a.btn")),
    "article-translations": Shown("article-translations-of", "chloe"),
    "articles-drafts": Shown("/articles/drafts", "chloe"),
    "articles-drafts-none": Shown("/articles/drafts", "elsa"),
    "articles-settings": Shown("/account/articles", "chloe"),
    "articles-feed": Shown("/account/articles", "denis", press("main [name=feed]")),
    "articles-upload": Shown("/account/articles/upload", "chloe"),
    "messages-new-refused": Shown("/messages/new", "elsa", press("main [name=send]"), 400),
    "disk": Shown("/members/chloe/disk", "chloe"),
    "disk-begin": Shown("/disk", "elsa"),
    "disk-visit": Shown("/members/chloe/disk", "denis"),
    "disk-stranger": Shown("/members/chloe/disk"),
    "disk-shared": Shown("/disk/shared", "denis"),
    "disk-shared-none": Shown("/disk/shared", "hugo"),
    "disk-folder": Shown("disk-folder", "chloe"),
    "disk-folder-grid": Shown("disk-folder-grid", "chloe"),
    "disk-folder-guest": Shown("disk-folder", "denis"),
    "disk-folder-stranger": Shown("disk-folder"),
    "disk-folder-empty": Shown("disk-empty", "chloe"),
    "disk-folder-new": Shown("disk-folder-of", "chloe"),
    "disk-folder-new-refused": Shown("disk-folder-of", "chloe", send, 400),
    "disk-rename": Shown("disk-rename-of", "chloe"),
    "disk-rename-refused": Shown("disk-rename-of", "chloe", call_it_a_path, 400),
    "disk-upload": Shown("disk-upload-of", "chloe"),
    "disk-uploads": Shown("/disk/uploads", "chloe"),
    "disk-uploads-own": Shown("/disk/uploads", "hugo"),
    "disk-copies": Shown("/disk/copies", "chloe"),
    "disk-copies-none": Shown("/disk/copies", "elsa"),
    "disk-file": Shown("disk-file", "chloe"),
    "disk-file-stranger": Shown("disk-file"),
    "disk-file-picture": Shown("disk-picture", "denis"),
    "disk-file-hidden": Shown("disk-hidden", "chloe"),
    "disk-file-moderated": Shown("disk-hidden", "bruno"),
    "disk-file-worked": Shown("disk-worked", "chloe"),
    "disk-versions": Shown("disk-versions-of", "chloe"),
    "disk-replace": Shown("disk-replace-of", "chloe"),
    "disk-share": Shown("disk-share-of", "chloe"),
    "disk-share-refused": Shown("disk-share-private", "chloe", show_to_all_files, 400),
    "disk-place": Shown("disk-place-of", "chloe"),
    "disk-trash": Shown("/members/chloe/disk/trash", "chloe"),
    "disk-links": Shown("disk-links-of", "chloe"),
    "disk-links-made": Shown("disk-links-of", "chloe", press("main [name=make]")),
    "disk-my-links": Shown("/members/chloe/disk/links", "chloe"),
    "disk-link": Shown("disk-link"),
    "disk-link-closed": Shown("disk-link-closed"),
    "disk-link-refused": Shown("disk-link-closed", act=mistype, status=400),
    "disk-link-nothing": Shown("/disk/link?key=rien", status=404),
    "contacts": Shown("/contacts", "chloe"),
    "contacts-empty": Shown("/contacts", "bruno"),
    "ask": Shown("/contacts/ask", "chloe"),
    "ask-refused": Shown("/contacts/ask", "chloe", send, 400),
    "directory": Shown("/members", "chloe"),
    "directory-stranger": Shown("/members"),
    "member-asking": Shown("/members/gaelle", "chloe"),
    "member-asked": Shown("/members/hugo", "chloe"),
    "member-blocked": Shown("/members/ines", "chloe"),
    "member-unknown": Shown("/members/elsa", "chloe"),
    "audience": Shown("audience", "chloe"),
    "audience-refused": Shown("audience", "chloe", show_to_all, 400),
    "who": Shown("who", "chloe"),
    "operate": Shown("/operate", "agathe"),
    "plugins": Shown("/operate/plugins", "agathe"),
    "jobs": Shown("/operate/jobs", "agathe"),
    "operate-members": Shown("/operate/members", "agathe"),
    "invitations": Shown("/operate/invitations", "agathe"),
    "storages": Shown("/operate/storages", "agathe"),
    "health": Shown("/operate/health", "agathe"),
    "statistics": Shown("/operate/statistics", "agathe"),
    "cases": Shown("/operate/cases", "agathe"),
    "cases-new": Shown("/operate/cases/new", "agathe"),
    "cases-refused": Shown("/operate/cases/new", "agathe", send, 400),
    "requests": Shown("/operate/requests", "agathe"),
    "manage": Shown("/forums/manage", "agathe"),
    "manage-refused": Shown("/forums/manage", "agathe", send, 400),
    "settings": Shown("/forums/jardin/settings", "agathe"),
    **mail.pages(Shown, send),
    **texting.pages(Shown, send),
    **text_operating.pages(Shown, send),
    **proving.pages(Shown, send, name_nobody),
}


# Seen by every run; the other pages are seen where slow tests run.
FIRST = """
    welcome login-refused join home account forum topic new-refused case comments talk messages
    disk-folder mail-inbox mail-read-html
"""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes ``shown`` once for each of PAGES."""
    if "shown" in metafunc.fixturenames:
        marks = {name: [] if name in FIRST.split() else [pytest.mark.slow] for name in PAGES}
        pages = [pytest.param(page, id=name, marks=marks[name]) for name, page in PAGES.items()]
        metafunc.parametrize("shown", pages)


class Site:
    """The site, and the addresses of what lies in it."""

    def __init__(self, folder: Any) -> None:
        self.paths: dict[str, str] = {}
        self.server = Server(folder, " ".join(PLUGINS), **SETTINGS)
        mail.certify(folder)
        house = House(folder, PLUGINS, {"communicate.mode": "testing", **SETTINGS})
        self.uids = {
            login: house.member(login, *filter(None, [group])) for login, group in PEOPLE.items()
        }
        self.heard = Heard()
        with self.heard.sealing():
            house.work(self.furnish)
            house.work(self.introduce)
            house.work(self.say)
            house.work(self.begin)
            house.work(self.hand_out)
            house.work(self.complain)
            house.work(self.comment)
            house.work(self.talk)
            house.work(lambda request: articles.wash(self, request))
            house.work(lambda request: articles.write(self, request, drawn(900, 600).getvalue()))
            house.work(lambda request: disk.keep(self, request, drawn(600, 400).getvalue()))
            house.work(lambda request: mail.keep(self, request, drawn(600, 400).getvalue()))
            house.work(lambda request: texting.keep(self, request))
            house.work(lambda request: text_operating.keep(self, request))
            house.work(lambda request: proving.keep(self, request))
        house.close()
        self.server.start()
        self.server.client().submit("/reset", login="limite")  # the only one within the limit
        self.sessions = Sessions(self.server)

    def furnish(self, request: Any) -> None:
        """Make forums, and topics in every state."""
        from communicate_forums.interfaces import IForums, IRemovals
        from communicate_forums.services import forums_of

        words, uids = request.find_service(IForums), self.uids
        general = forums_of(request)["general"]
        words.add_forum("jardin", "Jardin", description="Semis et arrosage", category="Dehors")

        def reply(topic: Any, author: str, body: str) -> Any:
            time.sleep(0.002)  # the order of posts is that of their milliseconds
            return words.reply(topic, uids[author], body)

        def topic(name: str, author: str, **states: bool) -> Any:
            post = words.open_topic(general, uids[author], WORDS["title"], WORDS["first"])
            made = post.__parent__
            for state, value in states.items():
                setattr(made, state, value)
            self.paths[name] = words.path(made)
            return made

        talk = topic("topic", "denis")
        own = reply(talk, "chloe", WORDS["answer"])
        gone = reply(talk, "elsa", "Trop tard.")
        hidden = reply(talk, "elsa", "Une colère.")
        words.edit(own, WORDS["answer"])
        long = topic("long", "chloe")
        for number in range(12):
            reply(long, ("denis", "elsa", "chloe")[number % 3], f"Parcelle {number}.")
        topic("locked", "denis", locked=True)
        removals = request.find_service(IRemovals)
        removals.set_hidden(topic("hidden", "denis"), True)
        removals.set_hidden(hidden, True)
        removals.delete(gone)
        topic("pinned", "elsa").set_pinned(True)
        talk.answer = own.id
        base = f"/forums/general/{talk.__name__}"
        self.paths |= {name: f"{base}/{name}" for name in ("hide", "move", "latest")}
        quote = f"[quote:{own.__name__}:0-20]\n[quote:{gone.__name__}]\n@chloe, [ici](/help)"
        reply(talk, "denis", quote)
        self.paths["edit"] = f"/forums/general/{talk.__name__}/{own.__name__}/edit"

    def introduce(self, request: Any) -> None:
        """Have people know each other, ask, block, and be in the directory."""
        from communicate.audience import MEMBERS, PUBLIC, Audience
        from communicate.interfaces import IAudiences, IContacts, IMembers
        from communicate.principals import circle, member
        from communicate.profile.interfaces import IProfiles

        contacts, uids = request.find_service(IContacts), self.uids
        chloe = uids["chloe"]
        for login in ("denis", "farid"):
            contacts.request(uids[login], chloe)
            contacts.accept(chloe, uids[login])
        number = contacts.make_circle(chloe, CIRCLE)
        contacts.put(chloe, number, uids["denis"])
        contacts.request(uids["gaelle"], chloe, NOTE)
        contacts.request(chloe, uids["hugo"])
        contacts.block(chloe, uids["ines"])
        profiles, members = request.find_service(IProfiles), request.find_service(IMembers)
        seen = {"denis": PUBLIC, "elsa": MEMBERS, "chloe": MEMBERS}
        for login, audience in seen.items():
            place = profiles.stand(members.by_uid(uids[login]), "directory")
            request.find_service(IAudiences).choose(place, audience)
        place = profiles.stand(members.by_uid(chloe), "counts")
        chosen = Audience("chosen", [circle(number), member(uids["elsa"])])
        request.find_service(IAudiences).choose(place, chosen)
        self.paths["audience"] = f"{request.resource_path(place)}audience"
        self.paths["who"] = f"{request.resource_path(place)}who"

    def say(self, request: Any) -> None:
        """Have Inès say something of each kind, and show each to somebody else."""
        from communicate.audience import LEVELS, Audience
        from communicate.interfaces import IMembers
        from communicate.pictures import recode
        from communicate.profile.interfaces import IProfiles
        from communicate.profile.kinds import STANDING

        profiles = request.find_service(IProfiles)
        ines = request.find_service(IMembers).by_uid(self.uids["ines"])
        for number, (kind, given) in enumerate(SAID.items()):
            audience = Audience(LEVELS[4 - number % 5], [])
            profiles.add(ines, kind, {**given, "audience": audience})
        picture = recode(drawn(600, 400))
        public = Audience("public")
        profiles.add(ines, "picture", {"picture": picture, "audience": public})
        for kind in STANDING:
            profiles.limit(profiles.stand(ines, kind), public)
        profiles.arrange(ines, [("forums.latest", True)])

    def begin(self, request: Any) -> None:
        """Let Denis begin a topic, with a picture and a file."""
        from communicate.writing.interfaces import IAttachments, IDrafts

        drafts, attachments = (request.find_service(one) for one in (IDrafts, IAttachments))
        uid, place = self.uids["denis"], "/forums/general/new"
        drafts.keep(uid, place, {"title": "La serre", "body": "Voici où nous en sommes."})
        draft = drafts.made(uid, place)
        self.paths["draft"] = f"/account/drafts/words/{drafts.of(uid, place).key}"
        attachments.put(draft, uid, "serre.jpg", drawn(600, 400).getvalue())
        attachments.put(draft, uid, "plan de la serre.pdf", b"%PDF-1.4")

    def complain(self, request: Any) -> None:
        """Let Chloé report what others wrote, and Bruno decide about one of the reports."""
        from communicate.ids import encode
        from communicate.interfaces import IMembers
        from communicate.notifications import doors
        from communicate.notifications.services import make_inbox
        from communicate.reports.interfaces import IReports

        members, reports = request.find_service(IMembers), request.find_service(IReports)
        forums, chloe = request.site["forums"], self.uids["chloe"]
        request.member = members.by_login("chloe")
        mine = {login: [] for login in ("denis", "elsa", "chloe")}
        for topic in forums.topics.values():
            login = next(name for name in mine if self.uids[name] == topic.owner)
            mine[login].append(topic.id)
        for number in mine["denis"][:2]:
            reports.report("forums.post", forums.post(number), "hurtful", "Ce n’est pas juste.")
        request.member = members.by_login("bruno")
        first, second = reports.queue()
        reports.decide(first, "warn", "On se parle autrement ici.")
        self.paths["decided"] = f"/moderate/{encode(first.id)}"
        self.paths["case"] = f"/moderate/{encode(second.id)}"
        self.paths["report"] = f"/report/forums.post/{encode(mine['elsa'][0])}"
        secret = doors.secret_of(request, chloe, make_inbox(request, chloe))
        self.paths["unsubscribe"] = f"/unsubscribe?token={secret}"

    def talk(self, request: Any) -> None:
        """Have Chloé talk with Denis, with several, and a stranger ask Denis."""
        from communicate.audience import MEMBERS
        from communicate_messages.interfaces import ILife, IMessages, IRemovals

        words, uids = request.find_service(IMessages), self.uids
        chloe, denis, farid = (uids[login] for login in ("chloe", "denis", "farid"))
        first = words.start(chloe, [denis], "Tu gardes la clé du **composteur** en mai\u202f?")
        two, base = first.__parent__, f"/messages/{first.__parent__.__name__}"
        quote = f"[quote:{first.__name__}]\n\nOui, voici la liste :\n\n- mercredi\n- samedi"
        answer = words.say(two, denis, quote)
        request.find_service(IRemovals).delete(words.say(two, denis, "Une erreur."))
        words.say(two, chloe, "Parfait.")
        several = words.start(chloe, [denis, farid], "Qui vient samedi ?", "La serre").__parent__
        words.say(several, denis, "Moi.")
        words.say(several, farid, "Moi aussi, avec `les vis`.")
        request.find_service(ILife).propose(several, farid, 7 * 86_400)
        request.site["messages"].box(denis).open_to = MEMBERS
        asked = words.start(
            uids["elsa"], [denis], "Bonjour, vous prêtez une échelle\u202f?"
        ).__parent__
        self.paths["talk"] = base
        self.paths["talk-several"] = f"/messages/{several.__name__}"
        self.paths["talk-about"] = f"/messages/{several.__name__}/about"
        self.paths["talk-request"] = f"/messages/{asked.__name__}"
        self.paths["talk-report"] = f"{base}/report?message={answer.__name__}"

    def comment(self, request: Any) -> None:
        """Have Denis's space commented, in every state."""
        from communicate.audience import MEMBERS, PUBLIC
        from communicate.ids import encode
        from communicate.interfaces import IMembers
        from communicate.profile.interfaces import IProfiles
        from communicate_spaces.interfaces import ICommenting, ICommentRemovals, IRules

        rules, words = request.find_service(IRules), request.find_service(ICommenting)
        removals, uids = request.find_service(ICommentRemovals), self.uids
        denis, profiles = request.find_service(IMembers).by_uid(uids["denis"]), IProfiles
        rules.open_space(denis.uid, PUBLIC, MEMBERS, approval=False)
        given = {"value": "la taille des haies", "audience": PUBLIC}
        hedge = request.find_service(profiles).add(denis, "interest", given)
        request.find_service(profiles).arrange(denis, [("comments", True)])
        thread, tree = rules.thread(rules.wall(denis.uid)), rules.thread(hedge)
        first = words.add(thread, uids["elsa"], "Merci pour **les boutures** !\n\n- sauge\n- thym")
        words.add(thread, uids["denis"], "Avec plaisir, @elsa.", first)
        own = words.add(thread, uids["chloe"], "Et pour le composteur ?")
        words.edit(own, "Et pour le composteur, qui a la clé ?")
        hidden = words.add(thread, uids["elsa"], "Une autre colère.")
        removals.set_hidden(hidden, True)
        words.add(tree, uids["chloe"], "Au printemps, ou à l’automne ?")
        wall = rules.wall(denis.uid)
        wall.approval = True
        words.add(thread, uids["chloe"], "Une question qui attend")
        path = f"/members/denis/comments/{thread.__name__}"
        self.paths["comments-on"] = f"/comments/on/{encode(hedge.id)}"
        self.paths["comments-rules"] = f"/account/comments/{encode(hedge.id)}"
        self.paths["comment-reply"] = f"{path}/{first.__name__}/reply"
        self.paths["comment-edit"] = f"{path}/{own.__name__}/edit"
        self.paths["comment-hide"] = f"{path}/{own.__name__}/hide"

    def hand_out(self, request: Any) -> None:
        """Make the links that mails would bring."""
        from communicate.accounts import tokens

        links = tokens.Tokens(request)
        newcomer = {"login": "fanny", "address": "fanny@example.org"}
        self.paths["confirm"] = "/confirm?token=" + links.make(tokens.JOIN, newcomer)
        self.paths["invitation"] = "/join?invitation=" + links.make(tokens.INVITATION, newcomer)
        self.paths["new-password"] = "/new-password?token=" + links.make(
            tokens.RESET, {}, self.uids["elsa"]
        )
        self.paths["new-address"] = "/confirm-address?token=" + links.make(
            tokens.ADDRESS, newcomer, self.uids["chloe"]
        )
        self.paths["operator"] = "/first-operator?token=" + links.make(tokens.OPERATOR, {})


@pytest.fixture(scope="session")
def site(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield the served site: `paths`, `server`, and sessions of its people."""
    site = Site(tmp_path_factory.mktemp("browser"))
    yield site
    site.server.stop()


class Lively:
    """A served site whose open pages wait for news, with people of whom three are contacts."""

    def __init__(self, folder: Any) -> None:
        plugins = ("forums", "messages", "email")
        house = House(folder, plugins, {"communicate.mode": "testing"})
        people = ("anouk", "basile", "carla", "chloe", "denis")
        self.uids = {login: house.member(login) for login in people}
        house.work(self.introduce)
        house.close()
        live = f"127.0.0.1:{free_port()}"
        self.server = Server(folder, " ".join(plugins), live_listen=live, **{"email.undo": "0"})
        self.server.start()
        self.sessions = Sessions(self.server)

    def introduce(self, request: Any) -> None:
        """Have Anouk, Basile and Carla know each other; Chloé and Denis have opened their mail."""
        from communicate.interfaces import IContacts
        from communicate_email.interfaces import IMailStore

        contacts, uids = request.find_service(IContacts), self.uids
        for login in ("chloe", "denis"):
            request.find_service(IMailStore).opened(uids[login])
        for one, other in (("anouk", "basile"), ("anouk", "carla"), ("basile", "carla")):
            contacts.request(uids[one], uids[other])
            contacts.accept(uids[other], uids[one])


@pytest.fixture(scope="session")
def lively(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lively]:
    """Yield the served site whose open pages wait for news: `server`, and `sessions` on it."""
    lively = Lively(tmp_path_factory.mktemp("lively"))
    yield lively
    lively.server.stop()


Visit = Callable[..., Any]


@pytest.fixture
def visit(windows: Windows, site: Site) -> Visit:
    """Return what opens windows: ``visit("en", "chloe", width=390, scheme="dark")``.

    Whatever goes wrong on a page that was visited fails the test.
    """

    def open_window(language: str = "fr", login: str | None = None, **look: Any) -> Any:
        page = windows.open(site.server.url, language, **look)
        page.context.add_cookies(site.sessions.brought(language, login))
        page.context.on("request", site.heard.asked)
        return page

    return open_window


@pytest.fixture
def see(visit: Visit, windows: Windows, site: Site) -> Iterator[Visit]:
    """Yield what opens one of PAGES: ``see(shown, "en", width=390, script=SHIFTS)``.

    A page that is only looked at is opened in a window that an earlier test left: see `take`. One
    where something is done, or typed, has a window of its own.
    """
    taken = []

    def look_at(shown: Shown, language: str = "fr", *, script: str = "", **look: Any) -> Any:
        if shown.act is not None:
            page = visit(language, shown.login, **look)
            if script:
                page.context.add_init_script(script)
        else:
            page = windows.take(site.server.url, language, script=script, **look)
            page.context.add_cookies(site.sessions.brought(language, shown.login))
            page.context.on("request", site.heard.asked)
            taken.append(page.context)
        return shown.open(page, site)

    yield look_at
    for context in taken:
        context.remove_listener("request", site.heard.asked)


RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="session")
def judged() -> Any:
    """Return what says which rules a page breaks, and where: nothing for a good one."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def judge(page: Any) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe.axe_script)
        found = page.evaluate("options => axe.run(options).then(said => said.violations)", RULES)
        return [
            f"{rule['id']} ({rule['impact']}): {node['html'][:200]}: {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"]
        ]

    return judge
