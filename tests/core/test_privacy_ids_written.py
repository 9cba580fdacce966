"""Licences, phones and national numbers in the many ways in which people write them."""

import pytest

from core.privacy import find_all

# One text a line, what must be found in «»: as people write in chats, tickets, code, logs and tables.
FOUND = {
    "LICENSE": """
driver licence no «12345678»
DL #: «F255-921-50-094-0»
Texas driver license «12345678»
NY DL «123 456 789»
NY license «123-456-789»
Michigan DL «K 230 567 890 123»
NJ license «A1234 56789 01234»
License No: «07-123-4567»
UK licence «MORGA657054SM9IJ 35»
DVLA no «SMITH 606150 JA9XX»
Führerschein-Nr.: «J010000SD51»
Meine Führerscheinnummer: «B072RRE2I55»
Führerschein Nr «B072 RRE2 I55»
mon numéro de permis est «13AA00002»
permis numéro «911091204321»
numéro de mon permis «13AA00002»
carnet de conducir «12345678Z»
patente di guida «U1H87A123B»
numero patente «U1A23B456C»
nº da carteira de motorista «01234567890»
carteira de habilitação «01234567890»
my licence is «KA01 2019 0001234»
Driving License No: «TN 01 20150001234»
DL: «MH14/2010/0123456»
Alberta DL «123456-789»
BC driver's licence «1234567»
Quebec permis «C1234-567890-12»
førerkort nr «12 34 567890 1»
kørekort «12345678»
ajokortti «123456-789A»
license number on file is «D1234567»
DL/ID: «D1234567»
driver ID «D1234567»
operator's license «D1234567»
learner's permit «LP123456»
CDL number: «C1234567»
driver's license with number «D1234567»
driverslicense «D1234567»
driver's lisence number «D1234567»
License #: «D1234567»
my DL «D1234567»
dl «D1234567»
my licence no is «kern9 657054 a99xy»
FS: «B072RRE2I55»
permis de conduire numéro: «751234567890»
permis: «12AB34567»
permiso de conducir n.º «12345678Z»
licencia de manejo «A123456789»
patente nr «AB1234567C»
numero della patente «AB1234567C»
rijbewijsnr «5123456789»
rijbewijs nr. «5123456789»
carta de condução nº «P-123456 7»
řidičský průkaz «EB 123456»
водительское удостоверение «99 12 345678»
驾驶证 «110105194912310021»
운전면허 «11-12-123456-78»
driving licence: «KA-01-20190001234»
"driver": {"license": "«D1234567»"}
driver_license: «D1234567»
""",
    "PHONE": """
«+1.415.555.0132»
my number: «555-0132»
whatsapp me on «49 151 23456789»
«0044 7700 900123»
«07700-900123»
«(020) 7946 0958»
«+49 (0)30 901820»
«0151 234 567 89»
«01.42.68.53.00»
«612 345 678» es mi número
cell. «333 1234567»
il mio numero è «333 123 4567»
mijn nummer is «06 12345678»
«+55 11 98765-4321»
tel. kom. «601234567»
«+91-9876543210»
ph: «98765 43210»
«+41 79 123 45 67»
«044 668 18 00»
mob «412 34 567»
mitt nummer er «41234567»
«040 123 4567»
«+353 85 123 4567»
«085 123 4567»
«+81 90-1234-5678»
«+82 10-1234-5678»
«010-1234-5678»
«050-123-4567»
«0812-3456-7890»
hp «081234567890»
phone «9123 4567»
«+92 300 1234567»
«0300-1234567»
«+212 6 12 34 56 78»
tel: «601 123 456»
«415-555-0132, ext. 12»
«415-555-0132 (ext. 12)»
«( 415 ) 555-0132»
phoneNumber='«+14155550132»'
My # is «415-555-0132»
phone: «(+44) 7700 900123»
«+1415 555 0132»
my phone number is four one five... «415 555 0132»
Tel. / WhatsApp «0176 12345678»
tél: «+33 (0) 6 12 34 56 78»
mi teléfono es el «612 345 678»
«(+34) 612 345 678»
fijo «91 234 56 78»
«+57 311 2345678»
«+52 (55) 1234-5678»
nummer «06 12 34 56 78»
tel.nr. «06-12345678»
cel: «(11) 9 8765-4321»
«+55 11 9 8765-4321»
mój telefon «601 234 567»
«0048 601 234 567»
«+1 (312) 555-0147 ext. 3»
phone: '«+44 7700 900456»'
client.messages.create(to="«+447700900456»")
[call](tel:«+447700900456»)
signal: «07700 900456»
whats app «07700900456»
T «020 7946 0123» M «07700 900456»
t: «020 7946 0123» | m: «07700 900456»
phone «+61412345678»
you can reach him at «3125550147»
available at «3125550147»
at «312-555-0147»
the number is «07700 900456»
携帯 «090 1234 5678»
手机号是«13800138000»
휴대폰 «010-1234-5678»
«+7(916)1234567»
«+351-912-345-678»
«(+351) 912 345 678»
«+1-(415)-555-0132»
«+32 (0)470 12 34 56»
«06/12345678»
«+45 12 34 56 78»
«040-1234567»
tel «210 1234567»
«+972-50-1234567»
«+254 (0)712 345678»
«+86-138-1234-5678»
«+86 13812345678»
«(010) 6552 9988»
«+81 (0)90-1234-5678»
«+593 99 123 4567»
Tel «+49.151.23456789»
sms me «07700900123»
""",
    "NATIONAL_ID": """
TC: «10000000146»
vergi no «1234567890»
NI: «QQ 12 34 56 C»
NINO «qq123456c»
nino: «QQ-12-34-56-C»
NHS no «943 476 5919»
NHS Number «9434765919»
my UTR «12345 67890»
SV-Nummer «12 150780 K 123»
Sozialversicherungsnummer «12150780K123»
Personalausweisnummer «L01X00T471»
numéro de sécu «185057800608436»
mi DNI es «12345678Z»
cf «rssmra80a01h501u»
número de contribuinte: «123456789»
NISS «12345678901»
RG «12.345.678-9»
PIS «123.45678.90-1»
NIP: «1234563218»
voter id «ABC1234567»
social insurance number «046454286»
Medicare number: «2123456701»
personnummer: «8112189876»
fødselsnummer «010180 12345»
SVNR «1237 010180»
rijksregisternummer «85.07.30-033.28»
rč «8501011234»
isikukood «37605030299»
adóazonosító «8012345678»
TAJ szám «123 456 788»
СНИЛС «112-233-445 95»
паспорт «45 04 346738»
주민등록번호 «850101-1234567»
FIN «G1234567X»
MyKad «850101-14-5678»
IC no «850101-14-5678»
CMND «123456789»
NID «1234567890123»
PhilSys «1234-5678-9012-3456»
Huduma «12345678»
Emirates ID «784-1985-1234567-1»
RUN: «12345678-5»
CUIT «20-12345678-9»
CUIL «20123456789»
PPS «1234567T»
""",
}
NOT_FOUND = {
    "LICENSE": """
MIT license 2020
Apache License, Version 2.0
GPL-3.0 license
licensed in 2010 to 12000 users
license: GPLv3
license: CC-BY-4.0
License CC BY-SA 4.0
a licence costs 250 euros
my license expires on 2031-01-01
my license expires in 2027
driver version 1.2.3.4567
driver 10.0.19041
NVIDIA driver version 535.129.03
Windows 10 license key
business license 2021
patent 1234567
permis 2 ans
permis de construire 2020
DL model with 12345 parameters
driving at 120 km
driver's license renewal takes 10 to 15 days
licencia de 2020
license plate ABC-1234
driver's license fee is 1,250 dollars
Führerschein kostet 2500 Euro
Führerschein mit 17 Jahren 2020
CNH 2020
DL 2023
rijbewijs 2020
""",
    "PHONE": """
from 2019 to 2023
1 2 3 4 5 6 7 8 9 10
10 20 30 40 50 60
0.5 0.25 0.125 0.0625
3.141592653589793
01/02/2003 04/05/2006
01 02 2003
12:30:45 2020
order #415-555-0132
ticket 07700900123
12345678901
id: 4155550132
"id": 4155550132
"timestamp": 1700000000
1700000000
0x1234567
2-3-4-5-6-7-8-9
(1) 234 (2) 345
(1990) 123-4567
population 8 123 456
call the function with 1234567890
call of duty 2019 2020
phone costs 1200 dollars
pages 123-456-7890123
$415 555 0132
415 555 013
011 0110 0110
1e10 1234567
5 000 000 - 6 000 000
-122.419416, 37.774929
37.774929 -122.419416
years 1999-2000 2001-2002
score 10-12 11-9 21-19
Fibonacci: 0 1 1 2 3 5 8 13 21 34
M 1234567
(2019) 12 345 678
06:12:34:56:78
batch 0412 345 678
order number is 0612345678
the number 1234567
number: 10000000
my number is 7
tax 12 345 678 903
zip 94103-1234
id 415-555-0132
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


@pytest.mark.parametrize("text", ["Port 443 is open", "listen on port 8080", "Ports 80 and 443"])
def test_a_port_is_neither_an_address_nor_an_id(text):
    assert find_all(text) == []
