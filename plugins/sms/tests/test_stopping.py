"""What is understood as STOP, and what is a message like any other."""

import pytest

from communicate_sms.stopping import wants_again, wants_none


@pytest.mark.parametrize(
    "text",
    [
        *(
            "STOP",
            "stop",
            " Stop. ",
            "« Stop » !",
            "\uff33\uff34\uff2f\uff30",
            "stop\n",
            "Stop!!!",
            "STOP 36180",
        ),
        *("Arrêt", "ARRET", "arre\u0302t", "Arrêtez", "Désabonnez-moi", "DÉSINSCRIPTION"),
        *("Unsubscribe", "stop all", "STOPALL", "opt-out", "cancel", "End", "quit"),
        *("baja", "Darse de baja", "ALTO", "abmelden", "Abbestellen", "stopp"),
    ],
)
def test_a_whole_message_that_is_such_a_word_stops(text):
    assert wants_none(text)
    assert not wants_again(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "non stop",
            "stop it",
            "Arrête de rire",
            "I will stop by",
            "the end",
            "stop 2",
            "1 stop",
        ),
        *("STOP" * 20, "стоп", "stop " + "!" * 100, "restart", "arrêt de bus"),
    ],
)
def test_a_message_with_more_in_it_is_a_message(text):
    assert not wants_none(text)
    assert not wants_again(text)


@pytest.mark.parametrize("text", ["START", "start.", " Unstop "])
def test_start_undoes_it(text):
    assert wants_again(text)
