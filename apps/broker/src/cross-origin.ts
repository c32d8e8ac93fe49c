import type { CrossOrigin } from '#http';
import { ROUTES } from './served-paths.ts';

/** What a client in a browser needs: to find the broker and to exchange. All else is for machines. */
export const CROSS_ORIGIN: Omit<CrossOrigin, 'isAllowed'> = {
  routes: new Set([ROUTES.token, ROUTES.metadata, ROUTES.jwks]),
  requestHeaders: ['Content-Type', 'DPoP', 'OAuth-Client-Attestation', 'OAuth-Client-Attestation-PoP'],
  responseHeaders: ['DPoP-Nonce', 'Oncekey-Reason-Id', 'Retry-After'],
};
