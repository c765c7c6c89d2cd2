"""Text messages through the operator's HTTP provider.

One POST of JSON to TAKATUF_SMS_URL: ``{"to", "text", "sender", "reference"}``, with
``Authorization: Bearer …`` and an ``Idempotency-Key`` that stays the same over retries. 2xx
is success; 408, 425, 429 and 5xx are tried again; redirects are not followed.
"""

import http.client
import json
from urllib.parse import urlsplit

from django.conf import settings

from takatuf.kernel.models import Message
from takatuf.kernel.outbox.providers import Refused, Unreachable

TIMEOUT = 10
MOST_BYTES = 64 * 1024
TRY_AGAIN = {408, 425, 429}
CONNECTIONS = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}


def send_sms(message: Message) -> str:
    """Hand the message to the provider; return the provider's id of it, if it gave one.

    :raises Refused: if the provider says this message is no good.
    :raises Unreachable: for anything that may pass.
    """
    try:
        status, answer = _post(message)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"The SMS provider could not be reached: {error}") from error
    if 200 <= status < 300:  # noqa: PLR2004 - HTTP's own ranges
        return _id_in(answer)
    kind = Unreachable if status >= 500 or status in TRY_AGAIN else Refused  # noqa: PLR2004
    raise kind(f"The SMS provider answered {status}.")


def _post(message: Message) -> tuple[int, bytes]:
    url = urlsplit(settings.SMS_URL)
    if url.scheme not in CONNECTIONS or not url.hostname:
        raise Refused("TAKATUF_SMS_URL is not an http or https address.")
    connection = CONNECTIONS[url.scheme](url.hostname, url.port, timeout=TIMEOUT)
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    try:
        connection.request("POST", path, body=_body(message), headers=_headers(message))
        response = connection.getresponse()
        return response.status, response.read(MOST_BYTES)
    finally:
        connection.close()


def _body(message: Message) -> bytes:
    fields = {
        "to": message.address,
        # A text message has no subject line, and the first words often say the most: a code.
        "text": f"{message.subject}\n{message.body}".strip(),
        "sender": settings.SMS_SENDER,
        "reference": str(message.key),
    }
    return json.dumps(fields, ensure_ascii=False).encode()


def _headers(message: Message) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Accept": "application/json",
        "Idempotency-Key": str(message.key),
    }
    if settings.SMS_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_TOKEN}"
    return headers


def _id_in(answer: bytes) -> str:
    try:
        fields = json.loads(answer)
    except ValueError:
        return ""
    return str(fields.get("id", "")) if isinstance(fields, dict) else ""
