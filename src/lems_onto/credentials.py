"""Credentials for an endpoint, from the environment.

LEMS_ONTO_TOKEN is a bearer token; LEMS_ONTO_USER and LEMS_ONTO_PASSWORD are for
basic authentication (https://www.rfc-editor.org/rfc/rfc7617).
"""

import os

from .errors import LemsError


class BrokenSecret(LemsError):
    """A secret that cannot be sent."""


def headers():
    """The header that authenticates a request, as a dict; empty where no secret is set.

    Raises:
        BrokenSecret: a secret cannot be sent; the message names the variable alone.
    """
    import base64

    token, user = _from_environment("LEMS_ONTO_TOKEN"), _from_environment("LEMS_ONTO_USER")
    if token:
        if not token.isascii():
            raise BrokenSecret("LEMS_ONTO_TOKEN holds a character that no token has; set it anew")
        return {"Authorization": f"Bearer {token}"}
    if user:
        pair = f"{user}:{_from_environment('LEMS_ONTO_PASSWORD')}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    return {}


def _from_environment(name):
    """A secret, without the line end that files leave behind it; it stands in no message."""
    value = os.environ.get(name, "").strip()
    try:
        value.encode()
    except UnicodeEncodeError:
        value = "\0"
    if not value.isprintable():
        raise BrokenSecret(f"{name} holds a character that cannot be sent; set it anew")
    return value
