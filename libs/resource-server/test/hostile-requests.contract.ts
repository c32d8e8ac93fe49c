import { gzipSync } from 'node:zlib';

const TOKEN = 'once_eyJhbGciOiJkaXIifQ..a.b.c';
const PROOF = 'aGVhZGVy.cGF5bG9hZA.c2ln';

export const METADATA_PATH = '/.well-known/oauth-protected-resource';
const METADATA_URL = `https://api.example${METADATA_PATH}`;
const MAX_BODY_BYTES = 1000;
export const PACKED = gzipSync('{"a":1}');

interface Parts {
  readonly line?: string;
  readonly host?: string;
  /** Instead of a token and its proof. */
  readonly credentials?: readonly string[];
  readonly more?: readonly string[];
  readonly body?: string | Buffer;
}

export const bound = (token = TOKEN): string[] => [`Authorization: DPoP ${token}`, `DPoP: ${PROOF}`];

/** A request as bytes; one that is to be served, but for what is changed. */
export function bytesOf({
  line = 'POST /orders HTTP/1.1',
  host,
  credentials,
  more = [],
  body,
}: Parts): Buffer {
  const content = Buffer.from(body ?? '{"a":1}');
  const lines = [line, host ?? 'Host: api.example', 'Connection: close', ...(credentials ?? bound())];
  if (!more.some((header) => /^transfer-encoding/i.test(header)))
    lines.push(`Content-Length: ${content.length}`);
  if (!more.some((header) => /^content-type/i.test(header))) lines.push('Content-Type: application/json');
  return Buffer.concat([Buffer.from(`${[...lines, ...more].join('\r\n')}\r\n\r\n`), content]);
}

export interface HostileCase {
  readonly name: string;
  readonly request: Buffer;
  readonly acceptBearer?: true;
  /** Several where what is between the wire and the adapter has its own opinion. */
  readonly status: readonly number[];
  /** In the challenge; absent: no matter. */
  readonly challenge?: RegExp;
  /** How often the broker was asked. */
  readonly asked: number;
}

const chunk = `3e8\r\n${'x'.repeat(1000)}\r\n`;

/** Every way to be refused that does not depend on what the broker says. */
export const HOSTILE: readonly HostileCase[] = [
  {
    name: 'check 100: a request without a token is told how to come by one, and not that something was wrong',
    request: bytesOf({ credentials: [] }),
    status: [401],
    challenge: new RegExp(`^DPoP algs="ES256 PS256 EdDSA", resource_metadata="${METADATA_URL}"$`),
    asked: 0,
  },
  {
    name: 'check 100: a bound token sent as Bearer is refused',
    request: bytesOf({ credentials: [`Authorization: Bearer ${TOKEN}`] }),
    status: [401],
    challenge: /error="invalid_token"/,
    asked: 0,
  },
  {
    name: 'check 100: a bound token sent as Bearer is refused where bearer tokens are taken',
    request: bytesOf({ credentials: [`Authorization: Bearer ${TOKEN}`] }),
    acceptBearer: true,
    status: [401],
    challenge: /error="invalid_token"/,
    asked: 1,
  },
  {
    name: 'check 100: an inactive token is refused',
    request: bytesOf({ credentials: bound('once_dead') }),
    status: [401],
    challenge: new RegExp(`error="invalid_token".*resource_metadata="${METADATA_URL}"`),
    asked: 1,
  },
  {
    name: 'check 100: both schemes are refused',
    request: bytesOf({ credentials: [...bound(), `Authorization: Bearer ${TOKEN}`] }),
    status: [400],
    asked: 0,
  },
  {
    name: 'both schemes in one header are refused',
    request: bytesOf({ credentials: [`Authorization: DPoP ${TOKEN}, Bearer ${TOKEN}`, `DPoP: ${PROOF}`] }),
    status: [400],
    asked: 0,
  },
  {
    name: 'check 100: a token in the query is refused',
    request: bytesOf({ line: `POST /orders?access_token=${TOKEN} HTTP/1.1` }),
    status: [400],
    asked: 0,
  },
  {
    name: 'a token without a proof is refused',
    request: bytesOf({ credentials: [`Authorization: DPoP ${TOKEN}`] }),
    status: [401],
    challenge: /error="invalid_dpop_proof"/,
    asked: 0,
  },
  {
    name: 'DP-01 two proofs are refused',
    request: bytesOf({ credentials: [...bound(), `DPoP: ${PROOF}`] }),
    status: [400, 401],
    asked: 0,
  },
  {
    name: 'I-37 two hosts are refused',
    request: bytesOf({ more: ['Host: api.example'] }),
    status: [400],
    asked: 0,
  },
  {
    name: 'I-37 a host with a path is refused',
    request: bytesOf({ host: 'Host: api.example/orders' }),
    status: [400],
    asked: 0,
  },
  {
    name: 'another host is refused, whatever X-Forwarded-Host says',
    request: bytesOf({ host: 'Host: evil.example', more: ['X-Forwarded-Host: api.example'] }),
    status: [400],
    asked: 0,
  },
  {
    name: 'two content types are refused',
    request: bytesOf({ more: ['Content-Type: application/json', 'Content-Type: text/plain'] }),
    status: [400],
    asked: 0,
  },
  {
    name: 'a body above the limit is refused',
    request: bytesOf({ body: 'x'.repeat(MAX_BODY_BYTES + 1) }),
    status: [413],
    asked: 0,
  },
  {
    name: 'a body that goes on for too long is refused',
    request: bytesOf({ more: ['Transfer-Encoding: chunked'], body: `${chunk}${chunk}0\r\n\r\n` }),
    status: [413],
    asked: 0,
  },
  {
    name: 'a route for another operation than the token was judged as is refused',
    request: bytesOf({ line: 'POST /refunds HTTP/1.1', credentials: bound('once_read') }),
    status: [403],
    challenge: /error="insufficient_scope".*scope="orders.refund"/,
    asked: 1,
  },
  {
    name: 'the resource metadata is for reading',
    request: bytesOf({ line: `POST ${METADATA_PATH} HTTP/1.1`, credentials: [] }),
    status: [401, 404],
    asked: 0,
  },
  {
    name: 'nothing but the exact path of the resource metadata is open',
    request: bytesOf({ line: `GET ${METADATA_PATH}/../../orders HTTP/1.1`, credentials: [], body: '' }),
    status: [401, 404],
    asked: 0,
  },
];
