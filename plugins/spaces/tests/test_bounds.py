"""Ways around what comments promise: what cannot be commented, approval, notices."""

from communicate.audience import MEMBERS
from communicate.ids import encode
from communicate.interfaces import IAudiences
from communicate.testing.kit import form_with
from communicate_spaces.places import find_thing


def test_a_comment_is_answered_and_not_commented(place):
    place.open()
    number = place.comment("colin", "Un mot.")
    place.open(owner="colin")
    address = f"/comments/write?on={encode(number)}"
    place.click("marie", address, status=404, body="Au second degré.", post="post")


def approving(place, number):
    """Return the form with which olga approves the comment, as it is shown now."""
    page = place.browser("olga").get("/members/olga/comments/waiting")
    address = f"{encode(number)}/approve"
    return next(form for form in page.forms.values() if form.action.endswith(address))


def test_what_was_changed_meanwhile_is_not_approved_unread(place):
    place.open(approval=True)
    number = place.comment("colin", "Un mot poli.")
    form = approving(place, number)
    edit = place.browser("colin").get(f"{place.path(number)}/edit")
    changed = form_with(edit, "body")
    changed["body"] = "Un gros mot."
    changed.submit("post", status=303)
    form.submit(status=303)
    assert place.state(number, lambda comment: comment.waits)
    assert not place.shows("marie", "/members/olga/comments", "gros mot")
    approving(place, number).submit(status=303)
    assert place.shows("marie", "/members/olga/comments", "gros mot")


def test_who_cannot_read_it_any_more_is_told_of_no_reply(place):
    place.open()
    element = place.element(MEMBERS)
    number = place.comment("marie", "Joli.", on=element)
    before = place.unread("marie")
    place.do(
        lambda request: request.find_service(IAudiences).choose(
            find_thing(request, element), place.only("colin")
        )
    )
    place.comment("colin", "Oui.", on=element, to=number)
    assert place.unread("marie") == before
