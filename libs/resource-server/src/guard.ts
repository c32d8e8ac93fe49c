import { assertionSigner, type PrivateJwk } from './assertion-signer.ts';
import { brokerConnection } from './broker-connection.ts';
import { isConfidential, readResource } from './canonical-uri.ts';
import { contentDigest } from './content-digest.ts';
import { certificateThumbprint } from './client-certificate.ts';
import type { Decision, Grant, GuardedRequest } from './decision.ts';
import { introspection } from './introspection.ts';
import { introspectionEndpoint } from './introspection-endpoint.ts';
import { headerValues } from './raw-headers.ts';
import { readCredentials } from './read-credentials.ts';
import { readGrant } from './read-grant.ts';
import { readTarget } from './read-target.ts';
import { refuse } from './refuse.ts';
import type { RefusalReason } from './refusals.ts';
import type { KeyObject } from 'node:crypto';

export interface GuardOptions {
  /** Issuer identifier of the broker, exactly as the broker spells it. */
  readonly issuer: string;
  /** Found through the issuer's metadata when absent. */
  readonly introspectionEndpoint?: string;
  /** Under which this resource server authenticates at the broker. */
  readonly clientId: string;
  readonly privateKey: PrivateJwk | KeyObject;
  /** `kid` of the registered key, where `privateKey` is no JWK that has one. */
  readonly keyId?: string;
  /**
   * Registered identifier of this resource server: its public base URL. Its origin is the one that requests are
   * held against; neither `Host` nor what a proxy says can choose another.
   */
  readonly resource: string;
  /**
   * Is every request brought by a proxy that sets `X-Forwarded-Host` and `X-Forwarded-Proto` itself? Then these must
   * name the public origin, instead of `Host`. Default false.
   */
  readonly trustProxy?: boolean;
  /** Take tokens that are bound to no key, where the broker issues them. Default false. */
  readonly acceptBearer?: boolean;
  /** For one attempt to reach the broker. Default 2000. */
  readonly timeoutMs?: number;
  /** For all attempts together. Default 5000. */
  readonly deadlineMs?: number;
}

export interface Guard {
  /**
   * Decides one request, and spends its token when the answer is yes. Nothing is remembered between two requests.
   * Never rejects: whatever goes wrong is a refusal, 503 where the broker could not be relied on.
   */
  check(request: GuardedRequest): Promise<Decision>;
  /** Closes the idle connections to the broker. */
  close(): void;
}

/**
 * A guard in front of an API: each request must bring a one-time token that permits exactly that request.
 *
 * Fails  TypeError when an option cannot be right
 */
export function createGuard(options: GuardOptions): Guard {
  const { issuer, trustProxy = false, acceptBearer = false, timeoutMs = 2000, deadlineMs = 5000 } = options;
  const resource = readResource(options.resource);
  const connection = brokerConnection();
  const introspect = introspection({
    connection,
    endpoint: endpointOf(options) ?? introspectionEndpoint(issuer, connection, timeoutMs),
    assertion: assertionSigner(options),
    timeoutMs,
    deadlineMs,
  });

  async function decide(request: GuardedRequest): Promise<Decision> {
    const { method, rawUrl, rawHeaders, rawBody } = request;
    const target = readTarget({ rawUrl, rawHeaders }, resource, { trustProxy });
    if (typeof target === 'string') return refused(target);
    const certificate = certificateThumbprint(request.clientCertificate ?? null);
    // A token that is bound to a certificate is presented as a bearer token is (RFC 8705 §3).
    const takesBearer = acceptBearer || certificate !== null;
    const credentials = readCredentials(rawHeaders, target.query, { acceptBearer: takesBearer });
    if (typeof credentials === 'string') return refused(credentials);
    const [contentType, another] = headerValues(rawHeaders, 'content-type');
    if (another !== undefined) return refused('several_content_types');

    const { scheme, token, proof } = credentials;
    const introspected = await introspect({
      token,
      token_type_hint: 'access_token',
      http_method: method,
      http_target_uri: target.uri,
      ...(rawBody === null || rawBody.length === 0 ? {} : { content_digest: contentDigest(rawBody) }),
      ...(contentType === undefined ? {} : { http_content_type: contentType }),
      ...(proof === null ? {} : { dpop_proof: proof }),
      ...(certificate === null ? {} : { client_cert_s256: certificate }),
    });
    if (!introspected.active) {
      return { granted: false, refusal: refuse('inactive', { reasonId: introspected.reasonId }) };
    }
    const expected = { issuer, resource: resource.href, method, targetUri: target.uri };
    const grant = readGrant(introspected.members, expected);
    const misfit = misfitOf(grant, { scheme, certificate, acceptBearer });
    return misfit === null ? { granted: true, grant } : refused(misfit);
  }

  return {
    async check(request) {
      try {
        return await decide(request);
      } catch (thrown) {
        const cause = thrown instanceof Error ? thrown : new Error('the check broke', { cause: thrown });
        return { granted: false, refusal: refuse('unavailable', { cause }) };
      }
    },
    close: () => connection.close(),
  };
}

interface Presented {
  readonly scheme: 'DPoP' | 'Bearer';
  readonly certificate: string | null;
  readonly acceptBearer: boolean;
}

/** What does not go together; null when everything does. */
function misfitOf(
  { keyThumbprint, certificateThumbprint: bound }: Grant,
  { scheme, certificate, acceptBearer }: Presented,
): RefusalReason | null {
  if ((scheme === 'DPoP') !== (keyThumbprint !== null)) return 'scheme_mismatch';
  if (bound !== null && bound !== certificate) return 'other_certificate';
  return scheme === 'Bearer' && bound === null && !acceptBearer ? 'bearer_refused' : null;
}

function refused(reason: RefusalReason): Decision {
  return { granted: false, refusal: refuse(reason) };
}

function endpointOf({ issuer, introspectionEndpoint: named }: GuardOptions): (() => Promise<URL>) | null {
  for (const url of named === undefined ? [issuer] : [issuer, named]) {
    if (!URL.canParse(url) || !isConfidential(new URL(url))) throw new TypeError(`not acceptable: ${url}`);
  }
  if (named === undefined) return null;
  const endpoint = Promise.resolve(new URL(named));
  return () => endpoint;
}
