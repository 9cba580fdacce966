"""Recognisers: tables of what is found and of what is not."""

import time

import pytest

from core.privacy import Span, find, find_all, resolve

FOUND = [
    ("EMAIL", "write to «ann@example.com».", "plain"),
    ("EMAIL", "«Ann.O'Hara+news@Mail.Example.CO.UK», please", "dots, plus, apostrophe, upper case"),
    ("EMAIL", "😀😀 mail: «jürgen@müller.de»", "not ASCII, emoji before"),
    ("EMAIL", "<a href='mailto:«a_b-c@x-y.io»'>", "in HTML"),
    ("EMAIL", "?to=«ann%40example.com»&x=1", "percent-encoded"),
    ("EMAIL", "«ann (at) example (dot) com» works", "spelled with brackets"),
    ("EMAIL", "«ann@例え.テスト» です", "international domain"),
    ("EMAIL", "-«ann@example.com»", "after a bullet"),
    ("EMAIL", "...«ann@example.com»...", "between dots"),
    ("EMAIL", '{"mail":"«x1@y.org»"}', "in JSON"),
    ("PHONE", "ring «+44 20 7946 0958» today", "United Kingdom, international"),
    ("PHONE", "ring «0044 20 7946 0958» today", "with 00"),
    ("PHONE", "«(415) 555-2671»", "North America, brackets"),
    ("PHONE", "«1-415-555-2671 ext. 22» now", "with an extension"),
    ("PHONE", "«415.555.2671» or mail", "dots"),
    ("PHONE", "«01 42 68 53 00»", "France"),
    ("PHONE", "«030 901820»", "Germany"),
    ("PHONE", "«(11) 98765-4321»", "Brazil"),
    ("PHONE", "+ Handy: «0171 2345678»", "Germany, mobile"),
    ("PHONE", "Call me at «4155552671».", "bare digits after a word for phone"),
    ("PHONE", "«416 60 039» office", "a word for phone behind"),
    ("PHONE", "teléfono «612 345 678»", "Spain, with a word"),
    ("PHONE", "in 2023 «415-555-2671» was ours", "a year before"),
    ("PHONE", "«+918043670000»", "India"),
    ("CARD", "card «4111 1111 1111 1111» exp 12/25", "Visa, spaces"),
    ("CARD", "«5500-0000-0000-0004»", "Mastercard, hyphens"),
    ("CARD", "«340000000000009»", "American Express"),
    ("CARD", "«4111111111111111» 123", "a security code behind"),
    ("CARD", "«6011000990139424»", "Discover"),
    ("CARD", "credit card «3566002020360505»", "JCB"),
    ("CARD", "my card: «4222222222222»", "13 digits with a word for card"),
    ("IBAN", "«DE89 3704 0044 0532 0130 00» bitte", "Germany, spaces"),
    ("IBAN", "«gb82west12345698765432»", "lower case"),
    ("IBAN", "IBAN:«NO9386011117947».", "Norway, the shortest"),
    ("IBAN", "«FR14 2004 1010 0505 0001 3M02 606» thanks", "France, with a letter"),
    ("IP", "from «203.0.113.9»:8080", "version 4 with a port"),
    ("IP", "net «10.20.0.0»/16", "private"),
    ("IP", "[«2001:db8::8a2e:370:7334»]:80", "version 6 in brackets"),
    ("IP", "at «fe80::1ff:fe23:4567:890a»%eth0", "version 6 with a zone"),
    ("URL_CREDENTIALS", "postgres://«bob:s3cr3t»@db.example.org/x", "database"),
    ("URL_CREDENTIALS", "https://«ann:p@ss»@example.com", "an @ in the password"),
    ("URL_CREDENTIALS", "redis://«:hunter2»@localhost:6379", "password only"),
    ("SECRET", "key «sk-proj-" + "aB3d" * 8 + "»", "OpenAI"),
    ("SECRET", "«sk-ant-api03-" + "aB3d" * 8 + "»", "Anthropic"),
    ("SECRET", "«AKIA" + "IOSFODNN7EXAMPLE»", "AWS"),
    ("SECRET", "«ghp_" + "a1B2" * 9 + "»", "GitHub"),
    ("SECRET", "«github_pat_" + "a1B2" * 9 + "»", "GitHub, fine-grained"),
    ("SECRET", "«glpat-" + "a1B2" * 5 + "»", "GitLab"),
    ("SECRET", "«xoxb-" + "1234567890-abcdef»", "Slack"),
    ("SECRET", "«sk_live_" + "a1B2" * 6 + "»", "Stripe"),
    ("SECRET", "«AIza" + "a1B2c" * 7 + "»", "Google"),
    ("SECRET", "«hf_" + "aBcDeFgHiJ" * 3 + "kLmN»", "Hugging Face"),
    ("SECRET", "«npm_" + "a1B2" * 9 + "»", "npm"),
    ("SECRET", "«pypi-" + "AgEIcHlwaS5vcmc" * 4 + "»", "PyPI"),
    ("SECRET", "«SG." + "a1B2" * 5 + "." + "a1B2" * 10 + "»", "SendGrid"),
    ("SECRET", "«SK" + "0a1b" * 8 + "»", "Twilio"),
    ("SECRET", "«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.dBjftJeZ4CVP-mB92K27uhbU»", "JSON web token"),
    ("SECRET", "Authorization: Bearer «abcdef0123456789abcd»", "bearer"),
    ("SECRET", 'api_key = "«Zx81-not-so-secret»"', "assignment, quoted"),
    ("SECRET", "AWS_SECRET_ACCESS_KEY=«wJalrXUtnFEMI/K7MDENG»", "environment"),
    ("SECRET", "{'password': '«hunter2!»'}", "dictionary"),
    ("SECRET", "password: str = '«Pa55word»'", "annotated"),
    ("SECRET", "GET /x?token=«9f8e7d6c5b4a»&y=1", "query"),
    ("SECRET", "mysql --password=«s3cr3tpw» db", "option"),
    ("SECRET", "the password is «hunter2».", "said"),
    ("SECRET", 'My passphrase is "«correct horse 9»"', "said in quotes"),
    ("SECRET", "PIN is «4821»", "PIN"),
    ("SECRET", "«-----BEGIN RSA PRIVATE KEY-----\nMIIEabc=\n-----END RSA PRIVATE KEY-----» ok", "private key"),
    ("SECRET", "«-----BEGIN PRIVATE KEY-----\nMIIEabc»", "private key that was cut off"),
]

