"""What a case names, and forgets."""

from types import SimpleNamespace

import pytest

from communicate.reports.content import Case, Report, Reports

AUTHOR, DISCLOSED, REPORTER, OTHER = 10, 11, 12, 13


@pytest.fixture
def reports():
    """Return reports with one case, in which a reporter discloses what somebody else wrote."""
    found, case = Reports(), Case(1, "kind", 2, AUTHOR)
    found.add(case)
    report = case.reports[REPORTER] = Report(0, "hurtful", None, None)
    report.shown = ((5, SimpleNamespace(uid=DISCLOSED)),)
    for uid in (REPORTER, DISCLOSED):
        found.concern(uid, case)
    return found


def named(reports):
    """Return whose lists have a case."""
    return {uid for uid, cases in reports.people.items() if cases}


class TestWithdraw:
    def test_the_case_is_forgotten_of_all_whom_it_named(self, reports):
        reports.withdraw(reports.cases[1], REPORTER)
        assert not reports.cases
        assert named(reports) == set()

    def test_what_others_have_reported_stays(self, reports):
        case = reports.cases[1]
        case.reports[OTHER] = Report(0, "hurtful", None, None)
        reports.concern(OTHER, case)
        reports.withdraw(case, REPORTER)
        assert named(reports) == {AUTHOR, OTHER}
