import type { RefusalRow } from './refusal-row.ts';

const malformed = { error: 'invalid_request', status: 400, says: 'the event was not accepted' } as const;

/** Ways a security event can be refused; `error` is an error code of RFC 8935 §2.4. */
export const EVENT_REFUSALS = {
  'event.malformed': {
    ...malformed,
    means: 'the body is not one security event token as SSF 1.0 profiles it',
  },
  'event.wrong_time': {
    ...malformed,
    says: 'iat was not accepted',
    means: 'the event is from the future, or older than events are remembered',
  },
  'event.unknown_issuer': {
    error: 'invalid_issuer',
    status: 400,
    says: 'the issuer is not known here',
    means: 'no enabled identity provider of this issuer is registered to send events',
  },
  'event.not_authenticated': {
    error: 'authentication_failed',
    status: 400,
    says: 'the transmitter was not authenticated',
    means: 'the Authorization header is not the one that the transmitter was registered with',
  },
  'event.bad_signature': {
    error: 'invalid_key',
    status: 400,
    says: 'the signature was not accepted',
    means: 'no key of the transmitter verifies the event',
  },
  'event.wrong_audience': {
    error: 'invalid_audience',
    status: 400,
    says: 'the audience was not accepted',
    means: 'the event is not addressed to this broker',
  },
  'event.foreign_subject': {
    error: 'access_denied',
    status: 400,
    says: 'the transmitter may not speak of this subject',
    means:
      'the event is about a user of another issuer, or about a device by somebody who may not speak of devices',
  },
  'revocation.not_authenticated': {
    error: 'invalid_token',
    status: 401,
    says: 'a signed token of an identity provider is required',
    means: 'no token of a registered identity provider for this very endpoint, alive and unused, was sent',
  },
  'revocation.replayed': {
    error: 'invalid_token',
    status: 401,
    says: 'a signed token of an identity provider is required',
    means: 'the token of the identity provider was used before',
  },
  'revocation.bad_subject': {
    error: 'invalid_request',
    status: 400,
    says: 'sub_id was not accepted',
    means: 'the body is not a JSON object with a subject identifier (RFC 9493)',
  },
  'revocation.unknown_subject': {
    error: 'not_found',
    status: 404,
    says: 'the subject is not known here',
    means: 'the subject is not one of the identity provider that calls',
  },
  'revocation.unprocessable': {
    error: 'unprocessable',
    status: 422,
    says: 'subjects of this format cannot be revoked',
    means: 'the subject identifier is of a format that names nobody here: iss_sub and email do',
  },
} as const satisfies Record<string, RefusalRow>;
