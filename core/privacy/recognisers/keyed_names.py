"""Which kind of personal data a key, a column or a field names, and what its values must look like."""

import re
from collections.abc import Callable
from functools import lru_cache

from core.privacy.kinds import (
    ADDRESS,
    BANK,
    BIRTH_DATE,
    LICENSE,
    NATIONAL_ID,
    PASSPORT,
    PERSON,
    PHONE,
    SECRET,
    SSN,
    USERNAME,
)
from core.privacy.people.words import Standing, folded, standing
from core.privacy.recognisers.person.names import Name, read_name
from core.privacy.recognisers.secret.values import is_placeholder, is_random, is_word
from core.privacy.recognisers.username_words import GENERAL, NO_PERSON, is_unusual

# Keys without signs, in lower case: `firstName`, `first_name` and "First name" are all "firstname".
_SURE_NAMES = """
    fullname firstname lastname middlename givenname familyname surname forename maidenname legalname fname lname
    personname customername clientname patientname employeename guestname studentname teachername passengername
    drivername billingname shippingname cardholder cardholdername accountholder accountholdername holdername patient
    passenger vorname nachname familienname kundenname prénom prenom nomcomplet nomdefamille nombrecompleto apellido
    apellidos paciente nomecompleto cognome sobrenome voornaam achternaam imię imie nazwisko imięinazwisko förnamn
    efternamn fornavn etternavn jméno příjmení имя фамилия фио
"""
_NAMES = """
    name displayname nickname contactname driver ownername authorname sendername recipientname customer client
    employee contact contactperson applicant applicantname candidate candidatename guest tenant landlord spouse
    nextofkin emergencycontact beneficiary insured policyholder manager supervisor doctor physician author sender
    recipient assignee reporter requester attendee participant member membername person signatory witness kunde
    kundin ansprechpartner absender empfänger mitarbeiter nom nombre cliente nome naam klant klient efternavn attn
    attention
"""
_STREETS = """
    address street streetaddress address1 address2 addressline1 addressline2 addr homeaddress mailingaddress
    billingaddress shippingaddress deliveryaddress residence residentialaddress postaladdress streetname housenumber
    straße strasse adresse anschrift hausnummer rue adressepostale calle dirección direccion domicilio indirizzo via
    endereço endereco rua adres ulica adress gata
"""
_CODES = """
    zip zipcode postcode postalcode plz postleitzahl codepostal códigopostal codigopostal cp cap cep kodpocztowy
    postnummer
"""
_BIRTHS = """
    dob dateofbirth birthdate birthday birthdt bdate born dayofbirth geburtsdatum geburtstag datedenaissance
    fechadenacimiento datadinascita datadenascimento geboortedatum dataurodzenia
"""
_NATIONAL = """
    nationalid nationalidnumber nino nin taxid taxnumber tin idnumber idcardnumber identitynumber personalnumber
    steuerid steuernummer personalausweis dni nie nif nss insee codicefiscale cpf bsn pesel personnummer cpr aadhaar
    pan sin socialinsurancenumber idno governmentid
"""
_PASSWORDS = """
    password passwd pwd pass passphrase passcode passwort kennwort contraseña senha motdepasse wachtwoord secret
    secretkey apikey apitoken accesstoken authtoken refreshtoken clientsecret privatekey token pin otp securitycode
    cvv cvc
"""
_PHONES = """
    phone phonenumber phoneno mobile mobilenumber mobileno mobilephone cell cellphone cellnumber telephone tel fax
    faxnumber contactnumber contactno homephone workphone telefon telefonnummer handy handynummer mobil mobilnummer
    rufnummer téléphone telephonenumber numérodetéléphone portable teléfono telefono móvil movil celular cellulare
    telefone telemóvel telefoonnummer telefoon mobiel numertelefonu komórka tfn tlf mobiltelefon puhelin whatsapp msisdn
    whatsappnumber callerid callbacknumber
"""
_SOCIAL = """
    ssn socialsecuritynumber socialsecurity socialsecurityno
"""
_PASSPORTS = (
    "passport passportnumber passportno passportnum passportid reisepass passeport pasaporte passaporto paspoort"
)
_LICENCES = """
    license licence licensenumber licencenumber licenseno licenceno licensenum driverlicense driverlicence
    driverslicense
    driverslicence driverslicensenumber driverlicensenumber driverslicenseno driverlicenseno drivinglicence
    drivinglicense drivinglicencenumber drivinglicensenumber drivinglicenceno drivinglicenseno dl dln dlno dlnumber
    führerschein führerscheinnummer führerscheinnr permis permisdeconduire numéropermis numeropermis rijbewijs
    rijbewijsnummer patente numeropatente patentediguida cnh prawojazdy numerprawajazdy cartadecondução
    carnetdeconducir licenciadeconducir körkort førerkort kørekort
"""
_USER_NAMES = """
    username userid login loginname loginid handle nickname screenname benutzername nutzername benutzerkennung
    nomutilisateur nomdutilisateur identifiant pseudo usuario usuário nombreusuario nombredeusuario nomeutente
    utente nomedeusuário gebruikersnaam nazwaużytkownika użytkownik användarnamn brukernavn brugernavn uname usrname
    samaccountname preferredusername gamertag twitterhandle instagramhandle discordtag githubusername dbuser dbusername
"""
_USERS = """
    user account actor uid createdby updatedby modifiedby deletedby uploadedby submittedby approvedby requestedby
    assignedto instagram
    insta twitter discord telegram skype github gitlab reddit tiktok snapchat twitch psn xbox steam mastodon bluesky
"""
_BANKS = """
    accountnumber accountno bankaccount bankaccountnumber acctno acct routingnumber sortcode bsb bsbnumber bsbcode
    kontonummer kontonr blz bankleitzahl numérodecompte numerodecuenta númerodecuenta numeroconto rekeningnummer
    numerkonta transitnumber aba accno
"""

