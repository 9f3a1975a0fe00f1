"""What spaces, articles and messages hold where hostile visitors come: something in every state.

Inès, the member, owns most of it.  Each function returns the addresses that nobody finds by
following links from the home page.
"""

from datetime import timedelta

from communicate.audience import MEMBERS, PUBLIC
from communicate.clock import now
from communicate.interfaces import IAudiences, IMembers
from communicate.testing.crawl import Form, FormField
from communicate.writing.interfaces import IAttachments, IDrafts
from communicate_articles.interfaces import IArticles
from communicate_articles.interfaces import IRemovals as IArticleRemovals
from communicate_articles.translations import link
from communicate_articles.words import Written
from communicate_messages.interfaces import IMessages
from communicate_messages.interfaces import IRemovals as IMessageRemovals
from communicate_spaces.interfaces import ICommenting, ICommentRemovals, IRules

from .planted_disk import disk
from .planted_mail import mail
from .planted_sms import texts

PLUGINS = ["forums", "spaces", "articles", "messages", "vdisk", "email", "sms"]


def uids_of(request):
    """Return the uids of the people who write here, by login."""
    members = request.find_service(IMembers)
    return {login: members.by_login(login).uid for login in ("ines", "paul", "moira")}


def path_of(request, thing):
    """Return the address of *thing*."""
    return request.resource_path(thing).rstrip("/")


def comments(request):
    """Open the space of Inès; have it commented, one comment hidden and one waiting."""
    uids, rules = uids_of(request), request.find_service(IRules)
    words, removals = request.find_service(ICommenting), request.find_service(ICommentRemovals)
    rules.open_space(uids["ines"], PUBLIC, MEMBERS, approval=False)
    wall = rules.wall(uids["ines"])
    thread = rules.thread(wall)
    first = words.add(thread, uids["paul"], "Merci pour les boutures.")
    own = words.add(thread, uids["ines"], "Avec plaisir.", first)
    removals.set_hidden(words.add(thread, uids["paul"], "Une colère."), True, "", uids["moira"])
    deleted = words.add(thread, uids["ines"], "Une erreur.")
    removals.delete(deleted, uids["ines"])
    wall.approval = True
    waiting = words.add(thread, uids["paul"], "Une question qui attend.")
    pages = ["/members/ines/comments", "/members/ines/comments/waiting", "/account/comments"]
    places = {"Comments": "/comments", "Wall": pages[0], "Thread": path_of(request, thread)}
    places["Comment"] = path_of(request, own)
    more = [f"{places['Comment']}/edit", f"{path_of(request, first)}/reply"]
    more += [path_of(request, first), path_of(request, waiting)]
    return [*pages, *more], places


def articles(request):
    """Have Inès write for everybody, again, for later, in two languages, and begin one."""
    uid, service = uids_of(request)["ines"], request.find_service(IArticles)

    def begin(title, audience, language="fr"):
        text = f"## {title}\n\nUn matin de mars."
        made = service.begin(uid, Written(title, text, "", ("jardin",), language))
        request.find_service(IAudiences).choose(made, audience)
        return made

    out = begin("La haie", PUBLIC)
    service.publish(out)
    for words in ("Un soir de mai.", "Un midi de juin."):
        service.save(out, Written("La haie", words, "", ("jardin",), "fr"))
        service.publish(out)
    service.save(out, Written("La haie", "Une nuit d'août.", "", ("jardin",), "fr"))
    other = begin("The hedge", MEMBERS, "en")
    service.publish(other)
    link(request, out, other)
    later = begin("Demain", PUBLIC)
    service.schedule(later, now(request) + timedelta(days=9))
    begun = begin("Un début", PUBLIC)
    gone = begin("Une erreur", PUBLIC)
    service.publish(gone)
    removals = request.find_service(IArticleRemovals)
    removals.delete(gone)
    hidden = begin("Une colère", PUBLIC)
    service.publish(hidden)
    removals.set_hidden(hidden, True)
    pages = ["/articles", "/articles/drafts", "/articles/write", "/members/ines/articles"]
    views = ("", "/edit", "/versions", "/translations", "/draft", "/publish")
    own = [f"{path_of(request, one)}{view}" for one in (out, later, begun) for view in views[:2]]
    own += [f"{path_of(request, out)}{view}" for view in views[2:]]
    own += [f"{path_of(request, begun)}/publish"]
    places = {"Articles": "/articles", "Shelf": "/members/ines/articles"}
    places["Article"], places["hidden"] = path_of(request, out), path_of(request, hidden)
    more = ["/account/articles", "/account/articles/upload", "/articles?tag=jardin"]
    return [*pages, *own, *more], places


