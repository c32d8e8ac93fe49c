"""An API in FastAPI: `uvicorn main:app`. Each request is let through when the broker has spent its token."""

import os
from pathlib import Path

from fastapi import FastAPI, Request

from broker import Broker
from spend_tokens import SpendTokens

app = FastAPI()
app.add_middleware(
    SpendTokens,
    origin=os.environ["ORIGIN"],
    broker=Broker(
        issuer=os.environ["ONCEKEY_ISSUER"],
        client_id=os.environ.get("CLIENT_ID", "orders-api"),
        key=Path(os.environ["KEY"]).read_text(),
        key_id=os.environ["KEY_ID"],
    ),
)


@app.get("/v1/orders/{order}")
async def read(order: str, request: Request) -> dict:
    return {"order": order, "read_by": request.state.grant["sub"]}


@app.post("/v1/orders/{order}/refund")
async def refund(order: str, request: Request) -> dict:
    return {"order": order, "refunded": await request.json(), "by": request.state.grant["sub"]}
