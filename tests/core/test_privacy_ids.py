"""Recognisers of numbers and ids: tables of what is found and of what is not."""

from importlib import import_module

import pytest

from core.privacy import Span, find_all
from core.privacy.plain import plain
from core.privacy.recognisers.all import RECOGNISERS
from core.privacy.recognisers.crypto import base58_currency, bech32_holds
from core.privacy.recognisers.national_numbers import NATIONAL_NUMBERS

FOUND = [
    ("SSN", "my SSN is «078-05-1120»", "hyphens and a word"),
    ("SSN", "«536-90-4399»", "hyphens alone"),
    ("SSN", "applicant «078 05 1120», married", "spaces alone"),
    ("SSN", "ssn=«078051120»", "nine digits behind a word"),
    ("SSN", '{"ssn": "«078051120»"}', "a JSON key"),
    ("SSN", '{\\"social_security_number\\": \\"«078051120»\\"}', "a JSON key in a JSON string"),
    ("SSN", "«078051120» is my social security number", "a word behind"),
    ("SSN", "SSN «078.05.1120»", "dots"),
    ("SSN", "social: «０７８-０５-１１２０»", "digits of another width"),
    ("SSN", "«078\u201105\u20111120»", "hyphens that do not break"),
    ("SSN", "her SSN was «912-34-5678»", "never given out, but said to be one"),
    ("NATIONAL_ID", "ITIN «912-70-1234»", "ITIN"),
    ("NATIONAL_ID", "Steuer-ID: «86 095 742 719»", "Germany, tax"),
    ("NATIONAL_ID", "Steuernummer «21/815/08150»", "Germany, older tax number"),
    ("NATIONAL_ID", "Rentenversicherungsnummer «65 170839 J 008»", "Germany, pension"),
    ("NATIONAL_ID", "«2 95 10 99 126 111 93»", "France, by its form"),
    ("NATIONAL_ID", "DNI «12345678Z»", "Spain"),
    ("NATIONAL_ID", "«X-1234567-L»", "Spain, foreigner"),
    ("NATIONAL_ID", "cod. fisc. «RSSMRA85T10A562S»", "Italy"),
    ("NATIONAL_ID", "«rssmra85t10a562s»", "Italy, lower case, checksum"),
    ("NATIONAL_ID", "mijn BSN is «111222333»", "Netherlands"),
    ("NATIONAL_ID", "PESEL: «44051401458»", "Poland"),
    ("NATIONAL_ID", "«529.982.247-25»", "Brazil"),
    ("NATIONAL_ID", "Aadhaar no. «2341 2341 2346»", "India, Aadhaar"),
    ("NATIONAL_ID", "PAN «ABCPE1234F»", "India, tax"),
    ("NATIONAL_ID", "personnummer «811218-9876»", "Sweden"),
    ("NATIONAL_ID", "NI number «AB 12 34 56 C»", "United Kingdom, insurance"),
    ("NATIONAL_ID", "NHS number: «943 476 5919»", "United Kingdom, health"),
    ("NATIONAL_ID", "UTR «1955839661»", "United Kingdom, tax"),
    ("NATIONAL_ID", "TFN «123 456 782»", "Australia, tax"),
    ("NATIONAL_ID", "Medicare card «2123 45670 1»", "Australia, Medicare"),
    ("NATIONAL_ID", "my SIN is «130 692 544»", "Canada"),
    ("NATIONAL_ID", "«85.07.30-033.28»", "Belgium"),
    ("NATIONAL_ID", "CPR-nummer «010180-1234»", "Denmark"),
    ("NATIONAL_ID", "hetu «131052-308T»", "Finland"),
    ("NATIONAL_ID", "NIF «123456789»", "Portugal"),
    ("NATIONAL_ID", "PPS number «1234567FA»", "Ireland"),
    ("NATIONAL_ID", "RSA identity number «8001015009087»", "South Africa"),
    ("NATIONAL_ID", "«11010519491231002X»", "China"),
    ("NATIONAL_ID", "«850101-1234567»", "Korea"),
    ("NATIONAL_ID", "codice fiscale è «RSSMRA85T10A562X»", "mistyped, behind its word"),
    ("NATIONAL_ID", "«111222333» is my BSN", "a word behind"),
    ("NATIONAL_ID", "ID card number: «KB90324ER»", "a code behind general words"),
    ("NATIONAL_ID", '{"taxNumber": "«12-345678»"}', "a JSON key in camelCase"),
    ("PASSPORT", "My passport number is «C01X00T47».", "Germany"),
    ("PASSPORT", '{"passport_number": "«X1234567»"}', "a JSON key"),
    ("PASSPORT", "Reisepass Nr. «C01X00T47» gültig bis", "a German word"),
    ("PASSPORT", "numéro de passeport : «12AB34567»", "France"),
    ("PASSPORT", "Passport of Anna Kern: «L8898902C»", "a name between"),
    ("PASSPORT", "«X1234567» is my passport number", "a word behind"),
    (
        "PASSPORT",
        "«P<UTOKERN<<ANNA<MARIA" + "<" * 23 + "\nL898902C36UTO7408122F1204159ZE184226B<<<<<10»",
        "machine-readable",
    ),
    ("LICENSE", "my driver's license number is «2270-66-1551»", "United States, groups"),
    ("LICENSE", "Driving licence: «F162823540116»", "letters and digits"),
    ("LICENSE", "id «KERNX657054SM9IJ»", "British, by its form"),
    ("LICENSE", "Führerscheinnummer «B072RRE2I55»", "Germany"),
    ("BANK", "routing number «021000021»", "routing number"),
    ("BANK", "Sort code «20-00-00»", "sort code"),
    ("BANK", "my bank account number is «000123456789»", "account"),
    ("BANK", '"accountNumber": "«87654321»"', "a JSON key in camelCase"),
    ("BANK", "Kontonummer: «123 456 7890»", "Germany, account"),
    ("BANK", "BLZ «370 400 44»", "Germany, bank"),
    ("BANK", "BIC: «COBADEFFXXX»", "BIC"),
    ("BANK", "número de cuenta «2100 0418 45 0200051332»", "Spain"),
    ("BANK", "IFSC code «HDFC0001234»", "India"),
    ("CRYPTO", "send to «1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa»", "Bitcoin"),
    ("CRYPTO", "«3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy»", "Bitcoin, script"),
    ("CRYPTO", "«bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq»", "bech32"),
    ("CRYPTO", "«bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr»", "bech32m"),
    ("CRYPTO", "«0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe»", "Ethereum, mixed case"),
    ("CRYPTO", "wallet «0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae»", "Ethereum near a word"),
    ("MAC", "«00:1A:2B:3C:4D:5E»", "colons"),
    ("MAC", "«00-1a-2b-3c-4d-5e»", "hyphens"),
    ("MAC", "«001a.2b3c.4d5e»", "dots"),
    ("MAC", "MAC address «001A2B3C4D5E»", "no separators, behind its word"),
    ("BIRTH_DATE", "She was born on «2/8/1935».", "born on"),
    ("BIRTH_DATE", "DOB: «1980-04-12»", "DOB"),
    ("BIRTH_DATE", '{"birthdate": "«1980-04-12»"}', "a JSON key"),
    ("BIRTH_DATE", "geboren am «4. März 1980» in Ulm", "Germany"),
    ("BIRTH_DATE", "née le «12 juin 1975»", "France"),
    ("BIRTH_DATE", "fecha de nacimiento: «04/03/1980»", "Spain"),
    ("BIRTH_DATE", "born in Ulm, Germany, on «March 14, 1979»", "a place between"),
    ("BIRTH_DATE", "my birthday is «May 4th»", "without a year"),
    ("BIRTH_DATE", "date of birth «19800412»", "no separators"),
    ("CARD", "«4111.1111.1111.1111»", "dots"),
    ("CARD", "«4111  1111  1111  1111»", "two spaces"),
    ("CARD", "my visa «4111 11 1111 1111 11»", "unusual groups near a word"),
    ("CARD", "card number is «4111 1111 1111 1112»", "mistyped, behind the words"),
    ("CARD", "«４１１１ １１１１ １１１１ １１１１»", "digits of another width"),
    ("IBAN", "IBAN: «DE89 3704 0044 0532 0130 01»", "mistyped, behind its word"),
    ("IBAN", "«DE89-3704-0044-0532-0130-00»", "hyphens"),
    ("IP", "«2001:db8::1»", "version 6, short"),
    ("EMAIL", '"x\\n«ann@example.com»"', "behind an escaped end of line"),
    ("EMAIL", "\\u003c«ann@example.com»\\u003e", "in escaped brackets"),
    ("EMAIL", "«ann\\u0040example.com»", "an escaped @"),
    ("EMAIL", "«ann at example dot com»", "in words"),
    ("PHONE", "«+44 (0)20 7946 0958 ext. 12»", "an extension"),
    ("PHONE", "WhatsApp «+447700900123»", "a reserved number without groups"),
    ("PHONE", "my number is «555-0123»", "a short number behind weaker words"),
    ("PHONE", "mob: «٠٧٧٠٠ ٩٠٠١٢٣»", "Arabic digits"),
    ("PHONE", "8 (495) 123-45-67 or «+7 495 123-45-67»", "Russia"),
    ("URL", "see «https://example.com/a_(b)?c=1#d».", "a scheme, brackets, a full stop"),
    ("URL", "(«www.example.co.uk/path»)", "www in brackets"),
    ("URL", "at «example.com», today", "a bare domain"),
    ("URL", "«bit.ly/3xYz»", "a short link"),
    ("USERNAME", "follow @«anna_kern» now", "a handle"),
    ("USERNAME", "username: «superfan99»", "behind its word"),
    ("USERNAME", '{"userName": "«akern»"}', "a JSON key"),
    ("USERNAME", "github.com/«akern»", "a profile"),
    ("USERNAME", "user «akern_81» logged in", "behind the word user"),
    ("LICENSE", "my license «D1234567» expires 2027", "a bare word for it"),
    ("LICENSE", "Fahrerlaubnis Nr. «B072RRE2I55»", "Germany, another word"),
    ("LICENSE", "N° permis «880692310285»", "France, number first"),
    ("LICENSE", "la mia patente è «U1A23B456C»", "Italy"),
    ("LICENSE", "Ontario DL «K0101-40706-60905»", "Canada, abbreviated"),
    ("BANK", "BSB 062-000 Account «12345678»", "Australia, account"),
    ("BANK", "account «12345678» bsb 062-000", "Australia, account first"),
    ("BANK", "pay to «062-000 12345678»", "Australia, by its form"),
    ("BANK", "Agência: 0001 Conta: «1234567-8»", "Brazil"),
    ("BANK", "nr konta «61109010140000071219812874»", "Poland"),
    ("BANK", "a/c 12345678 s/c «20-00-00»", "sort code, abbreviated"),
    ("IP", "src=«10.1.2.3» dst=10.1.2.4", "behind a sign of equality"),
    ("IP", "SERVER_IP=«10.20.30.40»", "a variable"),
    ("IP", "<«10.1.2.3»>", "in brackets"),
    ("IP", "host_«192.168.1.20»_backup", "a private address within a name"),
    ("IP", "IP «192.168.1.20».51234 > 10.0.0.3.443: Flags", "a port behind a dot"),
    ("PHONE", "meine Nummer ist «01712345678»", "Germany, no groups"),
    ("PHONE", "joignable au «0612345678»", "France, no groups"),
    ("PHONE", "llámame al «612 345 678»", "Spain"),
    ("PHONE", "il mio numero è «3331234567»", "Italy"),
    ("PHONE", "mój numer to «601 234 567»", "Poland"),
    ("PHONE", "zap «11 91234-5678»", "Brazil"),
    ("PHONE", "ring mig på «0701234567»", "Sweden"),
    ("PHONE", "tlf «41234567»", "Norway"),
    ("PHONE", "my number is «9876543210»", "India"),
    ("PHONE", "«07700900123» is my number", "a word behind"),
    ("PHONE", "Regards,\nAnna Kern\n«07700900123»", "alone in a signature"),
    ("PHONE", "Anna Kern - «4165550123»", "beside a name"),
    ("PHONE", "caller=«4165550123»", "a key"),
    ("PHONE", "name,phone\nAnna,«0612345678»\n", "a column"),
    ("USERNAME", "I'm logged in as «akern81»", "logged in as"),
    ("USERNAME", "ich melde mich als «akern81» an", "logged in as, German"),
    ("USERNAME", "reset the password for username «akern»", "beside its word"),
    ("USERNAME", "mitt användarnamn är «akern»", "Sweden"),
    ("USERNAME", "mera username hai «akern81»", "Hindi-English"),
    ("USERNAME", "add me on discord «wolfie#1234»", "a site"),
    ("USERNAME", "**Username:** «akern»", "Markdown"),
    ("USERNAME", "Failed password for invalid user «akern» from 10.0.0.5", "a log"),
    ("USERNAME", "user «akern» logged in", "a log in words"),
    ("USERNAME", "User=«akern»", "a setting"),
    ("USERNAME", "/home/«akern»/projects/app.py", "a home folder"),
    ("USERNAME", "C:\\Users\\«akern»\\Desktop", "a home folder of Windows"),
    ("USERNAME", "ssh «deploy»@10.0.0.5", "a command"),
    ("USERNAME", "psql -U «akern» -d shop", "an option"),
    ("DATE", "on «2024-02-29 12:30:05»,", "date and time"),
    ("DATE", "am «4. März 2024»", "German"),
    ("DATE", "«2024年2月29日»", "Chinese"),
    ("AGE", "a «45»-year-old man", "years old"),
    ("AGE", '"age": «45»,', "a JSON key"),
    ("AGE", "I'm «31».", "said of oneself"),
    ("AGE", "sie ist «45» Jahre alt", "German"),
]

