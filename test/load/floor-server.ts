import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  randomBytes,
  verify,
  type JsonWebKeyInput,
  type KeyObject,
} from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { FloorLedger } from './floor/floor-ledger.ts';

/**
 * The floor: a bare `node:http` server that does the cryptography that nobody can leave out, writes one id down so
 * that it is not honoured twice, and nothing else. It parses no claims, checks no times, asks no policy, keeps no audit
 * log. Its keys are imported once. What the broker costs is told in proportion to this.
 *
 * Arguments: JSON with the public JWKs `client`, `issuer`, `device`, `server` and `selfServer`; the port; the URL of a
 * database of its own.
 */
const keys: Record<'client' | 'issuer' | 'device' | 'server' | 'selfServer', KeyObject> = mapKeys(
  process.argv[2] ?? '{}',
);
const sealingKey = randomBytes(32);
const ANSWER = JSON.stringify({ filler: 'x'.repeat(600) });

type Jwk = JsonWebKeyInput['key'];

function mapKeys(json: string): typeof keys {
  const jwks = JSON.parse(json) as Record<keyof typeof keys, Jwk>;
  const key = (jwk: Jwk): KeyObject => createPublicKey({ key: jwk, format: 'jwk' });
  return {
    client: key(jwks.client),
    issuer: key(jwks.issuer),
    device: key(jwks.device),
    server: key(jwks.server),
    selfServer: key(jwks.selfServer),
  };
}

function isSigned(jwt: string, key: KeyObject): boolean {
  const dot = jwt.lastIndexOf('.');
  const signature = Buffer.from(jwt.slice(dot + 1), 'base64url');
  return verify('sha256', Buffer.from(jwt.slice(0, dot)), { key, dsaEncoding: 'ieee-p1363' }, signature);
}

function seal(text: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey, iv);
  const sealed = Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return sealed.toString('base64url');
}

/** Opens what it sealed itself: a token of the broker has another key and costs the same to open. */
const SEALED = seal(ANSWER);
function unseal(token: string): boolean {
  const bytes = Buffer.from(token, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', sealingKey, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).length > 0;
}

function exchange(form: URLSearchParams, proof: string): string {
  const isProven =
    isSigned(form.get('client_assertion') ?? '', keys.client) &&
    isSigned(form.get('subject_token') ?? '', keys.issuer) &&
    isSigned(proof, keys.device);
  return isProven ? JSON.stringify({ access_token: seal(ANSWER) }) : '{}';
}

/** A caller token is sealed, as tokens are; without one the caller signs. */
function isKnownCaller(assertion: string | null, key: KeyObject): boolean {
  return assertion === null ? unseal(SEALED) : isSigned(assertion, key);
}

function introspect(form: URLSearchParams): string {
  const proof = form.get('dpop_proof');
  const isProven =
    isKnownCaller(form.get('client_assertion'), proof === null ? keys.selfServer : keys.server) &&
    unseal(SEALED) &&
    (proof === null || isSigned(proof, keys.device));
  return isProven ? `{"active":true,"body":${ANSWER}}` : '{}';
}

function forwardAuth(proof: string): boolean {
  return unseal(SEALED) && isSigned(proof, keys.device);
}

function answerTo({ url = '', headers }: IncomingMessage, content: string): string {
  const proof = String(headers['dpop']);
  if (url.startsWith('/forward-auth')) return forwardAuth(proof) ? ' ' : '';
  const form = new URLSearchParams(content);
  return url === '/token' ? exchange(form, proof) : introspect(form);
}

async function main(): Promise<void> {
  const ledger = await FloorLedger.open(process.argv[4] ?? '');
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = answerTo(request, Buffer.concat(chunks).toString());
      ledger.write().then(
        () => {
          response.writeHead(200, {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          });
          response.end(body);
        },
        () => response.writeHead(503).end(),
      );
    });
  });
  server.listen(Number(process.argv[3]), '127.0.0.1', () => process.stdout.write('ready\n'));
}

void main();