_SIGNS = re.compile(r"[\W_]+")
_CODE = re.compile(r"(?=[^\s]{0,20}\d)[A-Za-z0-9](?:[A-Za-z0-9 ./-]{3,24})[A-Za-z0-9]")
_DATE = re.compile(
    r"\d{1,4}[-./ ]\d{1,2}[-./ ]\d{2,4}|\d{8}(?:T[\d:.Z]+)?|"
    r"(?:\d{1,2}\.? )?[^\W\d_]{3,9}\.? (?:\d{1,2}(?:st|nd|rd|th)?,? )?\d{4}"
)
_POSTAL = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9 -]{1,9}[A-Za-z0-9]")
_LETTERS = re.compile(r"[^\W\d_]")
_NO_VALUE_TEXT = """
    null none nil true false string str text varchar n/a na unknown required optional undefined tbd -
"""
_NO_VALUE = frozenset(_NO_VALUE_TEXT.split())


def _is_name(value: str) -> bool:
    name = _whole_name(value)
    return name is not None and (name.listed or (len(name.words) > 1 and all(map(_may_be_name, name.words))))


def _is_sure_name(value: str) -> bool:
    """Where nothing but a name of a person can stand, an unknown word is one as well."""
    name = _whole_name(value)
    return name is not None and (name.listed or all(map(_may_be_name, name.words)))


def _whole_name(value: str) -> Name | None:
    name = read_name(value, 0, lower=True, form=True) if len(value) <= 60 else None
    return name if name and name.end >= len(value.rstrip(" .")) else None


def _may_be_name(word: str) -> bool:
    return standing(folded(word)) not in (Standing.ORDINARY, Standing.PLACE)


def _is_street(value: str) -> bool:
    return (
        bool(re.search(r"\d", value)) and bool(_LETTERS.search(value)) and 4 <= len(value) <= 160 and "@" not in value
    )


def _is_code(value: str) -> bool:
    return bool(_CODE.fullmatch(value))


def _is_licence(value: str) -> bool:
    return _is_code(value) and sum(map(str.isdigit, value)) >= 4


def _is_account(value: str) -> bool:
    return bool(re.fullmatch(r"[\d -]{5,24}", value))


def _is_phone(value: str) -> bool:
    return 7 <= sum(map(str.isdigit, value)) <= 15 and bool(re.fullmatch(r"[+(]{0,2}\d[\d ().+/-]{5,24}\d", value))


def _is_social(value: str) -> bool:
    return bool(re.fullmatch(r"(?!000)\d{3}[- ]?\d{2}[- ]?\d{4}", value))


def _is_password(value: str) -> bool:
    return (
        len(value) >= 3 and not is_placeholder(value) and (is_random(value) or not is_word(value)) and " " not in value
    )


def _is_user_name(value: str) -> bool:
    bare = value.removeprefix("@")
    is_one_word = " " not in bare and bool(_LETTERS.search(bare)) and not re.search(r"[(){}\[\]<>]", bare)
    return is_one_word and bare.lower() not in GENERAL and not NO_PERSON.fullmatch(bare)


KeyRule = tuple[str, Callable[[str], bool], float]
_RULES: tuple[tuple[str, KeyRule], ...] = (
    (_SURE_NAMES, (PERSON, _is_sure_name, 0.9)),
    (_NAMES, (PERSON, _is_name, 0.85)),
    (_STREETS, (ADDRESS, _is_street, 0.8)),
    (_CODES, (ADDRESS, lambda value: bool(_POSTAL.fullmatch(value)), 0.7)),
    (_BIRTHS, (BIRTH_DATE, lambda value: bool(_DATE.fullmatch(value)), 0.9)),
    (_NATIONAL, (NATIONAL_ID, _is_code, 0.7)),
    (_PHONES, (PHONE, _is_phone, 0.75)),
    (_SOCIAL, (SSN, _is_social, 0.85)),
    (_PASSPORTS, (PASSPORT, _is_code, 0.8)),
    (_LICENCES, (LICENSE, _is_licence, 0.7)),
    (_BANKS, (BANK, _is_account, 0.75)),
    (_PASSWORDS, (SECRET, _is_password, 0.75)),
    (_USER_NAMES, (USERNAME, _is_user_name, 0.7)),
    (_USERS, (USERNAME, is_unusual, 0.6)),
)
_BY_KEY = {key: rule for keys, rule in _RULES for key in keys.split()}


@lru_cache(maxsize=4096)
def rule_of(key: str) -> KeyRule | None:
    """The kind that `key` names, the test that a value must pass, and the score; None if it names none."""
    return _BY_KEY.get(_SIGNS.sub("", key.lower()))


def is_value(text: str) -> bool:
    """Whether `text` is a value at all, and not empty, a type or a placeholder."""
    bare = text.strip().lower()
    return bool(bare) and bare not in _NO_VALUE and bare[0] not in "<[{$%"
