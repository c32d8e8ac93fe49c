import { OAuthError } from '../errors/oauth-error.ts';
import type { Form } from '../form/form.ts';
import { headerValues, type HttpFacts } from '../form/http-facts.ts';
import { sourceOf } from '../quota/source-of.ts';
import {
  JWT_BEARER_ASSERTION,
  JWT_SPIFFE_ASSERTION,
  type AssertionType,
  type CallerCredentials,
  type PresentedAttestation,
} from './caller-credentials.ts';

/**
 * Finds how the caller authenticates. One way per request (RFC 6749 §2.3); a secret is noticed and not kept.
 *
 * Fails  request.malformed | client.several_methods
 */
export function readCallerCredentials(form: Form, http: HttpFacts): CallerCredentials {
  const assertion = form.one('client_assertion');
  const assertionType = readAssertionType(form);
  const bearer = readBearer(http);
  const isSecret = bearer === null && headerValues(http, 'authorization').length > 0;
  const sentSecret = form.one('client_secret') !== null || isSecret;
  const attestation = readAttestation(http);
  const ways = [assertion !== null, attestation !== null, bearer !== null, sentSecret];
  if (ways.filter(Boolean).length > 1) {
    throw new OAuthError('client.several_methods');
  }
  if ((assertion === null) !== (assertionType === null)) {
    throw new OAuthError('request.malformed', 'client_assertion and client_assertion_type belong together');
  }
  const clientId = form.one('client_id');
  const certificate = http.clientCertificate;
  const source = sourceOf(http.ip);
  return { source, clientId, assertion, assertionType, certificate, attestation, bearer, sentSecret };
}

const BEARER_SCHEME = /^bearer(?: |$)/i;
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** One token, in one header (RFC 6750 §2.1). */
function readBearer(http: HttpFacts): string | null {
  const [authorization, another] = headerValues(http, 'authorization');
  if (another !== undefined) throw new OAuthError('client.several_methods', 'two Authorization headers');
  if (authorization === undefined || !BEARER_SCHEME.test(authorization)) return null;
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw new OAuthError('request.malformed', 'no bearer token in Authorization');
  return token;
}

/** Each of the two headers at most once, and no proof of nothing (draft-ietf-oauth-attestation-based-client-auth §6). */
function readAttestation(http: HttpFacts): PresentedAttestation | null {
  const [attestation, another] = headerValues(http, 'oauth-client-attestation');
  const [proof, anotherProof] = headerValues(http, 'oauth-client-attestation-pop');
  if (
    another !== undefined ||
    anotherProof !== undefined ||
    (attestation === undefined && proof !== undefined)
  ) {
    throw new OAuthError('request.malformed', 'one client attestation and one proof of it are enough');
  }
  return attestation === undefined ? null : { attestation, proof: proof ?? null };
}

function readAssertionType(form: Form): AssertionType | null {
  const type = form.one('client_assertion_type');
  if (type === null || type === JWT_BEARER_ASSERTION || type === JWT_SPIFFE_ASSERTION) return type;
  throw new OAuthError('request.malformed', 'client_assertion_type is none that is known');
}