NOT_FOUND = [
    ("SSN", "order 078-05-1120", "an order number"),
    ("SSN", "078051120", "nine digits"),
    ("SSN", "000-12-3456, 666-12-3456, 123-00-4567, 123-45-0000", "never given out"),
    ("SSN", "SSN: 000-00-0000", "a placeholder"),
    ("SSN", "***-**-1120 and XXX-XX-1120", "masked"),
    ("SSN", "numbers 123 45 6789 12", "a row of numbers"),
    ("SSN", "2078-05-1120 and 078-05-1120-3", "part of a longer code"),
    ("NATIONAL_ID", "order 86095742719 and 44051401458", "a checksum alone"),
    ("NATIONAL_ID", "1,234,567.89 and 12.345.678 people", "amounts"),
    ("NATIONAL_ID", "part AB123456C, model 12345678Z", "part numbers"),
    ("NATIONAL_ID", "vehicle identification number 1HGCM82633A004352", "a car"),
    ("NATIONAL_ID", "the tax of 2023 was 20000 and the id is 12", "small numbers near words"),
    ("NATIONAL_ID", "2023-01-15 12:30:45 and 1700000000000", "times"),
    ("PASSPORT", "passport expires 2031; a passport costs 165 dollars", "years and prices"),
    ("LICENSE", "MIT license 2020; licensed since 2010", "software licences"),
    ("BANK", "my account was credited 1500000; account balance 1200000", "amounts"),
    ("BANK", "a swift response; 021000021", "a word with another sense, a number without one"),
    ("CRYPTO", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "the checksum does not hold"),
    ("CRYPTO", "commit da39a3ee5e6b4b0d3255bfef95601890afd80709", "a commit"),
    ("CRYPTO", "0xda39a3ee5e6b4b0d3255bfef95601890afd80709", "one case without a word"),
    ("MAC", "12:30:45 and 05-12-23-34-41-07 and 1:2:3:4:5:6", "times and lottery numbers"),
    ("MAC", "ff:ff:ff:ff:ff:ff and 00:00:00:00:00:00", "broadcast and nothing"),
    ("MAC", "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "an IP address"),
    ("BIRTH_DATE", "born in 1980; founded on 4 May 1980", "a year, another word"),
    ("BIRTH_DATE", "the largest seaborne invasion, on June 6th, 1944", "a word within a word"),
    ("BIRTH_DATE", "Newton was born on 25 December 1642", "long dead"),
    ("BIRTH_DATE", "She was born there. The firm opened on 4 May 2010", "another sentence"),
    ("CARD", "**** **** **** 1111 and 4111 **** **** 1111", "masked"),
    ("CARD", "0000 0000 0000 0000 is a card number", "a placeholder"),
    ("IBAN", "iban DE89 of 2023", "too short"),
    ("EMAIL", "meet at noon dot the i", "words"),
    ("PHONE", "my score is 555 0123 4 and x+1000000000", "numbers and sums"),
    ("URL", "main.py setup.js user.name os.path e.g. i.e. 3.14 U.S.A. ASP.NET Node.js", "files, code, abbreviations"),
    ("URL", "ann@example.com", "the host of an e-mail address"),
    ("USERNAME", "@app.route('/') @property @media (print) ann@example.com @types/node", "code"),
    ("USERNAME", "username is required; the user interface", "prose"),
    ("IP", "numpy==1.2.3.4 and >= 1.2.3.4 and version 10.0.0.5, 1.2.3.4.5", "versions"),
    ("PHONE", "Donatello (1386-1466), my number is 42 4444 4444 4444 4444", "years and a card"),
    ("PHONE", "Numbers:\n6234567890\n1234567890, 0987654", "numbers in a list"),
    ("LICENSE", "our license costs 12000 dollars; license: MIT 2020", "prices and years"),
    ("BANK", "my account 12345678 was closed; 555-123 4567", "an account of another kind"),
    ("NATIONAL_ID", "customer ID number: 12345678; carnet de conducir: 12345678Z", "other numbers"),
    ("USERNAME", "User: Hello\nuser = User() and sign in as admin; known as cardio", "turns, code and prose"),
    ("USERNAME", "/home/user/app, root@10.0.0.5, allow for user interaction, reset it by clicking", "general accounts"),
    ("DATE", "version 1.2.3, 10/12 of it, may 100 be, 1977", "versions, fractions, years"),
    ("AGE", "I'm 5 minutes late; page 45; 45 years of service; storage: 45", "other numbers"),
]


def marked(text):
    start, end = text.index("«"), text.index("»") - 1
    return text.replace("«", "").replace("»", ""), start, end


def places(text, kind):
    spans = [span for span in find_all(text) if span.kind == kind]
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(("kind", "text", "why"), FOUND, ids=[f"{kind} {why}" for kind, _, why in FOUND])
def test_the_marked_place_is_found(kind, text, why):
    plain_text, start, end = marked(text)
    assert plain_text[start:end] in places(plain_text, kind)


@pytest.mark.parametrize(("kind", "text", "why"), NOT_FOUND, ids=[f"{kind} {why}" for kind, _, why in NOT_FOUND])
def test_nothing_of_the_kind_is_found(kind, text, why):
    assert places(text, kind) == []


@pytest.mark.parametrize(
    "wrapped", ["{}", "😀 {}", "\u202b{}\u202c", "a\r\n{}\r\n", '{{"t": "{{\\"x\\": \\"{}\\"}}"}}', "\ud800 {}"]
)
def test_what_stands_around_a_value_does_not_hide_it(wrapped):
    for kind, value in (("SSN", "536-90-4399"), ("CARD", "4111 1111 1111 1111"), ("MAC", "00:1A:2B:3C:4D:5E")):
        assert value in places(wrapped.format(value), kind)


def test_places_in_plain_text_are_places_in_the_text():
    text = "ＡＢ \u202e٠٧٨\u2011٠٥\u00a0“x” é 😀 \ud800 İ"
    assert len(plain(text)) == len(text)
    assert "078-05" in plain(text)
    assert plain("abc") == "abc"


def test_the_reason_says_whether_a_checksum_or_a_word_spoke():
    reasons = [span.reason for text in ("Steuer-ID 86095742719", "Steuer-ID 86095742718") for span in find_all(text)]
    assert reasons == [
        "German tax number (Steuer-ID): checksum holds, beside a word for it",
        "German tax number (Steuer-ID): the form, beside a word for it",
    ]


def test_a_checksum_is_told_from_a_slip_of_the_finger():
    assert base58_currency("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa") == "Bitcoin"
    assert base58_currency("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNA") is None
    assert bech32_holds("bc", "qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")
    assert not bech32_holds("bc", "qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp")


def test_every_checker_of_national_numbers_exists_and_answers():
    for number in NATIONAL_NUMBERS:
        assert not number.check or import_module(f"stdnum.{number.check}").is_valid("x") is False


@pytest.mark.parametrize("text", ["", " ", "1" * 5000, "\ud800" * 100, "א1ב2" * 500, "e\u0301" * 500, "😀1" * 500])
def test_odd_texts_are_read_without_an_error(text):
    for recogniser in RECOGNISERS:
        for span in recogniser(text):
            assert isinstance(span, Span)
            assert 0 <= span.start < span.end <= len(text)
