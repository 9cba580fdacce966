"""User names in the many ways in which people, programs and sites write them."""

import pytest

from core.privacy import find_all

# One text a line, what must be found in «»: as people write in chats, tickets, code, logs and tables.
FOUND = {
    "USERNAME": """
Twitter/X: @«martacodes»
skype: «karl.meier77»
minecraft username: «Blockzilla»
linkedin.com/in/«marta-kowalska-91b2»
https://www.linkedin.com/in/«martakowalska»/
instagram.com/«marta.codes»
cc @«dieter.w», @«annag»
login: «akern»
log in as «akern»
user_name='«akern»'
username=«akern»&password=x
uid=1001(«akern») gid=1001(akern)
uid=«akern»,ou=people,dc=example,dc=com
«akern»@DESKTOP-7Q:~/src$ make
psql -U «akern» shop
mysql -u«akern» -p
file:///home/«akern»/x.txt
Assignee: «akern81»
@«foxy_99»: hello
Nutzername «akern»
Mein Insta ist «foxy.lady»
mon pseudo c'est «renardroux»
l'utilisateur «akern81» ne peut pas
connecté en tant que «akern»
mi nombre de usuario es «zorrito99»
gebruikersnaam: «vosje»
mijn gebruikersnaam is «vosje22»
gebruiker «vosje22» kan niet inloggen
meu usuário é «raposa99»
meu insta é «raposa.99»
find me on insta, «foxy.lady»
my screen name is «foxy99»
UserID «FX20391»
Windows user «akern»
credentials: «akern» / Zx8!kk2
log in with «akern» / Zx8!kk2
spring.datasource.username=«akern»
username: '«akern»'
CREATE ROLE «akern» WITH LOGIN
curl -u «akern»:Zx8kk2 https://x
user = '«akern81»'
my venmo is «annakern7»
twitch: «foxy_99»
tiktok: @«foxy.99»
tik tok «foxy.99»
bluesky @«foxy.bsky.social»
Signal username «foxy.42»
slack: @«akern»
slack handle is «akern»
Slack me at @«akern»
GitHub: «akern»
Nintendo: «foxy99»
my lichess account is «knightrider88»
Strava: «foxyruns»
reset the password for «akern81»
unlock account «akern81»
«akern»  pts/0  10.0.0.5  Mon Jan 1
X-User: «akern»
--username=«akern»
user «j.kowal» has been disabled
DM me @«noor.designs»
Steam username: «GrumpyGoblin»
ingame name: «Blockzilla»
screenname: «novastar»
user=«jkowal» ip=10.0.0.4
db.users.find({username: "«jkowal»"})
User.objects.get(username="«jkowal»")
sshd[81]: Connection closed by authenticating user «jkowal» 10.0.0.5
sudo: «jkowal» : TTY=pts/0 ; PWD=/home/x
«jkowal92» wrote:
via @«jkowal»
github.com/«jkowal»/x/issues/3
https://tiktok.com/@«noor.designs»
https://www.pinterest.com/«novastar»/
ls /home/«jkowal»/
File "/Users/«jkowal»/x.py", line 3
«jkowal»@srv1's password:
«jkowal»@srv1 ~ %
smbclient //srv/x -U «jkowal»
il mio utente è «jkowal»
il mio account è «jkowal92»
mój login: «jkowal»
loguję się jako «jkowal»
username for netflix is «jkowal»
the username you need is «jkowal»
the account name is «jkowal»
her insta is «noor.designs»
- username: «jkowal»
Assigned to: «jkowal»
impersonating «marta_k»
username is «a.kern-92»
[twitter] «jessxo»
Skype name «jess.xo»
vpn username «jxo92»
network id «jxo92»
scp report.pdf «akern»@backup:
$ scp report.pdf «akern»@files.example.org:/tmp
ssh «akern»@build.example.com
ssh -p 2222 -i ~/.ssh/build-key «akern»@build.example.com uptime
ssh in as «akern»@build.example.com
`rsync -avz src/ «akern»@files.example.org:/data`
git clone «akern»@git.example.com:team/repo.git
""",
}
NOT_FOUND = {
    "USERNAME": """
the user interface is nice
The user is able to log in
User: What is the capital of France?
username and password
Log in as a guest
I go by train
instagram is popular
my discord is down
discord: a state of disagreement
telegram - a message sent by wire
slack: room for error
signal: noise
the line id is 7
import x from '@angular/core'
price @ 5 dollars
https://github.com/features
user@host:~$
user = None
username = input("name")
username = request.form['username']
"username": {"type": "string"}
assigned to the team
my account is suspended
my login is not working
The handle of the door
His nickname was Babe
l'utilisateur peut cliquer
pseudo code
profile name not set
account: savings
created by hand
GET /users/:id
drwxr-xr-x 2 root root 4096 Mar  1
[ERROR] failed
<span>text</span>
npm install react@latest
sudo -u postgres psql
git push origin main
docker pull library/nginx
mysql -u root -p
km/h
input/output
true/false
~5 minutes
cn=admin,dc=example
git clone git@git.example.com:22/repo.git
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


LOGINS = [line for _, line in lines(FOUND) if any(f"{command} " in line for command in ("ssh", "scp", "rsync", "git"))]
MAIL_BESIDE_COMMANDS = """
I ssh into the box and then mail «anna.kern@example.com»
use scp to copy it, or write to «anna.kern@example.com»
after git push «anna.kern@example.com»: your build has failed
"""


@pytest.mark.parametrize("line", LOGINS)
def test_whom_a_command_logs_in_as_is_no_mail_address(line):
    text, _ = marked(line)
    assert "EMAIL" not in {span.kind for span in find_all(text)}


@pytest.mark.parametrize("line", MAIL_BESIDE_COMMANDS.strip().splitlines())
def test_a_mail_address_in_a_sentence_about_a_command_is_one(line):
    text, places = marked(line)
    assert places == [(span.start, span.end) for span in find_all(text) if span.kind == "EMAIL"]


@pytest.mark.parametrize(("kind", "line"), lines(NOT_FOUND))
def test_ordinary_text_holds_nothing_of_the_kind(kind, line):
    assert [line[span.start : span.end] for span in find_all(line) if span.kind == kind] == []
