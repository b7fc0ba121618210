"""Everything that can be set from outside, read once at start.

The only reader of ``os.environ``. Decides names, defaults and what is unsafe; refuses to know
what the values are used for. Every field is documented in the README, which a test compares.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Problem, msg

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "WLANTRACK_"
_ANSWERS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
SECRET_KEY_LENGTH = 32
PACKAGE_DIR = Path(__file__).resolve().parent


def resource_dir() -> Path:
    """Give the folder with ``static/``, ``migrations/`` and ``floorplans/``.

    A checkout has them beside the package, an installed wheel inside it.
    """
    checkout = PACKAGE_DIR.parent
    return checkout if (checkout / "migrations").is_dir() else PACKAGE_DIR / "_bundle"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one installation; ``WLANTRACK_<FIELD>`` sets each."""

    data_dir: Path = Path("wlantrack-data")
    """Folder of the embedded database and files."""
    database_url: str = ""
    """SQLAlchemy URL of another database; empty: SQLite in data_dir."""
    secret_key: str = field(default="", repr=False)
    """Signs session cookies; empty: made once and kept in data_dir."""
    city_name: str = "Stuttgart"
    """Shown in the top bar."""
    app_url: str = ""
    """Where this installation is opened, for QR codes on labels; empty: as the request asked."""
    storage_crs: str = "EPSG:25832"
    """CRS of stored coordinates; set once at installation."""
    languages: str = "de,en"
    """Languages offered; the first is the default."""
    timezone: str = "Europe/Berlin"
    """Time zone in which dates and times are shown."""
    holiday_region: str = "DE-BW"
    """Whose holidays are no working days: country and part."""
    cable_slack_percent: int = 5
    """Share added to the length of a cable's way, because no cable lies straight."""
    cable_spare_m: int = 2
    """Loop in metres that stays at each end of a cable."""
    secure_cookies: bool = False
    """Send cookies over https only."""
    session_idle_minutes: int = 60
    """A session without requests ends after this long."""
    session_hours: int = 12
    """A session ends after this long in any case."""
    login_rate: str = "10 per minute"
    """Attempts to log in per address."""
    login_account_rate: str = "30 per 15 minutes"
    """Failed attempts to log in per account, wherever they come from."""
    trusted_proxies: int = 0
    """How many reverse proxies stand in front: so many entries of X-Forwarded-For are believed."""
    upload_limit_mb: int = 64
    """Largest request body."""
    hsts_days: int = 0
    """So many days browsers shall insist on https; needs secure_cookies."""
    metrics_token: str = field(default="", repr=False)
    """Who sends it as a bearer token reads /metrics; empty: only this machine does."""
    log_format: str = "text"
    """``text``, or ``json``: one document a line, with the request's number."""
    log_level: str = "INFO"
    """Least important kind of message that is logged."""
    local_login: bool = True
    """Log in with name and password; false: by the log-in service only."""
    oidc_discovery_url: str = ""
    """OpenID Connect: address of the service's openid-configuration; empty: no service."""
    oidc_client_id: str = ""
    """Name of this installation at the log-in service."""
    oidc_client_secret: str = field(default="", repr=False)
    """Secret of this installation at the log-in service."""
    oidc_label: str = ""
    """What the log-in page calls the service."""
    oidc_scope: str = "openid profile"
    """Scopes to ask the log-in service for."""
    oidc_groups_claim: str = "groups"
    """Claim in which the log-in service lists a person's groups."""
    oidc_allowed_groups: str = ""
    """Groups that may log in, separated by semicolons; empty: whoever a group gives a role."""
    oidc_roles: str = ""
    """``group=role@scope`` entries, separated by semicolons."""
    denies_by_default: bool | None = None
    """Attests that the firewall denies what no flow allows; empty: nobody attests it."""
    organisation_words: str = "Stuttgart,LHS"
    """Names of the organisation that an SSID should not tell, with commas; empty: not known."""
    smtp_host: str = ""
    """Server that mail is handed to; empty: no mail is sent."""
    smtp_port: int = 587
    """Its port."""
    smtp_security: str = "starttls"
    """``starttls``, ``tls`` from the first byte, or ``none``, on this machine only."""
    smtp_user: str = ""
    """Name of this installation there; empty: it asks for none."""
    smtp_password: str = field(default="", repr=False)
    """Its password there."""
    smtp_password_file: str = ""
    """File with that password instead, readable by nobody else."""
    smtp_ca_file: str = ""
    """Certificates by which the server is known; empty: those of the system."""
    smtp_timeout_s: int = 20
    """So long it may take to answer."""
    mail_from: str = ""
    """Address from which mail comes."""
    mail_domains: str = ""
    """Domains to which mail may go, with commas; empty: to all."""
    public_authority: str = ""
    """Who publishes the public hotspot page; empty: city_name."""
    public_url: str = ""
    """Where the public page is served, for the open data's metadata; empty: relative addresses."""
    public_contact: str = ""
    """Mail address for questions about the public page."""
    public_licence: str = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
    """Licence of the open data: an address of DCAT-AP.de's list."""
    public_contributor: str = ""
    """Address that GovData has given the contributor."""
    public_geocoding: str = ""
    """Address of the municipality's key in DCAT-AP.de's list."""
    public_imprint_url: str = ""
    """Imprint that the public page leads to."""
    public_privacy_url: str = ""
    """Privacy notice that the public page leads to."""
    public_enforcement: str = (
        "Schlichtungsstelle beim Landeszentrum Barrierefreiheit,"
        " Else-Josenhans-Straße 6, 70173 Stuttgart"
    )
    """Whom the accessibility statement names for those who get no answer."""
    public_enforcement_url: str = "https://barrierefreiheit-bw.de/"
    """Where to reach them."""
    public_accessibility_gaps: str = ""
    """What of the public page is not accessible, separated by semicolons; empty: nothing known."""
    public_statement_on: str = ""
    """Day of the accessibility statement, such as 2026-11-25."""
    feedback_rate: str = "10 per hour"
    """Messages from the public page per address."""

    @property
    def url(self) -> str:
        """Give the database URL in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'wlantrack.db').resolve()}"

    @property
    def organisation_names(self) -> tuple[str, ...] | None:
        """Give the names of the organisation; None while they are not known."""
        names = tuple(word.strip() for word in self.organisation_words.split(",") if word.strip())
        return names or None

    @property
    def files_dir(self) -> Path:
        """Give the folder of uploaded plans."""
        return self.data_dir / "files"

    @property
    def uploads_dir(self) -> Path:
        """Give the folder of uploads between preview and import; emptied after a day."""
        return self.data_dir / "uploads"

    @property
    def cache_dir(self) -> Path:
        """Give the folder of pictures that can be made again."""
        return self.data_dir / "cache"

    @property
    def public_dir(self) -> Path:
        """Give the folder of the published bundle, which the application serves."""
        return self.data_dir / "public"

    @property
    def language_codes(self) -> tuple[str, ...]:
        """Give the offered languages, the default first."""
        return tuple(code.strip() for code in self.languages.split(",") if code.strip())

    def smtp_secret(self) -> str:
        """Give the password for the mail server: the setting, or what stands in its file."""
        if self.smtp_password_file:
            return Path(self.smtp_password_file).read_text(encoding="utf-8").strip()
        return self.smtp_password

    @property
    def mail_domain_names(self) -> tuple[str, ...]:
        """Give the domains to which mail may go; none is all."""
        names = (name.strip().lower() for name in self.mail_domains.split(","))
        return tuple(name for name in names if name)

    def session_key(self) -> str:
        """Give the cookie key: the setting, or one made at first start and kept.

        Raises
        ------
        InvalidInput
            The key could be guessed; the problem names the variable, or the kept file.
        """
        if self.secret_key:
            return _require_long(self.secret_key, f"{PREFIX}SECRET_KEY")
        path = self.data_dir / "secret_key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        return _require_long(path.read_text(), str(path))


def is_loopback(host: str) -> bool:
    """Tell whether an address is this machine's own."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def load_settings(
    environ: Mapping[str, str] | None = None, *, data_dir: Path | None = None
) -> Settings:
    """Read the settings from the environment.

    Raises
    ------
    InvalidInput
        A value is not of its setting's kind; the problem names the variable.
    """
    source = os.environ if environ is None else environ
    values: dict[str, object] = {
        item.name: _parse(PREFIX + item.name.upper(), source[PREFIX + item.name.upper()], item.type)
        for item in fields(Settings)
        if PREFIX + item.name.upper() in source
    }
    if data_dir is not None:
        values["data_dir"] = data_dir
    settings = Settings(**values)  # type: ignore[arg-type]
    for name in ("cable_slack_percent", "cable_spare_m"):
        if getattr(settings, name) < 0:
            raise InvalidInput(
                Problem(
                    msg("A cable cannot be shorter than its way."),
                    msg("Set it to 0 or more."),
                    field=f"{PREFIX}{name.upper()}",
                    value=str(getattr(settings, name)),
                )
            )
    if settings.trusted_proxies < 0:
        raise InvalidInput(
            Problem(
                msg("There cannot be fewer than no proxies."),
                msg("Count the reverse proxies in front of wlantrack; 0 if there is none."),
                field=f"{PREFIX}TRUSTED_PROXIES",
                value=str(settings.trusted_proxies),
            )
        )
    return settings


def _require_long(key: str, origin: str) -> str:
    """Refuse a key with which anybody could sign a session; never shows it."""
    if len(key.strip()) < SECRET_KEY_LENGTH:
        raise InvalidInput(
            Problem(
                msg(
                    "The secret key is shorter than %(length)d characters, so it could be guessed.",
                    length=SECRET_KEY_LENGTH,
                ),
                msg(
                    "Make a new one with: python -c 'import secrets;"
                    " print(secrets.token_urlsafe(48))'"
                ),
                field=origin,
            )
        )
    return key


def _parse(name: str, text: str, kind: object) -> object:
    try:
        match kind:
            case "int":
                return int(text)
            case "bool":
                return _ANSWERS[text.lower()]
            case "bool | None":
                return _ANSWERS[text.strip().lower()] if text.strip() else None
            case "Path":
                return Path(text)
    except (KeyError, ValueError) as error:
        problem = Problem(
            msg("The setting is not of kind %(kind)s.", kind=kind),
            msg("Set it to a whole number, or to true or false."),
            field=name,
            value=text,
        )
        raise InvalidInput(problem) from error
    return text
