"""Passwords, codes and keys in the many ways in which people tell them."""

import pytest

from core.privacy import find_all

# One text a line, what must be found in «»: as people write in chats, tickets, code, logs and tables.
FOUND = {
    "SECRET": """
my password is «sunflower»
password is: «Sunflower77»
the password's «Sunflower77»
alarm code «90210»
login ann password «Sunflower77»
login: ann, password: «Sunflower77»
user ann pw «sunflower7»
creds are ann «Sunflower77»
default password «admin123»
OTP: «482913»
your OTP «482913»
made my password «Winter2024»
password has been set to «Winter2024»
WiFi pass: «BlueHouse12»
the wifi is HomeNet and the password is «bluehouse»
das Kennwort ist «BlauesHaus12»
mein PW ist «blaueshaus12»
Passwort für den Server: «BlauesHaus12»
neues Passwort: «BlauesHaus12»
ich hab «BlauesHaus12» als Passwort
le mdp est «maisonbleue12»
code wifi: «MaisonBleue12»
code PIN : «4821»
digicode «48B21»
identifiants : anna / «MaisonBleue12»
clave: «CasaAzul12»
mi pin es «4821»
cambié la contraseña a «CasaAzul12»
usuario anna contraseña «CasaAzul12»
password: «casablu»
la mia password è «casablu12»
password del wifi: «CasaBlu12»
codice PIN «4821»
mijn wachtwoord is «blauwhuis»
a senha é «casaazul12»
mudei a senha para «CasaAzul12»
hasło to «niebieski»
answer to my security question is «Fluffy»
DB_PASS: «bluehouse12»
password: «bluehouse12»
Password "«bluehouse»" rejected
| password | «BlueHouse12» |
password for admin: «BlueHouse12»
admin:«BlueHouse12»
sudo password: «BlueHouse12»
encrypted with «BlueHouse12»
PASSWORD: «BLUEHOUSE12»
Zoom Meeting ID: 123 456 7890 Passcode: «9k2Lm»
how strong is my password «BlueHouse12!»?
aws secret «wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKE»
mysql -u root -p«BlueHouse12»
net user ann «BlueHouse12» /add
echo "ann:«BlueHouse12»" | chpasswd
cvv «123»
CVV: «123»
I set it to «Marigold88» yesterday, password I mean
the password for my laptop is «marigold»
my laptop password is «marigold88»
my email password is «Marigold#88»
facebook password: «marigold88»
the pin you need is «7733»
lockbox code is «7733»
Airbnb door code: «7733»
«773311» is your Google verification code
Your login code: «773311»
password changed from «Marigold88» to «Marigold99»
I use the same password everywhere: «Marigold88»
Network: MyNet Password: «Marigold88»
ssh root@10.0.0.5 password «Marigold88»
FTP user: web1 pass: «Marigold88»
password=«marigold»
password => '«marigold»'
auth=("bob", "«Marigold88»")
private static final String PASS = "«Marigold88»";
openssl -passin pass:«Marigold88»
my seed phrase is «marigold river stone lamp tiger apple banana chair dragon eagle forest garden»
backup codes: «12345678» «87654321»
WLAN-Passwort: «Ringelblume88»
Passwort lautet: «Ringelblume88»
Nutzer: kern / «Ringelblume88»
Handy-PIN «7733»
mot de passe: «souci88»
mon mot de passe est : «souci88»
mon mdp est «souci88»
le mot de passe wifi est «souci88»
contraseña «Calendula88»
pin «7733»
minha senha é «calendula88»
kod do bramy «7733»
portkod «7733»
мой пароль «nogotki88»
API_KEY=«k3y9a8b7c6d5e4f3»
my token: «k3y9a8b7c6d5e4f3»
the secret key is «k3y9a8b7c6d5e4f3»
secret: «k3y9a8b7c6d5e4f3»
""",
}
NOT_FOUND = {
    "SECRET": """
my password isn't accepted
password is case-sensitive
your password must contain 8 characters
set the password to something
set the password to expire
credentials: username/password
credentials: email / password
user/pass
sign in / sign up
pin: 13
the code is 200
error code 5003
code 12345
promo code SAVE20
discount code SUMMER2024
Your code is incorrect
your code is 12 lines
status code: 503
the key is 42
secret: the ingredient
the secret to success is hard work
combination of 12-24 months
answer: Paris
clave: importante
la clave del éxito es trabajar
pass: 12 fail: 3
bus pass 12345
pass rate is 95%
WPA2: secure
TAN is short
OTP: one-time password
admin / user
root / branch
admin:admin-role
root:x:0:0:root:/root:/bin/bash
encrypted with AES-256
how strong is my password?
password reset link
password: [hidden]
the word "password" in quotes
passcode required
u: velocity p: pressure
use python3 to log in
use Chrome to log in
contact ann@example.com or bob
""",
}


def lines(texts):
    return [(kind, line) for kind, block in texts.items() for line in block.strip("\n").splitlines()]


def marked(line):
    """The text without its marks, and the places between them."""
    text, places = "", []
    for piece in line.split("«"):
        value, mark, rest = piece.partition("»")
        if mark:
            places.append((len(text), len(text) + len(value)))
        text += value + rest
    return text, places


@pytest.mark.parametrize(("kind", "line"), lines(FOUND))
def test_what_is_marked_is_found(kind, line):
    text, places = marked(line)
    assert set(places) <= {(span.start, span.end) for span in find_all(text) if span.kind == kind}


@pytest.mark.parametrize(("kind", "line"), lines(NOT_FOUND))
def test_ordinary_text_holds_nothing_of_the_kind(kind, line):
    assert [line[span.start : span.end] for span in find_all(line) if span.kind == kind] == []


@pytest.mark.parametrize(
    "text", ["mail me at Ann.Kern77@example.com, password?", "use Windows11 to log in", "unlocked with AES-256"]
)
def test_an_email_address_or_a_product_is_no_password(text):
    assert [span.kind for span in find_all(text) if span.kind == "SECRET"] == []


def test_of_a_user_and_a_password_only_the_password_is_a_secret():
    text = "username/password: ann/Tulip!23"
    assert {text[span.start : span.end] for span in find_all(text) if span.kind == "SECRET"} == {"Tulip!23"}
