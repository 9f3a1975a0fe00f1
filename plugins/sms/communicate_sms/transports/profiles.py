"""Providers that are known: each as its own reference describes it, and nothing but what it needs.

Twilio: Programmable Messaging API, 2010-04-01.  Vonage: SMS API.  OVHcloud: API 1.0, /sms.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

from communicate_sms.states import BUFFERED, DELIVERED, FAILED, SENT
from communicate_sms.transports.http import JSON, Brought, Keys, Provider, fields_of
from communicate_sms.transports.passing import Call

SKEW = 300  # seconds that what is signed may be old


def signed_by_twilio(keys: Keys, call: Call) -> bool:
    """Tell whether ``X-Twilio-Signature`` is right: HMAC-SHA1 of the address and sorted fields."""
    form = call.fields if call.method == "POST" else {}  # a query is in the address
    said = call.url + "".join(key + form[key] for key in sorted(form))
    made = hmac.new(keys.password.encode(), said.encode(), hashlib.sha1).digest()
    return _alike(base64.b64encode(made).decode(), call.headers.get("x-twilio-signature", ""))


def signed_by_vonage(keys: Keys, call: Call) -> bool:
    """Tell whether the field ``sig`` is right and new: HMAC-SHA256 of the other ones, sorted."""
    fields = fields_of(call)
    if not keys.secret or not _is_new(fields.get("timestamp", "")):
        return False
    said = "".join(
        f"&{key}={what.translate(_PLAIN)}" for key, what in sorted(fields.items()) if key != "sig"
    )
    made = hmac.new(keys.secret.encode(), said.encode(), hashlib.sha256).hexdigest()
    return _alike(made, fields.get("sig", "").lower())


def sign_for_ovh(keys: Keys, method: str, url: str, body: bytes) -> Mapping[str, str]:
    """Return the headers that OVHcloud asks for; the secret of the application is ``password``.

    ``user`` is the key of the application, ``secret`` the consumer key.
    """
    now = str(int(time.time()))
    said = "+".join((keys.password, keys.secret, method, url, body.decode(), now))
    digest = hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest()
    return {
        "X-Ovh-Application": keys.user,
        "X-Ovh-Consumer": keys.secret,
        "X-Ovh-Timestamp": now,
        "X-Ovh-Signature": f"$1${digest}",
    }


def _is_new(written: str) -> bool:
    return written.isdecimal() and len(written) < 12 and abs(time.time() - int(written)) < SKEW


def _alike(made: str, said: str) -> bool:
    return hmac.compare_digest(made.encode(), said.encode("utf-8", "surrogateescape"))


_PLAIN = str.maketrans({"&": "_", "=": "_"})

PROVIDERS: Mapping[str, Provider] = {
    "twilio": Provider(
        url="https://api.twilio.com/2010-04-01/Accounts/$user/Messages.json",
        fields={"To": "$number", "From": "$sender", "Body": "$text"},
        receipts={"StatusCallback": "$receipts"},
        basic=True,
        reference="sid",
        check=signed_by_twilio,
        states={
            "sent": SENT,
            "queued": SENT,
            "sending": SENT,
            "delivered": DELIVERED,
            "undelivered": FAILED,
            "failed": FAILED,
        },
        receipt=Brought(state="MessageStatus", reference="MessageSid", detail="ErrorCode"),
        incoming=Brought(sender="From", recipient="To", text="Body", reference="MessageSid"),
        answer=("text/xml", "<Response/>"),
    ),
    "vonage": Provider(
        url="https://rest.nexmo.com/sms/json",
        fields={
            "api_key": "$user",
            "api_secret": "$password",
            "to": "$digits",
            "from": "$sender",
            "text": "$text",
            "type": "$type",
        },
        receipts={"callback": "$receipts"},
        verdict="messages.0.status",
        taken=frozenset({"0"}),
        busy=frozenset({"1"}),
        reference="messages.0.message-id",
        check=signed_by_vonage,
        states={
            "accepted": SENT,
            "buffered": BUFFERED,
            "delivered": DELIVERED,
            "expired": FAILED,
            "failed": FAILED,
            "rejected": FAILED,
        },
        receipt=Brought(state="status", reference="messageId", detail="err-code"),
        incoming=Brought(
            sender="msisdn",
            recipient="to",
            text="text",
            reference="messageId",
            series="concat-ref",
            total="concat-total",
            part="concat-part",
        ),
    ),
    "ovh": Provider(
        url="https://eu.api.ovh.com/1.0/sms/$service/jobs",
        fields={
            "receivers": ["$number"],
            "message": "$text",
            "sender": "$sender",
            "noStopClause": True,  # these are messages of people, not of advertisers
        },
        style=JSON,
        sign=sign_for_ovh,
        verdict="ids.0",
        reference="ids.0",
    ),
}
