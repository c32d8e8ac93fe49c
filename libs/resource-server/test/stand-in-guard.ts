import type { Decision, Grant, GuardedRequest } from '../src/decision.ts';
import type { Guard } from '../src/guard-with.ts';
import { refuse } from '../src/refuse.ts';

const GRANT: Grant = {
  issuer: 'https://broker.example',
  subject: 'ada',
  subjectIssuer: 'https://idp.example',
  clientId: 'desk',
  tokenId: 'j-1',
  transactionId: 't-1',
  method: 'POST',
  operation: 'orders.refund',
  targetUri: 'https://api.example/orders',
  issuedAt: 1,
  expiresAt: 16,
  keyThumbprint: 'thumb',
  certificateThumbprint: null,
  acr: null,
  amr: [],
  authTime: null,
  actors: [],
  authorizationDetails: [],
};

/** A guard that remembers what it was shown and says yes to whoever has an Authorization header. */
export function standInGuard(): Guard & { readonly shown: readonly GuardedRequest[] } {
  const shown: GuardedRequest[] = [];
  return {
    shown,
    check(request): Promise<Decision> {
      shown.push(request);
      const mayPass = request.rawHeaders.some((header) => header.toLowerCase() === 'authorization');
      return Promise.resolve(
        mayPass
          ? { granted: true, grant: GRANT }
          : { granted: false, refusal: refuse('inactive', { reasonId: 'r-1' }) },
      );
    },
    metadata: null,
    close: () => undefined,
  };
}
