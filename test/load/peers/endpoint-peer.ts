import { readFileSync } from 'node:fs';
import { Type, type Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Processes } from '../cost-of.ts';
import { drive } from '../drive.ts';
import { encode, FORM } from '../prepare.ts';
import { Sender, type PreparedRequest, type Shot } from '../send.ts';
import type { PeerAct } from './peer.ts';

const Credentials = Type.Object({ client_id: Type.String(), client_secret: Type.String() });

/** A server that is given by its URLs, as a file tells of it. */
export const PeerFile = Type.Object(
  {
    name: Type.String(),
    token_endpoint: Type.String(),
    introspection_endpoint: Type.String(),
    /** Who asks for tokens, with `client_secret_basic`. */
    client: Credentials,
    /** Who introspects; the same where it is absent. */
    introspecting_client: Type.Optional(Credentials),
    /** Of the token request: `grant_type` and what else it needs. */
    parameters: Type.Record(Type.String(), Type.String()),
    /** What it writes for a token, for the table. */
    writes: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
export type PeerFile = Static<typeof PeerFile>;

/** Fails  Error when the file is not such a description */
export function readPeerFile(file: string): PeerFile {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (Value.Check(PeerFile, value)) return value;
  const wrong = [...Value.Errors(PeerFile, value)].map(({ path, message }) => `${path}: ${message}`);
  throw new Error(`${file} does not describe a peer: ${wrong.join('; ')}`);
}

/** Proves the client for one request. */
export interface ClientProof {
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A token endpoint and an introspection endpoint, as they are driven. */
export interface Endpoints {
  readonly name: string;
  readonly token: URL;
  readonly introspection: URL;
  readonly parameters: Readonly<Record<string, string>>;
  readonly proves: string;
  readonly writes: string;
  readonly processes: Processes | null;
  issuing(): ClientProof;
  introspecting(): ClientProof;
}

/** Tokens that are introspected over and over: nobody but Oncekey consumes them, and some keep only the last thousand. */
const TOKENS = 200;

const CONNECTIONS = 256;

/** What a peer does: it issues tokens, and says of them that they are active. Fails  UnexpectedAnswer */
export async function measureEndpoints(
  endpoints: Endpoints,
  measure: (act: PeerAct) => Promise<void>,
): Promise<void> {
  const issuer = new Sender(endpoints.token.origin, CONNECTIONS);
  const introspector = new Sender(endpoints.introspection.origin, CONNECTIONS);
  const { name, proves, processes } = endpoints;
  const issue = (): Shot =>
    issuer.shot(request(endpoints.token, endpoints.issuing(), endpoints.parameters), ISSUED);
  const repeat = (count: number, make: (at: number) => Shot): readonly Shot[] =>
    Array.from({ length: count }, (_, at) => make(at));
  try {
    await measure({
      name,
      act: 'issue',
      callerProves: proves,
      writes: endpoints.writes,
      processes,
      prepare: async (count) => repeat(count, issue),
    });
    const { bodies } = await drive(repeat(TOKENS, issue), 8);
    const tokens = bodies.map((body) => (JSON.parse(body) as { access_token: string }).access_token);
    await measure({
      name,
      act: 'introspect',
      callerProves: proves,
      writes: 'nothing, it only reads',
      processes,
      prepare: async (count) =>
        repeat(count, (at) => {
          const parameters = { token: tokens[at % tokens.length] ?? '' };
          return introspector.shot(
            request(endpoints.introspection, endpoints.introspecting(), parameters),
            ACTIVE,
          );
        }),
    });
  } finally {
    await Promise.all([issuer.close(), introspector.close()]);
  }
}

/** `client_secret_basic`: RFC 6749 §2.3.1 encodes both before they are joined. */
export function bySecret({ client_id, client_secret }: PeerFile['client']): () => ClientProof {
  const joined = `${encodeURIComponent(client_id)}:${encodeURIComponent(client_secret)}`;
  const authorization = `Basic ${Buffer.from(joined).toString('base64')}`;
  return () => ({ headers: { authorization }, parameters: {} });
}

const ISSUED = { status: 200, body: '"access_token"' } as const;
/** Some put a blank between name and value. */
const ACTIVE = { status: 200, body: /"active"\s*:\s*true/ } as const;

function request(
  { pathname, search }: URL,
  proof: ClientProof,
  parameters: Readonly<Record<string, string>>,
): PreparedRequest {
  return {
    path: pathname + search,
    headers: { ...FORM, ...proof.headers },
    body: encode({ ...parameters, ...proof.parameters }),
  };
}
