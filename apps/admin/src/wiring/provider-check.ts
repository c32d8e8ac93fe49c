import { discoverJwksUri, FetchRefused, type FetchJson } from '#crypto';
import type { ProviderCheck } from '../ports.ts';

/** Fetches the discovery document, by the rules under which the broker will fetch it. */
export function providerCheck(fetchJson: FetchJson): ProviderCheck {
  return {
    async faultOf(issuer) {
      try {
        await discoverJwksUri(fetchJson, issuer);
        return null;
      } catch (thrown) {
        // What a server said is not repeated to whoever made us ask it.
        return thrown instanceof FetchRefused
          ? `its discovery document could not be fetched: ${thrown.refusal}`
          : 'its discovery document does not name this issuer and its keys';
      }
    },
  };
}
