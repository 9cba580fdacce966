"""Invented phones are nobody's: set aside for fiction, or in no plan of any country."""

import re

import phonenumbers

from core.privacy.digits import only_digits
from core.privacy.substitutes.phones import _COUNTRIES
from tests.core.test_substitutes import of

SET_ASIDE = "|".join(
    ["1[2-9]\\d\\d55501\\d\\d"]
    + [country.code + form.replace("#", "\\d") for country in _COUNTRIES for form in country.mobile + country.fixed]
)
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


def test_a_phone_of_no_country_with_numbers_for_fiction_is_in_no_plan_and_keeps_country_and_length():
    fiction = {1, 33, 44, 46, 49, 61, 353}
    examples = [(region, phonenumbers.example_number_for_type(region, kind)) for region in REGIONS for kind in (0, 1)]
    values = [
        (number, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
        for _, number in examples
        if number and number.country_code not in fiction
    ]
    new = of(*(("PHONE", written) for _, written in values))
    for (number, written), other in zip(values, new, strict=True):
        made = phonenumbers.parse(other)
        assert (made.country_code, phonenumbers.is_valid_number(made)) == (number.country_code, False), other
        # The plans of Uruguay, Tajikistan and Norfolk Island may have numbers with 000, so that longer ones are needed.
        if number.country_code not in (598, 672, 992) and len(str(number.national_number)) > 5:
            assert len(only_digits(other)) == len(only_digits(written)), (written, other)


def test_a_phone_without_a_country_is_in_no_plan_wherever_it_is_dialled():
    values = [("PHONE", "612345678901234"[:length]) for length in range(7, 11)]
    values += [("PHONE", text) for text in ("98701 23456", "12 34 56 78", "8 (912) 345-67-89", "02 555 12 34")]
    for new in of(*values):
        valid = {region for region in REGIONS if is_phone(new, region)}
        assert valid <= {"UY", "TJ"}, (new, valid)


def test_a_phone_written_at_home_is_in_no_plan_of_a_country_that_writes_its_own_so():
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
    national = phonenumbers.PhoneNumberFormat.NATIONAL
    examples = [phonenumbers.example_number_for_type(region, kind) for region in REGIONS for kind in kinds]
    values = sorted({phonenumbers.format_number(number, national) for number in examples if number})
    values = [value for value in values if len(only_digits(value)) > 6]
    for value, new in zip(values, of(*(("PHONE", value) for value in values)), strict=True):
        if "+" in new:
            assert re.fullmatch(SET_ASIDE, only_digits(new)) or not is_phone(new, None), (value, new)
        elif not re.fullmatch(r"1?[2-9]\d\d55501\d\d", only_digits(new)):
            valid = {region for region in REGIONS if is_phone(new, region)}
            assert valid <= {"UY", "TJ"}, (value, new, valid)


def is_phone(text, region):
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, region))
    except phonenumbers.NumberParseException:
        return False


def test_no_phone_of_north_america_is_in_an_area_of_free_phones():
    areas = {new[:3] for new in of(*(("PHONE", f"415-555-{i:04d}") for i in range(2000, 4000)))}
    assert not areas & {"800", "833", "844", "855", "866", "877", "888", "900"}


def test_what_is_called_a_phone_by_hand_and_is_none_still_becomes_something_else():
    values = [("PHONE", text) for text in ("+", "+abc", "()", "ext. 5", "\n0\n", "00", "+0", "٠", "x" * 300)]
    for (_, value), new in zip(values, of(*values), strict=True):
        assert new != value