NOT_FOUND = [
    ("root@localhost", "a host without a dot"),
    ("git@github.com:ann/repo.git", "a repository address"),
    ("icon@2x.png", "a picture"),
    ("y = a@b.transpose()", "matrix product"),
    ("@ann and @app.route('/')", "handle and decorator"),
    ("order 4155552671", "bare digits"),
    ("Order number: 415-555-2671", "an order number of the shape of a phone"),
    ("invoice no. 030 901820", "an invoice number"),
    ("2023-01-15 12:30:45", "date and time"),
    ("15.01.2023 and 01/02/2023", "dates"),
    ("call 2019-2023 a success", "years after a word for phone"),
    ("James Callaghan (1976-1979)", "years in brackets after a name that begins with call"),
    ("ISBN 978-0-306-40615-7", "ISBN-13"),
    ("ISBN 0-306-40615-2", "ISBN-10"),
    ("$1,234,567.89 or 1 234 567 €", "prices"),
    ("0.1234567 and 3.14159265", "decimals"),
    ("0 1 1 2 3 5 8 13 21 34 55", "a sequence"),
    ("550e8400-e29b-41d4-a716-446655440000", "UUID"),
    ("1700000000000", "a timestamp in milliseconds"),
    ("4111 1111 1111 1112", "Luhn does not hold"),
    ("0000 0000 0000 0000", "no issuer"),
    ("tracking 4222222222222", "13 digits without a word for card"),
    ("DE89 3704 0044 0532 0130 01", "the IBAN checksum does not hold"),
    ("ZZ89 3704 0044 0532 0130 00", "no such country"),
    ("version 1.2.3.4 and v10.20.30.40", "versions"),
    ("numpy==1.2.3.4", "a pinned requirement"),
    ("999.1.2.3 and 1.2.3.4.5", "no address"),
    ("127.0.0.1, 0.0.0.0, 255.255.255.0, ::1", "addresses that name no one"),
    ("std::vector, Face::Bad, a[1::2], 12:30:45", "colons in code and times"),
    ("https://example.com:8080/a@b", "a port and an @ in the path"),
    ("ssh://git@github.com", "a user without a password"),
    ("postgres://${USER}:${PASSWORD}@host", "placeholders in a URL"),
    ("api_key = os.environ['KEY']", "read from the environment"),
    ('api_key = "your_api_key"', "placeholder"),
    ('API_KEY="<API_KEY>" password="****"', "placeholders"),
    ("password = get_password()", "a call"),
    ("token = tokens[0]; tokenizer = x1", "an index"),
    ("password: string, required", "a type"),
    ("the password is required and the pin is wrong", "prose"),
    ("password is [SECRET_1]", "a tag"),
    ("task-force, risk-averse, sk-learn", "words with a prefix"),
    ("Bearer of good news everyone", "prose"),
    ("", "nothing"),
    ("   \n\t", "spaces"),
]


