"""Phone numbers: many spellings in, E.164 out (Google's metadata, `phonenumberslite`)."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from takatuf.kernel.text.digits import MARKS, western
from takatuf.kernel.text.problems import Unreadable

ALLOWED = re.compile(r"\+?[0-9]+")
PUNCTUATION = re.compile(r"[().\-–—‐‑/\u00a0 ]+")
SEVERAL = re.compile(r"\d[\d\s\-]{6,}[/،,;؛|&\n\r]+\s*\+?\d[\d\s\-]{6,}")
SAUDI_MOBILE = re.compile(r"\+9665[0-9]{8}")
SAUDI_MOBILE_MEANT = re.compile(r"\+9660?(5[0-9]*)")  # with its 0 where digits are missing
SAUDI_MOBILE_DIGITS = 9
MOBILE_KINDS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
REASONS = {
    phonenumbers.ValidationResult.TOO_SHORT: "phone_too_short",
    phonenumbers.ValidationResult.TOO_LONG: "phone_too_long",
}


def to_e164(text: object, region: str = "SA", *, mobile: bool = False) -> str:
    """``٠٥٥٣٦٤٠٥٢٥``, ``00966 55…``, ``966-55…``, ``553640525`` → ``+966553640525``.

    :param region: the country of numbers written without a code.
    :param mobile: accept only numbers that can receive a text message.
    :raises Unreadable: ``empty``; ``phone_several`` for two numbers in one place;
        ``phone_characters``; ``phone_too_short``; ``phone_too_long``; ``phone_unknown`` if no
        operator has such a number; ``phone_not_mobile``.

    Every Saudi number that begins with 5 is a mobile number: ranges are handed to operators
    faster than tables of them are renewed, and a true number must not be refused.
    """
    number = _parse(text, region)
    found = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if SAUDI_MOBILE.fullmatch(found):
        return found
    if meant := SAUDI_MOBILE_MEANT.fullmatch(found):
        short = len(meant[1]) < SAUDI_MOBILE_DIGITS
        raise Unreadable("phone_too_short" if short else "phone_too_long", text)
    if not phonenumbers.is_valid_number(number):
        reason = phonenumbers.is_possible_number_with_reason(number)
        raise Unreadable(REASONS.get(reason, "phone_unknown"), text)
    if mobile and phonenumbers.number_type(number) not in MOBILE_KINDS:
        raise Unreadable("phone_not_mobile", text)
    return found


def _parse(text: object, region: str) -> phonenumbers.PhoneNumber:
    typed = western(str(text)).replace("＋", "+").strip()
    if SEVERAL.search(typed):
        raise Unreadable("phone_several", text)
    plain = PUNCTUATION.sub("", MARKS.sub("", typed.removesuffix(".0")))
    if plain.endswith("+"):  # right-to-left typing leaves the sign behind the number
        plain = "+" + plain[:-1]
    if not plain:
        raise Unreadable("empty", text)
    if not ALLOWED.fullmatch(plain):
        raise Unreadable("phone_characters", text)
    try:
        return phonenumbers.parse(plain, region)
    except NumberParseException as problem:
        long = problem.error_type == NumberParseException.TOO_LONG
        short = problem.error_type in (
            NumberParseException.TOO_SHORT_NSN, NumberParseException.TOO_SHORT_AFTER_IDD,
            NumberParseException.NOT_A_NUMBER,
        )  # fmt: skip
        kind = "phone_too_long" if long else "phone_too_short" if short else "phone_unknown"
        raise Unreadable(kind, text) from None


def pretty(e164: str, region: str = "SA") -> str:
    """``+966553640525`` → ``055 364 0525`` at home, ``+44 20 7946 0958`` abroad.

    What is not a number comes back as it is. Show it inside ``<bdi dir="ltr">``.
    """
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return e164
    at_home = number.country_code == phonenumbers.country_code_for_region(region)
    shape = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, shape)
