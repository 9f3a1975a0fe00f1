"""Text on one line keeps what French sets before its marks."""

from communicate.web.plain import on_one_line


def test_white_space_is_one_space_and_none_at_the_ends():
    assert on_one_line(" un\n\n  deux\ttrois \r\n") == "un deux trois"


def test_no_break_spaces_stay_what_they_are():
    assert on_one_line("«\xa0Vous\u202f?\xa0»\n\xa0: non") == "«\xa0Vous\u202f?\xa0» \xa0: non"
