"""Speaks OpenID Connect with the log-in service: code flow with PKCE, state and nonce.

Decides how the service is asked and what of its answer counts; refuses to know accounts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import current_app, redirect, session
from joserfc.errors import JoseError

from wlantrack.errors import NotFound, msg
from wlantrack.services.outside_logins import Identity
from wlantrack.web.context import installation

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

    from wlantrack.settings import Settings

_EXTENSION = "wlantrack.login_service"
_TIMEOUT_S = 10
_STATE = "_state_service_"
_WELL_KNOWN = "/.well-known/openid-configuration"
_FAULTS = (AuthlibBaseError, JoseError, requests.RequestException, ValueError, RuntimeError)
"""What goes wrong between two services: refusals, forged or late answers, no answer at all."""


class ServiceFault(Exception):
    """The log-in service refused, did not answer, or answered what cannot be believed.

    What it says is for the log: it may hold the service's own words.
    """


def init_service(app: Flask, settings: Settings) -> None:
    """Attach the log-in service of an installation, if it has one."""
    if not settings.oidc_discovery_url:
        return
    app.extensions[_EXTENSION] = OAuth(app).register(
        "service",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=settings.oidc_discovery_url,
        client_kwargs={
            "scope": settings.oidc_scope,
            "code_challenge_method": "S256",
            "default_timeout": _TIMEOUT_S,
        },
    )


def has_service() -> bool:
    """Tell whether this installation has a log-in service."""
    return _EXTENSION in current_app.extensions


def _client() -> Any:  # noqa: ANN401 - Authlib has no types
    if not has_service():
        raise NotFound(msg("There is no log-in service."))
    return current_app.extensions[_EXTENSION]


def ask_service(return_url: str) -> Response:
    """Send the browser to the log-in service, which sends it back to ``return_url``.

    Raises
    ------
    ServiceFault
        The service does not say how it wants to be asked.
    """
    client = _client()
    for key in [key for key in session if key.startswith(_STATE)]:
        del session[key]  # questions that were given up would fill the cookie
    try:
        address = client.create_authorization_url(return_url)
        client.save_authorize_data(redirect_uri=return_url, **address)
    except _FAULTS as error:
        raise ServiceFault(f"{type(error).__name__}: {error}") from error
    response: Response = redirect(address["url"])
    return response


def read_answer() -> Identity:
    """Exchange the code that the browser has brought back, and give who it stands for.

    Raises
    ------
    ServiceFault
        The answer does not belong to a question of this browser, or cannot be believed.
    """
    client = _client()
    try:
        token = client.authorize_access_token()
        claims = dict(token.get("userinfo") or {})
        claim = installation().settings.oidc_groups_claim
        if claim not in claims and client.server_metadata.get("userinfo_endpoint"):
            told = dict(client.userinfo(token=token))
            if told.get("sub") == claims.get("sub"):
                claims = told | claims
        _require_own_issuer(client.server_metadata.get("issuer", ""))
    except _FAULTS as error:
        raise ServiceFault(f"{type(error).__name__}: {error}") from error
    return _read_identity(claims, claim)


def _require_own_issuer(issuer: str) -> None:
    # OpenID Connect Discovery 1.0, 4.3: else any site could speak for the one that was named.
    if issuer.rstrip("/") + _WELL_KNOWN != installation().settings.oidc_discovery_url:
        message = f"the configuration names another issuer, {issuer}"
        raise ValueError(message)


def _read_identity(claims: dict[str, Any], claim: str) -> Identity:
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not isinstance(issuer, str) or not isinstance(subject, str) or not subject:
        message = "no issuer and subject in the answer"
        raise ServiceFault(message)
    groups = claims.get(claim) or ()
    return Identity(
        issuer=issuer,
        subject=subject,
        name=str(claims.get("preferred_username") or ""),
        display_name=str(claims.get("name") or ""),
        groups=tuple(map(str, groups)) if isinstance(groups, (list, tuple)) else (str(groups),),
    )
