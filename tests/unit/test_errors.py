from __future__ import annotations

from wlantrack.errors import Conflict, InvalidInput, Message, NotFound, Problem, msg


def test_a_message_fills_its_values_in() -> None:
    assert str(msg("There is no floor %(ref)s.", ref="RH/9")) == "There is no floor RH/9."


def test_a_message_without_values_keeps_its_percent_signs() -> None:
    assert str(msg("100 % covered")) == "100 % covered"


def test_a_message_keeps_template_and_values_apart_for_translation() -> None:
    assert msg("No %(thing)s.", thing="wall") == Message("No %(thing)s.", {"thing": "wall"})


def test_messages_inside_a_message_are_listed_and_translated_with_it() -> None:
    message = msg("Only %(roles)s may.", roles=(msg("planner"), msg("manager"), "x"))
    german = {"planner": "Planung", "manager": "Leitung"}

    assert str(message) == "Only planner, manager, x may."
    assert message.fill("Nur %(roles)s.", lambda part: german[part.text]) == (
        "Nur Planung, Leitung, x."
    )


def test_a_problem_names_file_row_field_value_and_remedy() -> None:
    problem = Problem(
        msg("This is no number."), msg("Write 12.5."), file="a.csv", row=3, field="x_m", value="abc"
    )

    assert str(problem) == "a.csv, row 3, x_m, 'abc': This is no number. Write 12.5."


def test_a_problem_without_a_place_is_its_sentence() -> None:
    assert str(Problem(msg("That did not work."))) == "That did not work."


def test_an_empty_value_is_shown_as_such() -> None:
    assert Problem(msg("Empty."), field="code", value="").place() == "code, ''"


def test_refused_input_lists_every_problem_on_a_line() -> None:
    error = InvalidInput(Problem(msg("One."), row=1), Problem(msg("Two."), row=2))

    assert str(error) == "row 1: One.\nrow 2: Two."
    assert error.message == msg("One.")


def test_a_conflict_tells_who_changed_what() -> None:
    error = Conflict(
        msg("Changed."), changed_by="anna", changed_fields={"name": "new"}, current_version=3
    )

    assert (error.changed_by, error.changed_fields, error.current_version) == (
        "anna",
        {"name": "new"},
        3,
    )
    assert Conflict(msg("Changed.")).changed_fields == {}


def test_other_errors_read_as_their_message() -> None:
    assert str(NotFound(msg("There is no %(what)s.", what="wall"))) == "There is no wall."
