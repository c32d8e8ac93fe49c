import type { OAuthErrorResponse } from '#core';
import type { JsonAnswer } from '#http';
import { ROUTES } from './served-paths.ts';

/** Whoever calls these endpoints expects other words than those of RFC 6749. */
export const WORDINGS: Readonly<Record<string, (answer: OAuthErrorResponse) => JsonAnswer>> = {
  [ROUTES.forwardAuth]: asGatewaysPassOn,
  [ROUTES.events]: asDeliveryError,
  [ROUTES.globalRevocation]: withBearerChallenge,
};

/** Gateways pass on 401 and 403, and take other answers for a fault of ours. Who is to try again must not hear a no. */
function asGatewaysPassOn(answer: OAuthErrorResponse): JsonAnswer {
  return answer.status >= 500 || answer.status === 429 ? answer : { ...answer, status: 403 };
}

/** RFC 8935 §2.3: `err`, `description`, and the language of the latter. */
function asDeliveryError({ status, body, headers }: OAuthErrorResponse): JsonAnswer {
  return {
    status,
    headers: { ...headers, 'Content-Language': 'en' },
    body: { err: body.error, description: body.error_description },
  };
}

/** RFC 6750 §3: a token is what was missing. */
function withBearerChallenge(answer: OAuthErrorResponse): JsonAnswer {
  if (answer.status !== 401) return answer;
  return {
    ...answer,
    headers: { ...answer.headers, 'WWW-Authenticate': `Bearer error="${answer.body.error}"` },
  };
}
