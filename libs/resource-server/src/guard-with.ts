import { BrokerFailure } from './broker-failure.ts';
import { readResource } from './canonical-uri.ts';
import type { Decision, Grant, GuardedRequest } from './decision.ts';
import type { GuardSettings } from './guard-settings.ts';
import type { Introspection } from './introspection.ts';
import { headerValues, type RawHeaders } from './raw-headers.ts';
import { readCredentials } from './read-credentials.ts';
import { readGrant } from './read-grant.ts';
import { readTarget } from './read-target.ts';
import { refuse, type RefusalFacts } from './refuse.ts';
import type { RefusalReason } from './refusals.ts';
import { resourceMetadata, type ResourceMetadata } from './resource-metadata.ts';

export interface Guard {
  /**
   * Decides one request, and spends its token when the answer is yes. Nothing is remembered between two requests.
   * Never rejects: whatever goes wrong is a refusal, 503 where the broker could not be relied on.
   */
  check(request: GuardedRequest): Promise<Decision>;
  /** What the adapters serve without a token; null when the guard was told that nothing does. */
  readonly metadata: ResourceMetadata | null;
  /** Closes the idle connections to the broker. */
  close(): void;
}

export interface GuardParts {
  readonly introspect: Introspection;
  /** The value of a `Content-Digest` field over these bytes. */
  readonly digest: (bytes: Uint8Array) => string | Promise<string>;
  /** `x5t#S256` of a certificate in DER. */
  readonly certificateThumbprint: (der: Uint8Array) => string | Promise<string>;
  readonly close: () => void;
}

/**
 * The checks of one request, in their order, around an introspection.
 *
 * Fails  TypeError when a setting cannot be right
 */
export function guardWith(settings: GuardSettings, parts: GuardParts): Guard {
  const { introspect, digest, close } = parts;
  const { issuer, trustProxy = false, acceptBearer = false, onRefusal } = settings;
  const resource = readResource(settings.resource);
  const metadata = resourceMetadata(settings, resource);

  function refused(reason: RefusalReason, facts: RefusalFacts = {}): Decision {
    const refusal = refuse(reason, { ...facts, metadataUrl: metadata?.url ?? null });
    try {
      onRefusal?.(refusal);
    } catch {
      // A log that fails must not change what is answered.
    }
    return { granted: false, refusal };
  }

  async function decide(request: GuardedRequest): Promise<Decision> {
    const { method, rawUrl, rawHeaders, rawBody, operation } = request;
    const target = readTarget({ rawUrl, rawHeaders }, resource, { trustProxy });
    if (typeof target === 'string') return refused(target);
    const { clientCertificate: der = null } = request;
    const certificate = der === null ? null : await parts.certificateThumbprint(der);
    // A token that is bound to a certificate is presented as a bearer token is (RFC 8705 §3).
    const takesBearer = acceptBearer || certificate !== null;
    const credentials = readCredentials(rawHeaders, target.query, { acceptBearer: takesBearer });
    if (typeof credentials === 'string') return refused(credentials);
    const contentTypes = contentTypesOf(rawHeaders);
    if (contentTypes.length > 1) return refused('several_content_types');

    const [contentType] = contentTypes;
    const { scheme, token, proof } = credentials;
    const introspected = await introspect({
      token,
      token_type_hint: 'access_token',
      http_method: method,
      http_target_uri: target.uri,
      ...(rawBody === null || rawBody.length === 0 ? {} : { content_digest: await digest(rawBody) }),
      ...(contentType === undefined ? {} : { http_content_type: contentType }),
      ...(proof === null ? {} : { dpop_proof: proof }),
      ...(certificate === null ? {} : { client_cert_s256: certificate }),
    });
    if (!introspected.active) return refused('inactive', { reasonId: introspected.reasonId });
    const expected = { issuer, resource: resource.href, method, targetUri: target.uri };
    const grant = readGrant(introspected.members, expected);
    const misfit = misfitOf(grant, { scheme, certificate, acceptBearer });
    if (misfit !== null) return refused(misfit);
    if (operation !== undefined && grant.operation !== operation) {
      return refused('other_operation', { attributes: { scope: operation } });
    }
    return { granted: true, grant };
  }

  return {
    async check(request) {
      try {
        return await decide(request);
      } catch (thrown) {
        const cause = thrown instanceof Error ? thrown : new Error('the check broke', { cause: thrown });
        return refused('unavailable', {
          cause,
          retryAfterMs: cause instanceof BrokerFailure ? cause.retryAfterMs : null,
        });
      }
    },
    metadata,
    close,
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

/** Where something on the way has joined two headers, there is a comma outside quotes. */
function contentTypesOf(rawHeaders: RawHeaders): readonly string[] {
  const values = headerValues(rawHeaders, 'content-type');
  const isJoined = values.some((value) => value.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').includes(','));
  return isJoined ? values.flatMap((value) => value.split(',')) : values;
}
