"""Lets a request through when the broker has spent its token, for this very request."""

import logging

from authlib.oauth2 import OAuth2Error, ResourceProtector
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from broker import Broker, SpendingValidator, ToldRequest, Unanswered

MAX_BODY_BYTES = 1 << 20


class SpendTokens:
    """Stands before the router, so that no route is forgotten. `origin`: as callers spell it, https://api.example."""

    def __init__(self, app: ASGIApp, broker: Broker, origin: str):
        self.app = app
        self.broker = broker
        self.origin = origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] != "http":
            # A token is for one HTTP request.
            return await send({"type": "websocket.close", "code": 1008})
        request = Request(scope, receive)
        body = await read_body(request)
        if body is None:
            return await JSONResponse({"detail": "too large"}, 413)(scope, receive, send)
        refusal = await self.spend(request, body)
        if refusal is not None:
            return await refusal(scope, receive, send)
        await self.app(scope, told_again(body, receive), send)

    async def spend(self, request: Request, body: bytes) -> Response | None:
        proofs = request.headers.getlist("dpop")
        if len(proofs) != 1 or len(request.headers.getlist("authorization")) != 1:
            return refused()
        told = ToldRequest(
            method=request.method,
            target_uri=self.origin + path_and_query(request.scope),
            body=body,
            content_type=request.headers.get("content-type", ""),
            proof=proofs[0],
        )
        protector = ResourceProtector()
        protector.register_token_validator(SpendingValidator(self.broker, told))
        try:
            # For the handlers: request.state.grant
            request.state.grant = await run_in_threadpool(protector.validate_request, None, request)
        except OAuth2Error:
            return refused()
        except Unanswered:
            logging.exception("the broker did not answer")
            return JSONResponse({"detail": "not now"}, 503, {"Retry-After": "1"})
        return None


def refused() -> Response:
    return JSONResponse(
        {"detail": "no token, or none for this request"}, 401, {"WWW-Authenticate": 'DPoP error="invalid_token"'}
    )


def path_and_query(scope: Scope) -> str:
    """As it was sent: neither decoded nor normalised."""
    query = scope["query_string"].decode("ascii")
    return scope["raw_path"].decode("ascii") + (f"?{query}" if query else "")


async def read_body(request: Request) -> bytes | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return body


def told_again(body: bytes, receive: Receive) -> Receive:
    """The body that the broker was told of, for the handlers."""
    rest = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive_again() -> Message:
        return next(rest, None) or await receive()

    return receive_again
