import { OAuthError } from '../../errors/oauth-error.ts';
import { headerValues, type HttpFacts } from '../../form/http-facts.ts';
import type { PresentedRequest } from '../../introspection/introspection-request.ts';
import type { ForwardAuthRequest } from '../forward-auth-request.ts';
import type { RecognisedGateway } from './recognise-gateway.ts';

/** The request that a gateway was sent, as it tells of it. */
export type OriginalRequest = Omit<PresentedRequest, 'dpopProof' | 'certificateThumbprint'> & {
  readonly method: string;
  readonly targetUri: string;
  /** How the gateway calls it; null where it does not say. */
  readonly requestId: string | null;
};

const METHOD = /^[A-Z]{1,32}$/;
const PATH = /^\/[!-~]*$/;
const REQUEST_ID = /^[!-~]{1,128}$/;

/**
 * Reads what the gateway tells of the original request, from the headers of its registered dialect and no others. The
 * gateway writes each of them, so that one which is missing, doubled or misspelt is a fault of its configuration.
 *
 * In     request  as it came
 *        gateway  evidence from `recogniseGateway`
 * Out    OriginalRequest; the URI is absolute and as it came, not in canonical form
 * Fails  gateway.malformed
 */
export function readOriginal(
  request: Pick<ForwardAuthRequest, 'rest' | 'method' | 'http'>,
  { server, profile }: RecognisedGateway,
): OriginalRequest {
  const { http, rest } = request;
  if (profile.dialect !== 'path' && rest !== '') throw malformed('more in the path than the id');
  const [contentType = null, another] = headerValues(http, 'content-type');
  if (another !== undefined) throw malformed('several content types');
  return {
    contentType,
    contentDigest: profile.body === 'gateway' ? only(http, 'x-original-content-digest') : null,
    requestId: profile.requestId === null ? null : only(http, profile.requestId, REQUEST_ID),
    ...originOf(),
  };

  function originOf(): { method: string; targetUri: string } {
    switch (profile.dialect) {
      case 'original':
        return {
          method: only(http, 'x-original-method', METHOD),
          targetUri: `${server.base.origin}${only(http, 'x-original-uri', PATH)}`,
        };
      case 'forwarded':
        return {
          method: only(http, 'x-forwarded-method', METHOD),
          targetUri: `${only(http, 'x-forwarded-proto')}://${only(http, 'x-forwarded-host')}${only(http, 'x-forwarded-uri', PATH)}`,
        };
      case 'path':
        if (!PATH.test(rest)) throw malformed('no path below the id');
        return {
          method: request.method,
          targetUri: `${server.base.origin.replace(/:.*$/, '')}://${only(http, 'host')}${rest}`,
        };
    }
  }
}

function only(http: Pick<HttpFacts, 'rawHeaders'>, name: string, pattern = /./): string {
  const [value, another] = headerValues(http, name);
  if (value === undefined || another !== undefined || !pattern.test(value)) {
    throw malformed(`${another === undefined ? 'no good' : 'several'} ${name}`);
  }
  return value;
}

function malformed(detail: string): OAuthError {
  return new OAuthError('gateway.malformed', detail);
}
