"""The sentence a person sees for text that could not be read."""

from django.utils.translation import gettext_lazy as _

from takatuf.kernel.text.problems import Unreadable

SENTENCES = {
    "empty": _("Fill this in."),
    "not_a_number": _("Write a number, such as 12 or 3.5."),
    "not_whole": _("Write a whole number, such as 12."),
    "not_a_date": _("Write the date as day, month, year: 28/01/2025 or 28/07/1446."),
    "impossible_date": _("No calendar has this date: check the day and the month."),
    "impossible_month": _(
        "Write the day first, then the month: no month comes after the twelfth."
    ),
    "two_digit_year": _("Write the year with four digits, such as 1446 or 2025."),
    "out_of_range": _("This is outside what can be recorded: check the number or the year."),
    "not_a_time": _("Write the time as 16:30 or 4:30 pm."),
    "impossible_time": _("A clock does not show this time: check the hour and the minutes."),
    "no_part_of_day": _(
        "Say of both times whether they are of the morning or the evening, as in 8 am - 8 pm."
    ),
    "not_a_duration": _("Write how long it takes as 3.5, 3:30 or 210 minutes."),
    "control_characters": _(
        "Take out the invisible characters: type this instead of pasting it."
    ),
    "no_letters": _("Write a name in letters."),
    "symbols": _(
        "Write the name in letters, without signs such as < or = and without pictures."
    ),
    "too_long": _("Shorten this."),
    "id_length": _("An identity number has ten digits: check that none is missing or extra."),
    "id_first_digit": _("An identity number begins with 1 or 2: check the first digit."),
    "id_check_digit": _("One digit is wrong: compare the number with the card."),
    "phone_several": _("Write one number only."),
    "phone_characters": _("Write the phone number in digits, such as 0551234567."),
    "phone_too_short": _("Digits are missing: a mobile number looks like 0551234567."),
    "phone_too_long": _("There are too many digits: a mobile number looks like 0551234567."),
    "phone_unknown": _(
        "No operator has this number: check it, and the country code if abroad."
    ),
    "phone_not_mobile": _("Write a mobile number, which can receive a text message."),
}


def explain(problem: Unreadable) -> str:
    """One sentence, in the language of the moment, which says what to change."""
    return str(SENTENCES[problem.kind])
