"""What is written at the moment at which that to which it belongs is deleted."""

import pytest

from communicate.profile.interfaces import IProfiles
from communicate_spaces.interfaces import ICommenting, ICommentRemovals, IRules
from communicate_spaces.places import all_in, find_comment, find_thing


def delete(place, element):
    place.do(lambda request: request.find_service(IProfiles).delete(find_thing(request, element)))


@pytest.mark.parametrize("commented", [False, True])
def test_nothing_is_said_on_a_thing_that_goes(place, commented):
    place.open()
    element, tries = place.element(), []
    if commented:
        place.comment("colin", on=element)

    def say(request):
        thing = find_thing(request, element)
        tries.append(thing)
        if thing is None:
            return None
        thread = request.find_service(IRules).thread(thing)
        if len(tries) == 1:
            delete(place, element)
        return request.find_service(ICommenting).add(thread, place.uids["marie"], "Joli").id

    assert place.do(say) is None
    assert len(tries) == 2


@pytest.mark.parametrize("approval", [False, True])
def test_a_comment_that_is_answered_keeps_its_place(place, approval):
    place.open(approval=approval)
    place.comment("olga", "Une autre")
    number = place.comment("olga", "Une question")
    place.act(place.comment("olga", to=number), "destroy")
    answers = []

    def destroy(request):
        comment = find_comment(request, number)
        list(comment.replies)
        list(comment.thread.waiting)
        if not answers:
            answers.append(place.comment("marie", "Une réponse", to=number))
        request.find_service(ICommentRemovals).destroy(comment)

    place.do(destroy)

    def is_reached(request):
        answer = all_in(request).all[answers[0]]
        return answer.thread.comments.get(number) is answer.__parent__

    assert place.do(is_reached)
