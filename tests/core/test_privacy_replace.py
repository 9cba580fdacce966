"""Tags, keyed hashes, values shown in part, folding and known values."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.privacy import KINDS, KnownValues, Span, Tags, find, fold, replace, resolve
from core.privacy.replace import keyed_hash, partial

KEY = b"k" * 32


def test_text_between_the_spans_stays_as_it_is():
    text = "😀 ann@example.com\r\n\tand bob@example.org  é"
    replaced = replace(text, find(text), lambda span, value: "<>")
    assert replaced.text == "😀 <>\r\n\tand <>  é"
    assert [replaced.text[start:end] for start, end in replaced.places] == ["<>", "<>"]


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=8, unique=True))
def test_outside_of_the_spans_every_character_stays(text, cuts):
    cuts = sorted(cut for cut in cuts if cut <= len(text))
    spans = [Span(start, end, "EMAIL", 1.0, "") for start, end in zip(cuts[::2], cuts[1::2], strict=False)]
    replaced = replace(text, spans, lambda span, value: f"<{len(value)}>")
    ends = [0, *(end for span in spans for end in (span.start, span.end)), len(text)]
    new_ends = [0, *(end for place in replaced.places for end in place), len(replaced.text)]
    outside = [text[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)]
    assert [replaced.text[start:end] for start, end in zip(new_ends[::2], new_ends[1::2], strict=True)] == outside


def test_the_same_value_has_the_same_tag_however_it_is_written():
    tags = Tags()
    written = ["Ann@X.de", "bob@x.de", "ann@x.de"]
    assert [tags.tag("EMAIL", value) for value in written] == ["[EMAIL_1]", "[EMAIL_2]", "[EMAIL_1]"]
    assert tags.tag("PHONE", "+1 415-555-2671") == tags.tag("PHONE", "(415) 555 2671") == "[PHONE_1]"


@pytest.mark.parametrize(
    ("text", "kind", "tag"),
    [
        ("see [EMAIL_3] and [PHONE_x]", "EMAIL", "[EMAIL_4]"),
        ("see [CUSTOMER_NO_12]", "CUSTOMER_NO", "[CUSTOMER_NO_13]"),
        ("see [customer_no_12]", "CUSTOMER_NO", "[CUSTOMER_NO_1]"),
        ("see [EMAIL_3f9a2c71b0] and [EMAIL_1234567890]", "EMAIL", "[EMAIL_1]"),
    ],
)
def test_tags_go_on_after_those_already_in_the_text(text, kind, tag):
    assert Tags([text]).tag(kind, "a@b.de") == tag


def test_looking_for_tags_stays_linear():
    started = time.thread_time()
    for text in ("[" * 10_000, "[A" * 5_000, "[A_1" * 2_500, "[" + "A_" * 5_000, "[" + "A" * 10_000):
        Tags([text])
    assert time.thread_time() - started < 0.25


def test_a_keyed_hash_is_the_same_for_a_value_and_hangs_on_the_key():
    first = keyed_hash(KEY, "EMAIL", "Ann@firma.de")
    assert first == keyed_hash(KEY, "EMAIL", "ann@FIRMA.de")
    assert first.startswith("[EMAIL_")
    assert len(first) == len("[EMAIL_]") + 10
    others = [("x" * 32, "EMAIL", "ann@firma.de"), ("k" * 32, "PERSON", "ann@firma.de"), ("k" * 32, "EMAIL", "a@b.de")]
    assert first not in [keyed_hash(key.encode(), kind, value) for key, kind, value in others]
    assert keyed_hash(KEY, "OWN_KIND", "\ud800").startswith("[OWN_KIND_")


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("CARD", "4111 1111 1111 1234", "•••• •••• •••• 1234"),
        ("SSN", "123-45-6789", "•••-••-6789"),
        ("PHONE", "(415) 555-2671", "(•••) •••-2671"),
        ("IBAN", "DE89 3704 0044 0532 0130 00", "•••• •••• •••• •••• ••30 00"),
        ("PASSPORT", "C01X00T", "•••••••"),
        ("BANK", "1234567", "•••••••"),
        ("EMAIL", "anna.k@mail.firma.co.uk", "a•••.•@••••.•••••.••.uk"),
        ("EMAIL", "al@firma.de", "••@•••••.de"),
        ("EMAIL", "anna [at] firma [dot] de", "a••• [at] ••••• [•••] de"),
        ("PERSON", "Eugenie Schottin", "E•••••• S•••••••"),
        ("PERSON", "Al Wu", "•• ••"),
        ("CITY", "Springfield", "S••••••••••"),
        ("ADDRESS", "12 Elm Road", "•• ••• ••••"),
        ("BIRTH_DATE", "12.03.1985", "••.••.1985"),
        ("BIRTH_DATE", "1985-03-12", "1985-••-••"),
        ("DATE", "May 4th", "••• •••"),
        ("AGE", "34", "••"),
        ("SECRET", "hunter2", "••••••••"),
        ("SECRET", "hunter2hunter2", "••••••••"),
        ("SECRET", "sk_live_0123456789abcdef", "••••••••cdef"),
        ("URL_CREDENTIALS", "bob:averylongpassword123", "••••••••"),
        ("CUSTOMER_NO", "KD-00123456", "••-••••3456"),
        ("CUSTOMER_NO", "KD-1", "••-•"),
        ("IP", "::1", "::•"),
        ("PERSON", "...", "•••"),
        ("PERSON", "", "•"),
        ("EMAIL", "no address", "•• •••••••"),
    ],
)
def test_a_value_shown_in_part_hides_most_of_it(kind, value, shown):
    assert partial(kind, value) == shown


@given(st.sampled_from([*KINDS, "OWN"]), st.text(max_size=40))
def test_nothing_is_shown_whole_in_part(kind, value):
    shown = partial(kind, value)
    assert "•" in shown
    assert not value.strip() or shown != value


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("CARD", "4111 1111 1111 1111", "4111-1111-1111-1111"),
        ("PHONE", "+1 (415) 555-2671", "415.555.2671"),
        ("PHONE", "+44 20 7946 0958", "0044 20 79460958"),
        ("IBAN", "DE89 3704 0044 0532 0130 00", "de89370400440532013000"),
        ("SSN", "123-45-6789", "123456789"),
        ("NATIONAL_ID", "529.982.247-25", "52998224725"),
        ("PASSPORT", "c01x00t47", "C01X 00T47"),
        ("MAC", "AA:BB:CC:DD:EE:FF", "aabb.ccdd.eeff"),
        ("EMAIL", "Ann@firma.de", "ann [at] firma [dot] de"),
        ("EMAIL", "ann@firma.de", "ann%40firma.de"),
        ("EMAIL", "ann@firma.de", "ann＠firma.de"),
        ("IP", "2001:DB8:0:0::1", "2001:db8::1"),
        ("URL", "https://www.firma.de/x/", "firma.de/x"),
        ("USERNAME", "@Anna_K", "anna_k"),
        ("PERSON", "Anna \n Karlsson", "ANNA KARLSSON"),
        ("PERSON", "Anna Krämer", "anna KRAEMER"),
        ("PERSON", "José Muñoz", "Jose Munoz"),
        ("PERSON", "D’Angelo", "d'angelo"),
        ("CITY", "København", "Koebenhavn"),
        ("ADDRESS", "Große Straße 5", "GROSSE STRASSE 5"),
        ("OWN_KIND", "ＫＤ　１２", "kd 12"),
    ],
)
def test_two_ways_of_writing_a_value_fold_to_one(kind, one, other):
    assert fold(kind, one) == fold(kind, other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("PERSON", "Anna", "Anne"),
        ("PERSON", "Krämer", "Kramer"),
        ("PERSON", "Michael", "Michal"),
        ("PERSON", "Андрей", "Андреи"),
        ("PHONE", "415-555-2671", "415-555-2672"),
        ("IP", "10.0.0.1", "10.0.0.11"),
        ("PASSPORT", "---", ""),
        ("CARD", "card", ""),
        ("EMAIL", "a.b@c.de", "ab@c.de"),
    ],
)
def test_other_values_fold_to_others(kind, one, other):
    assert fold(kind, one) != fold(kind, other)


@given(st.sampled_from([*KINDS, "OWN"]), st.text(max_size=40))
def test_what_is_folded_stays_folded(kind, value):
    folded = fold(kind, value)
    if kind not in ("PHONE", "CARD", "URL", "EMAIL", "USERNAME"):  # which take something away in front
        assert fold(kind, folded) == folded


@pytest.mark.parametrize(
    ("kind", "value", "text", "found"),
    [
        ("EMAIL", "ann@x.de", "To ANN@X.DE!", ["ANN@X.DE"]),
        ("PHONE", "(415) 555-2671", "id 4155552671 and 1-415-555-2671", ["4155552671", "1-415-555-2671"]),
        ("PHONE", "415-555-2671", "(415) 555-2671", ["415) 555-2671"]),
        ("SECRET", "hunter2x", "hunter2xy xhunter2x hunter2x", ["hunter2x"]),
        ("CARD", "4111 1111 1111 1111", "4111111111111111.", ["4111111111111111"]),
        ("SECRET", "İstanbul99", "in İstanbul99 and İstanbul9", ["İstanbul99"]),
        ("SECRET", "short", "short", []),
        ("PHONE", "415-555-2671", "x4155552671 41555526712", []),
    ],
)
def test_known_values_are_found_at_word_limits(kind, value, text, found):
    spans = resolve(KnownValues([(kind, value)]).find(text))
    assert [text[span.start : span.end] for span in spans] == found


def test_a_part_of_a_name_has_the_tag_of_the_whole_unless_two_people_share_it():
    tags = Tags()
    assert [tags.tag("PERSON", name) for name in ("Eugenie Schottin", "Ms Schottin", "EUGENIE", "Ada Berg")] == [
        *["[PERSON_1]"] * 3,
        "[PERSON_2]",
    ]
    first = Tags()
    assert [first.tag("PERSON", name) for name in ("Ada", "Ada Berg", "Ada Lund", "Ada")] == [
        *["[PERSON_1]"] * 2,
        "[PERSON_2]",
        "[PERSON_1]",
    ]
    both = Tags()
    assert [both.tag("PERSON", name) for name in ("Ada Berg", "Ada Lund", "Ada")] == [
        f"[PERSON_{n}]" for n in (1, 2, 3)
    ]
