import type { SignedRequest } from './probe-caller.ts';
import type { ProbeSession, Ticket } from './probe-session.ts';
import type { RowId } from './row.ts';

/** A request that must not get in: a right one with one thing changed. */
export interface HostileRequest {
  readonly says: string;
  readonly make: (session: ProbeSession, ticket: Ticket) => Promise<SignedRequest>;
}

type Headers = SignedRequest['headers'];

/** With the proof that its owner made: what somebody could send who saw the request. */
const altered =
  (change: (signed: SignedRequest) => Partial<SignedRequest>): HostileRequest['make'] =>
  async (session, ticket) => {
    const signed = await session.sign(ticket);
    return { ...signed, ...change(signed) };
  };

/** With a new proof, for this very request: what the owner of the key could send. */
const proven =
  (change: (request: Request) => Request): HostileRequest['make'] =>
  (session, ticket) =>
    session.sign(ticket, { request: change(ticket.request) });

const at = (url: URL, change: (url: URL) => void): URL => {
  const other = new URL(url);
  change(other);
  return other;
};
const elsewhere = (url: URL): URL => at(url, (other) => void (other.pathname += '/other'));
const withQuery = (url: URL): URL => at(url, (other) => void (other.search = '?other=1'));

const set = (headers: Headers, name: string, value: string): Headers =>
  headers.map(([one, old]) => [one, one === name ? value : old] as const);
const without = (headers: Headers, name: string): Headers => headers.filter(([one]) => one !== name);
const valueOf = (headers: Headers, name: string): string => headers.find(([one]) => one === name)?.[1] ?? '';

/** As long as the body that the token permits. */
const OTHER_BODY = '{"oncekey_probe":2}';

/** Not a token: a gateway that takes this one of two lets nobody in, one that takes the other is wrong. */
const NO_TOKEN = 'once_oncekey-probe';

/** What each of these rows sends, each request with a token of its own. */
export const HOSTILE = {
  'changed-body': [
    {
      says: 'another body, under the digest of the right one',
      make: altered(() => ({ body: new TextEncoder().encode(OTHER_BODY) })),
    },
    {
      says: 'another body, under its own digest',
      make: proven(({ url, headers }) => new Request(url, { method: 'POST', headers, body: OTHER_BODY })),
    },
  ],
  'other-path': [
    { says: 'another path', make: altered(({ url }) => ({ url: elsewhere(url) })) },
    {
      says: 'another path, with its own proof',
      make: proven(({ url }) => new Request(elsewhere(new URL(url)))),
    },
    { says: 'another query', make: altered(({ url }) => ({ url: withQuery(url) })) },
  ],
  'head-for-get': [
    { says: 'HEAD', make: altered(() => ({ method: 'HEAD' })) },
    { says: 'HEAD, with its own proof', make: proven(({ url }) => new Request(url, { method: 'HEAD' })) },
  ],
  downgrade: [
    {
      says: 'Bearer, without a proof',
      make: async (session, ticket) => {
        const signed = await session.sign(ticket);
        const bearer = set(signed.headers, 'authorization', `Bearer ${ticket.token.accessToken}`);
        return { ...signed, headers: without(bearer, 'dpop') };
      },
    },
    { says: 'no proof', make: altered(({ headers }) => ({ headers: without(headers, 'dpop') })) },
    {
      says: 'the proof of another key',
      make: (session, ticket) => session.sign(ticket, { asStranger: true }),
    },
  ],
  'duplicate-header': [
    {
      says: 'a second Authorization',
      make: altered(({ headers }) => ({ headers: [...headers, ['authorization', schemed(headers)]] })),
    },
    {
      says: 'a first Authorization',
      make: altered(({ headers }) => ({ headers: [['authorization', schemed(headers)], ...headers] })),
    },
    {
      says: 'a second DPoP',
      make: altered(({ headers }) => ({ headers: [...headers, ['dpop', valueOf(headers, 'dpop')]] })),
    },
  ],
} as const satisfies Partial<Record<RowId, readonly HostileRequest[]>>;

export type HostileRow = keyof typeof HOSTILE;

function schemed(headers: Headers): string {
  const [scheme = 'DPoP'] = valueOf(headers, 'authorization').split(' ');
  return `${scheme} ${NO_TOKEN}`;
}
