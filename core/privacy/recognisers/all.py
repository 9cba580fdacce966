"""The list of all recognisers."""

from core.privacy.kinds import AGE, DATE, URL, USERNAME
from core.privacy.recognisers.address.address import find_address
from core.privacy.recognisers.age import find_age
from core.privacy.recognisers.bank import find_bank
from core.privacy.recognisers.birth_date import find_birth_date
from core.privacy.recognisers.card import find_card
from core.privacy.recognisers.crypto import find_crypto
from core.privacy.recognisers.date import find_date
from core.privacy.recognisers.email import find_email
from core.privacy.recognisers.iban import find_iban
from core.privacy.recognisers.ip import find_ip
from core.privacy.recognisers.keyed import find_by_key
from core.privacy.recognisers.licence import find_licence
from core.privacy.recognisers.mac import find_mac
from core.privacy.recognisers.national_id import find_national_id
from core.privacy.recognisers.passport import find_passport
from core.privacy.recognisers.person.person import find_person
from core.privacy.recognisers.phone import find_phone
from core.privacy.recognisers.secret.secret import find_secret
from core.privacy.recognisers.ssn import find_ssn
from core.privacy.recognisers.url import find_url
from core.privacy.recognisers.url_credentials import find_url_credentials
from core.privacy.recognisers.username import find_username

# Those of one kind that is only searched on wish are asked only then: user names alone take as long as all the rest.
OFFERED = {find_username: USERNAME, find_url: URL, find_date: DATE, find_age: AGE}
RECOGNISERS = (
    *(find_secret, find_url_credentials, find_card, find_iban, find_crypto, find_ssn, find_national_id, find_passport),
    *(find_licence, find_bank, find_email, find_ip, find_mac, find_phone, find_birth_date),
    *(find_address, find_person, find_by_key),
    *OFFERED,
)
