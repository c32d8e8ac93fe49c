"""Asks the broker about one request at a time. Nothing of an answer is kept: never put a cache around this."""

import base64
import hashlib
import uuid
from dataclasses import dataclass

import httpx
from authlib.oauth2.rfc7523 import private_key_jwt_sign
from authlib.oauth2.rfc7662 import IntrospectTokenValidator

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Unanswered(Exception):
    """Whether the token is good cannot be said now."""


@dataclass(frozen=True)
class ToldRequest:
    """What the broker is told of a request."""

    method: str
    target_uri: str
    body: bytes
    content_type: str
    proof: str

    def form(self) -> dict[str, str]:
        told = {"http_method": self.method, "http_target_uri": self.target_uri, "dpop_proof": self.proof}
        if self.body:
            digest = base64.b64encode(hashlib.sha256(self.body).digest()).decode()
            told |= {"content_digest": f"sha-256=:{digest}:", "http_content_type": self.content_type}
        return told


class Broker:
    """`key`: PEM of a private key on P-256, whose public half is registered under `key_id`."""

    def __init__(self, issuer: str, client_id: str, key: str, key_id: str):
        self.issuer = issuer
        self.client_id = client_id
        self.key = key
        self.header = {"typ": "client-authentication+jwt", "kid": key_id}
        self.http = httpx.Client(timeout=5)

    def introspect(self, token: str, told: ToldRequest) -> dict:
        """An answer that was lost is asked for again with the same Idempotency-Key: given again, not spent again."""
        repeat_key = f'"{uuid.uuid4()}"'
        try:
            return self._ask(token, told, repeat_key)
        except Unanswered:
            return self._ask(token, told, repeat_key)

    def _ask(self, token: str, told: ToldRequest, repeat_key: str) -> dict:
        form = told.form() | {
            "token": token,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self._assertion(),
        }
        try:
            answer = self.http.post(f"{self.issuer}/introspect", data=form, headers={"Idempotency-Key": repeat_key})
            answer.raise_for_status()
            return answer.json()
        except (httpx.HTTPError, ValueError) as lost:
            raise Unanswered from lost

    def _assertion(self) -> str:
        """Says who asks (RFC 7523), for one question. What Authlib calls the token endpoint is the audience."""
        return private_key_jwt_sign(
            self.key, self.client_id, self.issuer, alg="ES256", header=dict(self.header), expires_in=50
        )


class SpendingValidator(IntrospectTokenValidator):
    """Authlib's validator of one request: to introspect its token is to spend it."""

    TOKEN_TYPE = "dpop"

    def __init__(self, broker: Broker, told: ToldRequest):
        super().__init__()
        self.broker = broker
        self.told = told

    def introspect_token(self, token_string: str) -> dict:
        return self.broker.introspect(token_string, self.told)
