"""Deleting a message or a conversation, and taking that back."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import DELETE, VIEW
from communicate.web import notices
from communicate.web.notices import Undo
from communicate_sms.content import Message, Received, Talk
from communicate_sms.interfaces import ITexts
from communicate_sms.permissions import UNDO
from communicate_sms.views.talk import path_of, talk_of

_ = TranslationStringFactory("communicate_sms")


@view_config(context=Message, permission=VIEW, request_method="GET")
@view_config(context=Received, permission=VIEW, request_method="GET")
def permalink(context: Message | Received, request: Request) -> HTTPSeeOther:
    """Lead to the conversation, where the message stands."""
    return HTTPSeeOther(f"{path_of(request, talk_of(context))}#{context.__name__}")


@view_config(context=Message, name="delete", permission=DELETE, request_method="POST")
@view_config(context=Received, name="delete", permission=DELETE, request_method="POST")
def delete(context: Message | Received, request: Request) -> HTTPSeeOther:
    """Delete a message: what has not left does not.  For ten seconds it can be taken back."""
    path = path_of(request, talk_of(context))
    _delete(request, context, _("Message deleted."), f"{path}/{context.__name__}/undo")
    return HTTPSeeOther(path)


@view_config(context=Talk, name="delete", permission=DELETE, request_method="POST")
def delete_talk(context: Talk, request: Request) -> HTTPSeeOther:
    """Delete a conversation; for ten seconds that can be taken back."""
    path = path_of(request, context)
    _delete(request, context, _("Conversation deleted."), f"{path}/undo")
    return HTTPSeeOther(path.rpartition("/")[0])


def _delete(request: Request, thing: Any, said: Any, undo: str) -> None:
    request.find_service(ITexts).delete(thing)
    notices.give(request, said, undo=Undo(undo, {}))


@view_config(context=Message, name="undo", permission=UNDO, request_method="POST")
@view_config(context=Received, name="undo", permission=UNDO, request_method="POST")
def undo(context: Message | Received, request: Request) -> HTTPSeeOther:
    """Show the message again."""
    request.find_service(ITexts).undo(context)
    notices.give(request, _("The message is back."))
    return HTTPSeeOther(path_of(request, talk_of(context)))


@view_config(context=Talk, name="undo", permission=UNDO, request_method="POST")
def undo_talk(context: Talk, request: Request) -> HTTPSeeOther:
    """Show the conversation again."""
    request.find_service(ITexts).undo(context)
    notices.give(request, _("The conversation is back."))
    return HTTPSeeOther(path_of(request, context))
