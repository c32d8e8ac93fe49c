import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { certificateThumbprint } from '../client-certificate.ts';
import { contentDigest } from '../content-digest.ts';
import { normaliseEscapes, readResource } from '../canonical-uri.ts';
import { BrokerFailure } from '../broker-failure.ts';
import { guardWith, type Guard } from '../guard-with.ts';
import type { Introspection } from '../introspection.ts';
import { membersOf, type TestGrant } from './test-grant.ts';

export interface TestBrokerOptions {
  /** As it would be registered. Default `https://api.example/`. */
  readonly resource?: string;
  /** Take tokens that are bound to no key. Default false. */
  readonly acceptBearer?: boolean;
  readonly trustProxy?: boolean;
}

/** The request that a token is to permit. */
export interface TestOperation extends TestGrant {
  /** Default GET. */
  readonly method?: string;
  /** Absolute, or below the origin of the resource. */
  readonly url: string;
  /** As it will be sent. */
  readonly body?: string | Uint8Array;
  /** Seconds. Default 15. */
  readonly lifetimeSeconds?: number;
  /** Bound to no key: sent as `Bearer`. Default false. */
  readonly bearer?: boolean;
}

/** What a caller sends besides its own headers. */
export type TestCredentials = Readonly<Record<string, string>>;

export interface TestBroker {
  /** Give it to the adapter under test. It checks requests as `createGuard` does. */
  readonly guard: Guard;
  /** A new token: the headers `Authorization`, `DPoP` and `Host` for one request. */
  credentialsFor(operation: TestOperation): TestCredentials;
  /** How many tokens have been spent. */
  spent(): number;
  /** From now on tokens cannot be checked, and every request is answered 503; `false` ends that. */
  setUnavailable(isUnavailable: boolean): void;
  /** Makes everything later by so many seconds, tokens included. */
  advanceSeconds(seconds: number): void;
}

interface Minted {
  readonly told: Readonly<Record<string, string | undefined>>;
  readonly members: Readonly<Record<string, unknown>>;
  readonly expiresAt: number;
  isSpent: boolean;
}

const ISSUER = 'https://broker.test';
const LIFETIME_SECONDS = 15;

/**
 * A broker in memory for unit tests of an API: it mints tokens for the asking and spends them once, for the method,
 * URL and body that they are for.
 *
 * What it does not do: there are no policies, no catalog, no users and no client registrations, so every token that is
 * asked for is given. The signature, the time and the nonce of a proof are not looked at: a proof is good when it is
 * the one that came with the token. Nothing goes over a network, and a token of it opens nothing elsewhere.
 */
export function createTestBroker(options: TestBrokerOptions = {}): TestBroker {
  const { resource: identifier = 'https://api.example/', ...settings } = options;
  const resource = readResource(identifier);
  const tokens = new Map<string, Minted>();
  let isDown = false;
  let aheadSeconds = 0;
  let spent = 0;
  const now = (): number => Math.floor(Date.now() / 1000) + aheadSeconds;

  const introspect: Introspection = ({ token = '', ...asked }) => {
    if (isDown) return Promise.reject(new BrokerFailure('the test broker was told not to answer'));
    const minted = tokens.get(token);
    const isGood =
      minted !== undefined &&
      !minted.isSpent &&
      now() < minted.expiresAt &&
      asked['http_method'] === minted.told['http_method'] &&
      normaliseEscapes(asked['http_target_uri'] ?? '') === minted.told['http_target_uri'] &&
      asked['content_digest'] === minted.told['content_digest'] &&
      asked['dpop_proof'] === minted.told['dpop_proof'];
    if (!isGood) return Promise.resolve({ active: false, reasonId: null });
    minted.isSpent = true;
    spent++;
    return Promise.resolve({ active: true, members: minted.members });
  };

  return {
    guard: guardWith(
      { ...settings, issuer: ISSUER, clientId: 'api-under-test', resource: identifier },
      { introspect, digest: contentDigest, certificateThumbprint, close: () => undefined },
    ),
    credentialsFor({ method = 'GET', url, body = '', lifetimeSeconds = LIFETIME_SECONDS, bearer, ...grant }) {
      const { href, origin, host } = new URL(url, resource.origin);
      if (origin !== resource.origin) throw new TypeError(`${href} is not below ${resource.origin}`);
      const token = `once_${randomBytes(24).toString('base64url')}`;
      const proof = bearer === true ? undefined : proofFor(token);
      const targetUri = normaliseEscapes(href.split('#', 1)[0] ?? href);
      const bytes = typeof body === 'string' ? Buffer.from(body) : body;
      const expiresAt = now() + lifetimeSeconds;
      tokens.set(token, {
        told: {
          http_method: method,
          http_target_uri: targetUri,
          content_digest: bytes.length === 0 ? undefined : contentDigest(bytes),
          dpop_proof: proof,
        },
        members: {
          ...membersOf(grant),
          iss: ISSUER,
          aud: identifier,
          jti: randomUUID(),
          htm: method,
          htu: targetUri,
          iat: now(),
          exp: expiresAt,
          ...(proof === undefined
            ? { token_type: 'Bearer' }
            : { token_type: 'DPoP', cnf: { jkt: createHash('sha256').update(token).digest('base64url') } }),
        },
        expiresAt,
        isSpent: false,
      });
      return proof === undefined
        ? { host, authorization: `Bearer ${token}` }
        : { host, authorization: `DPoP ${token}`, dpop: proof };
    },
    spent: () => spent,
    setUnavailable(isUnavailable) {
      isDown = isUnavailable;
    },
    advanceSeconds(seconds) {
      aheadSeconds += seconds;
    },
  };
}

/** In the shape of a JWT, and signed by nobody. */
function proofFor(token: string): string {
  const segment = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const ath = createHash('sha256').update(token).digest('base64url');
  return [segment({ typ: 'dpop+jwt', alg: 'none' }), segment({ ath }), segment({ signed: false })].join('.');
}
