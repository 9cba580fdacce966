"""Keys that a provider marks with a prefix: the prefix that must occur, the provider, the form.

Forms are those that the providers or the public rules of secret scanners (gitleaks, GitHub) describe. Lengths have an
upper bound, so that a hostile text costs linear time.
"""

import re

_BEFORE, _AFTER = r"(?<![A-Za-z0-9_-])", r"(?![A-Za-z0-9_-])"


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(_BEFORE + "(?:" + pattern + ")" + _AFTER)


PROVIDER_KEYS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("sk-ant-", "Anthropic", _form(r"sk-ant-[\w-]{20,200}")),
    ("sk-or-", "OpenRouter", _form(r"sk-or-[\w-]{20,200}")),
    ("sk-", "OpenAI", _form(r"sk-(?:(?:proj|svcacct|admin|None)-[\w-]{20,300}|[A-Za-z0-9]{20,128})")),
    ("AKIA", "AWS", _form(r"AKIA[A-Z0-9]{16}")),
    ("ASIA", "AWS", _form(r"ASIA[A-Z0-9]{16}")),
    ("github_pat_", "GitHub", _form(r"github_pat_\w{22,255}")),
    ("gh", "GitHub", _form(r"gh[pousr]_[A-Za-z0-9]{36,255}")),
    ("gl", "GitLab", _form(r"gl(?:pat|dt|rt|oas|cbt|ptt|ft|imt|agent|soat)-[\w.-]{20,200}")),
    ("xox", "Slack", _form(r"xox[abceoprs](?:\.xox[bp])?-[\w-]{10,300}")),
    ("xapp-", "Slack", _form(r"xapp-\d-[\w-]{10,300}")),
    ("hooks.slack.com", "Slack", re.compile(r"hooks\.slack\.com/(?:services|workflows)/[\w/-]{20,200}")),
    ("k_live_", "Stripe", _form(r"[rsp]k_live_[A-Za-z0-9]{16,250}")),
    ("k_test_", "Stripe", _form(r"[rsp]k_test_[A-Za-z0-9]{16,250}")),
    ("whsec_", "Stripe", _form(r"whsec_[A-Za-z0-9+/=]{24,250}")),
    ("AIza", "Google", _form(r"AIza[\w-]{35}")),
    ("ya29.", "Google", _form(r"ya29\.[\w-]{20,1000}")),
    ("GOCSPX-", "Google", _form(r"GOCSPX-[\w-]{20,40}")),
    ("hf_", "Hugging Face", _form(r"hf_[A-Za-z0-9]{30,64}")),
    ("npm_", "npm", _form(r"npm_[A-Za-z0-9]{36}")),
    ("pypi-", "PyPI", _form(r"pypi-[\w-]{50,1000}")),
    ("SG.", "SendGrid", _form(r"SG\.[\w-]{16,40}\.[\w-]{16,80}")),
    ("SK", "Twilio", _form(r"SK[0-9a-f]{32}")),
    ("AC", "Twilio", _form(r"AC[0-9a-f]{32}")),
    ("key-", "Mailgun", _form(r"key-[0-9a-f]{32}")),
    ("-us", "Mailchimp", _form(r"[0-9a-f]{32}-us\d{1,2}")),
    ("_v1_", "DigitalOcean", _form(r"do[opr]_v1_[0-9a-f]{64}")),
    ("shp", "Shopify", _form(r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}")),
    ("sq0", "Square", _form(r"sq0(?:atp|csp|idp)-[\w-]{22,60}")),
    (":AA", "Telegram", _form(r"\d{8,10}:AA[\w-]{32,36}")),
    ("dapi", "Databricks", _form(r"dapi[0-9a-f]{32}(?:-\d)?")),
    ("dckr_pat_", "Docker", _form(r"dckr_pat_[\w-]{27,64}")),
    ("gsk_", "Groq", _form(r"gsk_[A-Za-z0-9]{40,64}")),
    ("r8_", "Replicate", _form(r"r8_[A-Za-z0-9]{37,40}")),
    ("lin_api_", "Linear", _form(r"lin_api_[A-Za-z0-9]{40}")),
    ("ntn_", "Notion", _form(r"ntn_[A-Za-z0-9]{40,60}")),
    ("hvs.", "HashiCorp Vault", _form(r"hvs\.[\w-]{24,200}")),
    ("NRAK-", "New Relic", _form(r"NRAK-[A-Z0-9]{27}")),
    ("ATATT3", "Atlassian", _form(r"ATATT3[\w=-]{50,300}")),
    ("PMAK-", "Postman", _form(r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}")),
    ("figd_", "Figma", _form(r"figd_[\w-]{40,64}")),
    ("AGE-SECRET-KEY-1", "age", _form(r"AGE-SECRET-KEY-1[0-9A-Z]{58}")),
)