def messages(request):
    """Have Inès talk with Paul and with several, and be asked by Moira."""
    uids, words = uids_of(request), request.find_service(IMessages)
    ines, paul, moira = (uids[login] for login in ("ines", "paul", "moira"))
    first = words.start(ines, [paul], "Qui garde la clé ?")
    two = first.__parent__
    answer = words.say(two, paul, f"[quote:{first.__name__}]\n\nMoi.")
    last = words.say(two, ines, "Merci.")
    request.find_service(IAttachments).put(last, ines, "clé.txt", b"Sous le pot")
    request.find_service(IMessageRemovals).delete(words.say(two, ines, "Une erreur."))
    for uid in (ines, moira):
        request.site["messages"].box(uid).open_to = MEMBERS
    several = words.start(ines, [paul, moira], "Samedi ?", "La serre").__parent__
    asked = words.start(moira, [ines], "Bonjour, vous prêtez une échelle ?").__parent__
    lists = ["", "/archived", "/requests", "/search?q=serre", "/new?to=paul"]
    talk = f"/messages/{two.__name__}"
    pages = [f"/messages{one}" for one in lists]
    pages += [talk, f"/messages/{several.__name__}", f"/messages/{asked.__name__}"]
    pages += [f"{talk}{view}" for view in ("/about", f"/report?message={answer.__name__}")]
    pages += [f"/messages/{several.__name__}/about", "/account/messages"]
    places = {"Messages": "/messages", "Conversation": talk, "Message": f"{talk}/{last.__name__}"}
    places["Event"] = places["Message"]
    return pages, places


def drafts(request):
    """Have Inès begin a topic, with a file, and an article."""
    kept, uid = request.find_service(IDrafts), uids_of(request)["ines"]
    for place in ("/forums/general/new", "/articles/write"):
        kept.keep(uid, place, {"title": "La serre", "body": "Voici."})
    made = kept.made(uid, "/forums/general/new")
    request.find_service(IAttachments).put(made, uid, "plan.txt", b"Le plan")
    return ["/account/drafts"], {}


#: What scripts of ours send without a form: the address, and the names with values they take.
SCRIPTED = {
    "/preview": {"words": "**Oui**", "place": "/forums/general/new"},
    "/articles/preview": {"words": "**Oui**"},
    "{Article}/preview": {"words": "**Oui**"},
    "/account/drafts": {"words.body": "Voici", "place": "/forums/general/new", "once": ""},
    "/account/drafts/files": {"place": "/forums/general/new"},
    "{Directory}/uploads": {},
    "{Directory}/enter": {"name": "Outils"},
    "{Disk}/put-back": {"items": "0000000000000"},
    "/live/ticket": {"since": "1700000000000"},
    "{Account}/unsend": {"number": "0000000000000", "uid": "1"},
    "{Mailbox}/pictures/1": {},
    "{Book}/reach": {"to": "06 12 34 56 78"},
    "{Account}/attach": {"place": "/members/ines/mail/write"},
}


def scripted(token, places):
    """Yield each of them as a form that carries *token*."""
    for address, values in SCRIPTED.items():
        form = Form("/", address.format(**places), "POST")
        for name, value in {"csrf_token": token, **values}.items():
            form.fields.append(FormField(name, "hidden", value))
        yield form


def plant(house):
    """Plant all of it; return addresses to start from, and one of a thing of each class."""
    pages, places = [], {}
    for fill in (messages, comments, articles, drafts, disk, mail, texts):
        found, made = house.work(fill)
        pages += found
        places |= made
    return pages, places
