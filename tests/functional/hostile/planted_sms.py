"""What text messages hold where hostile visitors come: conversations in every state."""

import re
from datetime import timedelta

from communicate.audience import CONTACTS
from communicate.clock import milliseconds, now
from communicate.interfaces import IMembers, ISeals
from communicate_sms.books import book_of
from communicate_sms.interfaces import INumbers, ITexts
from communicate_sms.queue import exchange_of
from communicate_sms.reach import ToMember, ToNumber

#: Nothing leaves: no gateway runs; members send as often as they like.
SETTINGS = {
    "sms.ways": "un file path=un.jsonl sender=38000",
    "sms.member_parts": 10_000,
    **dict.fromkeys(("sms.number_limits", "sms.code_limits"), "off"),
    **dict.fromkeys(("sms.address_messages", "sms.address_codes"), "100000/minute"),
}
INES, PAUL, LUCE = "+33612345601", "+33612345602", "+33612345603"


def prove(request, login, number):
    """Have the member *login* prove *number*; return the uid."""
    member, numbers = (
        request.find_service(IMembers).by_login(login),
        request.find_service(INumbers),
    )
    numbers.begin(member, number)
    proving = book_of(request, member.uid).proving
    text = request.find_service(ISeals).text(exchange_of(request).messages[proving.message].text)
    assert numbers.prove(member, re.search(r"\d{6}", text)[0])
    return member.uid


def texts(request):
    """Have Inès write to somebody outside and to Paul, now and later, be answered, and delete."""
    ines, paul = prove(request, "ines", INES), prove(request, "paul", PAUL)
    book_of(request, paul).open_to = CONTACTS
    service, present = request.find_service(ITexts), milliseconds(now(request))
    luce, tomorrow = ToNumber(LUCE), present + timedelta(days=1) // timedelta(milliseconds=1)
    first = service.send(ines, luce, "Qui garde la clé ?")
    later = service.send(ines, luce, "À demain.", tomorrow)
    came = service.receive(ines, luce, "Moi.", present)
    service.delete(service.send(ines, luce, "Une erreur."))
    other = service.send(ines, ToMember(paul), "La serre ?")
    service.receive(ines, ToMember(paul), "Samedi.", present)
    base, talk = "/members/ines/sms", first.__parent__
    path = f"{base}/{talk.__name__}"
    pages = ["/texting", base, f"{base}/new?to=paul", path, f"{base}/{other.__parent__.__name__}"]
    pages += [f"{path}/{later.__name__}/change", "/account/sms", "/account/sms/number"]
    places = {"Exchange": "/texting", "Book": base, "Talk": path}
    places |= {"Message": f"{path}/{later.__name__}", "Received": f"{path}/{came.__name__}"}
    places["Line"] = places["Message"]
    return pages, places
