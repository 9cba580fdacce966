"""Invented secrets for the chat set: provider keys in the forms their documentation shows, tokens and passwords."""

import base64
import json
import random
import string

from private_chats_numbers import HEX, letters

Random = random.Random
ALNUM = string.ascii_letters + string.digits
URLSAFE = ALNUM + "-_"
LOWER = string.ascii_lowercase + string.digits
UPPER = string.ascii_uppercase + string.digits
ALPHABETS = {"a": ALNUM, "u": URLSAFE, "x": HEX, "d": string.digits, "l": LOWER, "U": UPPER, "b": ALNUM + "+/"}

# Variable in which the key usually lies, and its form: {a40} stands for 40 characters of the alphabet "a".
PROVIDERS: tuple[tuple[str, str], ...] = (
    ("OPENAI_API_KEY", "sk-proj-{u74}T3BlbkFJ{u74}"),
    ("OPENAI_API_KEY", "sk-{a20}T3BlbkFJ{a20}"),
    ("ANTHROPIC_API_KEY", "sk-ant-api03-{u93}AA"),
    ("AWS_ACCESS_KEY_ID", "AKIA{U16}"),
    ("AWS_SECRET_ACCESS_KEY", "{b40}"),
    ("GITHUB_TOKEN", "ghp_{a36}"),
    ("GH_TOKEN", "github_pat_{a22}_{a59}"),
    ("GITHUB_OAUTH", "gho_{a36}"),
    ("GITLAB_TOKEN", "glpat-{u20}"),
    ("SLACK_BOT_TOKEN", "xoxb-{d12}-{d13}-{a24}"),
    ("SLACK_USER_TOKEN", "xoxp-{d12}-{d12}-{d13}-{x32}"),
    ("STRIPE_SECRET_KEY", "sk_live_{a24}"),
    ("STRIPE_RESTRICTED_KEY", "rk_live_{a24}"),
    ("STRIPE_WEBHOOK_SECRET", "whsec_{a32}"),
    ("GOOGLE_API_KEY", "AIza{u35}"),
    ("GOOGLE_CLIENT_SECRET", "GOCSPX-{u28}"),
    ("TWILIO_AUTH_TOKEN", "{x32}"),
    ("TWILIO_API_KEY", "SK{x32}"),
    ("SENDGRID_API_KEY", "SG.{u22}.{u43}"),
    ("MAILGUN_API_KEY", "key-{x32}"),
    ("MAILCHIMP_API_KEY", "{x32}-us12"),
    ("NPM_TOKEN", "npm_{a36}"),
    ("PYPI_TOKEN", "pypi-AgEIcHlwaS5vcmc{u140}"),
    ("HF_TOKEN", "hf_{a34}"),
    ("DIGITALOCEAN_TOKEN", "dop_v1_{x64}"),
    ("DATABRICKS_TOKEN", "dapi{x32}"),
    ("AZURE_STORAGE_KEY", "{b86}=="),
    ("TELEGRAM_BOT_TOKEN", "{d10}:AA{u33}"),
    ("SHOPIFY_ACCESS_TOKEN", "shpat_{x32}"),
    ("SQUARE_ACCESS_TOKEN", "sq0atp-{u22}"),
    ("NOTION_API_KEY", "ntn_{a46}"),
    ("LINEAR_API_KEY", "lin_api_{a40}"),
    ("POSTMAN_API_KEY", "PMAK-{x24}-{x34}"),
    ("NEW_RELIC_KEY", "NRAK-{U27}"),
    ("GRAFANA_TOKEN", "glsa_{a32}_{x8}"),
    ("VAULT_TOKEN", "hvs.{u90}"),
    ("DOCKER_PAT", "dckr_pat_{u27}"),
    ("GROQ_API_KEY", "gsk_{a52}"),
    ("REPLICATE_API_TOKEN", "r8_{a37}"),
    ("ATLASSIAN_TOKEN", "ATATT3xFfGF0{u180}={x8}"),
    ("DOPPLER_TOKEN", "dp.pt.{a43}"),
    ("SUPABASE_TOKEN", "sbp_{x40}"),
)
# Keys without a prefix are only known by the name beside them.
NAMED_ONLY = {"AWS_SECRET_ACCESS_KEY", "TWILIO_AUTH_TOKEN", "AZURE_STORAGE_KEY"}
WORDS = [
    "harbor",
    "velvet",
    "pickle",
    "comet",
    "walrus",
    "thunder",
    "maple",
    "biscuit",
    "orbit",
    "lantern",
    "pepper",
    "gravel",
    "tulip",
    "falcon",
    "mango",
]


def filled(rng: Random, form: str) -> str:
    """The form with each {alphabet length} filled with random characters."""
    parts = form.split("{")
    filled_parts = [parts[0]]
    for part in parts[1:]:
        place, rest = part.split("}", 1)
        filled_parts.append(letters(rng, int(place[1:]), ALPHABETS[place[0]]) + rest)
    return "".join(filled_parts)


def password(rng: Random) -> str:
    """A password as people choose them: words with digits and signs, or random characters."""
    first, second = rng.sample(WORDS, 2)
    number = rng.randint(10, 9999)
    return rng.choice(
        [
            f"{first.capitalize()}{number}!",
            f"{first.capitalize()}-{second}-{number}",
            f"{first}{second}{number}",
            first.replace("a", "@").replace("e", "3").capitalize() + f"#{number}",
            letters(rng, 11, ALNUM) + rng.choice("!$%*"),
            f"{first}_{second}@{number}",
            letters(rng, 4, UPPER) + "$" + letters(rng, 8, ALNUM),
        ]
    )


def jwt(rng: Random) -> str:
    """A JSON web token with an invented subject and a random signature."""
    head = json.dumps({"alg": "HS256", "typ": "JWT"}, separators=(",", ":"))
    body = json.dumps({"sub": str(rng.randint(10**6, 10**7)), "iat": rng.randint(16 * 10**8, 17 * 10**8)})
    parts = [base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in (head, body)]
    return ".".join([*parts, letters(rng, 43, URLSAFE)])


def private_key(rng: Random) -> str:
    """A PEM block of random characters."""
    lines = [letters(rng, 64, ALPHABETS["b"]) for _ in range(4)]
    kind = rng.choice(["RSA ", "EC ", "OPENSSH ", ""])
    return "\n".join([f"-----BEGIN {kind}PRIVATE KEY-----", *lines, f"-----END {kind}PRIVATE KEY-----"])