def marked(text):
    start, end = text.index("«"), text.index("»") - 1
    return text.replace("«", "").replace("»", ""), start, end


@pytest.mark.parametrize(("kind", "text", "why"), FOUND, ids=[f"{kind} {why}" for kind, _, why in FOUND])
def test_exactly_the_marked_place_is_found(kind, text, why):
    plain, start, end = marked(text)
    assert [(span.kind, plain[span.start : span.end]) for span in find(plain)] == [(kind, plain[start:end])]


@pytest.mark.parametrize(("text", "why"), NOT_FOUND, ids=[why for _, why in NOT_FOUND])
def test_nothing_is_found(text, why):
    assert [(span.kind, text[span.start : span.end]) for span in find(text)] == []


def test_every_span_says_why_in_words():
    spans = find("4111 1111 1111 1111 and ann@example.com")
    assert [span.reason for span in spans] == ["Luhn holds, issuer Visa", "the form of an e-mail address"]
    assert all(0 < span.score <= 1 for span in spans)


def test_a_span_does_not_carry_the_text():
    (span,) = find("ann@example.com")
    assert "ann" not in repr(span)


def test_overlapping_spans_become_one_that_covers_them_all():
    spans = [Span(5, 9, "PHONE", 0.5, "a"), Span(0, 6, "EMAIL", 0.9, "b"), Span(8, 12, "IP", 0.9, "c")]
    assert resolve(spans) == [Span(0, 12, "EMAIL", 0.9, "b")]


def test_spans_that_only_touch_stay_two():
    spans = [Span(0, 5, "EMAIL", 0.9, "a"), Span(5, 9, "PHONE", 0.5, "b")]
    assert resolve(spans) == spans


def test_a_phone_number_within_an_address_is_known_and_covered_by_it():
    text = "+14155552671@s.example.net"
    assert {span.kind for span in find_all(text)} == {"EMAIL", "PHONE"}
    assert [(span.kind, span.start, span.end) for span in find(text)] == [("EMAIL", 0, len(text))]


def test_two_numbers_side_by_side_are_two():
    assert len(find("415-555-2671 415-555-2672")) == 2
    assert len(find("01 42 68 53 00 01 42 68 53 01")) == 2


HOSTILE = [
    *("a@", "1234567890", "4", "key=", "api_key=", "password is ", "a.", "a@a.", "://a:", "1 ", "12-", "415-555-2671 "),
    *("-----BEGIN PRIVATE KEY-----", "0912 345 6789 ", "call 1234567 ", "GB82 ", "GB82WEST", "1.2.3.4.", "::1", "a:"),
    *("eyJ", "eyJaaaaaaaaaa.", "sk-", "(", "a (at) ", " ", 'password="', "bearer ", "4111 1111 1111 1112 ", "é@é."),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_cell_of_200_000_characters_costs_seconds_at_most(piece):
    text = (piece * 200_000)[:200_000]
    started = time.thread_time()
    find(text)
    assert time.thread_time() - started < 6  # measured 0.1 to 1.2 s; a quadratic pattern takes minutes
