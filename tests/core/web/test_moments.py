"""A field for a day and an hour, typed as the viewer's clock shows it."""

from datetime import UTC, datetime

import pytest
from pyramid.i18n import TranslationString as Words

from communicate.interfaces import IMembers
from communicate.web import fields
from communicate.web.forms import Form, FormInvalid, Schema


@pytest.fixture
def form(request_with, site):
    """Return what makes the form of somebody in Paris, who posts *at*."""

    def make(at=None, *, folded=False, before=None):
        request = request_with(**({} if at is None else {"at": at}))
        member = request.find_service(IMembers).by_login("claire.morvan")
        member.zone = "Europe/Paris"
        request.member = member
        schema = Schema()
        schema.add(fields.moment(Words("At"), name="at", folded=folded, required=False))
        return Form(schema, request, values={"at": before})

    return make


class TestAMoment:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("2026-11-23T08:30", datetime(2026, 11, 23, 7, 30, tzinfo=UTC)),
            ("2026-07-14T08:30:15", datetime(2026, 7, 14, 6, 30, 15, tzinfo=UTC)),
            ("2026-03-29T02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # left out: 3:30
            ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # twice: the first
        ],
    )
    def test_is_read_in_the_time_zone_of_who_typed_it(self, form, typed, meant):
        assert form(typed).validate()["at"] == meant

    @pytest.mark.parametrize(
        "typed",
        ["demain", "2026-11-23", "2026-11-23T08:30Z", "2026-13-01T00:00", "0001-01-01T00:00"],
    )
    def test_that_is_none_is_refused_with_the_cure(self, form, typed):
        with pytest.raises(FormInvalid) as caught:
            form(typed).validate()
        (messages,) = [messages for _field, messages in caught.value.form.errors]
        assert "2026-11-23T08:30" in str(messages)

    def test_that_is_not_wanted_is_none(self, form):
        assert form("").validate()["at"] is None

    def test_is_shown_as_the_viewers_clock_has_it(self, form):
        shown = form(before=datetime(2026, 11, 23, 7, 30, tzinfo=UTC)).render()
        assert 'type="datetime-local" value="2026-11-23T08:30"' in shown


class TestAFoldedOne:
    def test_is_open_once_there_is_something_in_it(self, form):
        assert "<details" in form(folded=True).render()
        assert "open=" not in form(folded=True).render()
        given = form(folded=True, before=datetime(2026, 11, 23, 7, 30, tzinfo=UTC)).render()
        assert 'open="open"' in given
