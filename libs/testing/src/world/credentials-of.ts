import { JWT_BEARER_ASSERTION, type CallerCredentials } from '#core';

/** Credentials as they are read from a request with this client assertion, or none. */
export function credentialsOf(
  assertion: string | null,
  changes: Partial<CallerCredentials> = {},
): CallerCredentials {
  return {
    source: 'unknown',
    clientId: null,
    assertion,
    assertionType: assertion === null ? null : JWT_BEARER_ASSERTION,
    certificate: null,
    attestation: null,
    bearer: null,
    sentSecret: false,
    ...changes,
  };
}
