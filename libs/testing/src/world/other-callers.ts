import type { FederatedCaller, IssuerKeys, SpiffeCaller, Trust } from '#core';
import type { FakeKey } from './fake-signatures.ts';

/** Vouches for workloads that run on it; everybody else who is asked for keys is an identity provider. */
export const PLATFORM = 'https://platform.example';

type Lookups = Pick<Trust, 'federatedCallers' | 'spiffeCallers' | 'certificateCallers'>;

/** Clients of a small broker that others vouch for; none until a test registers one. */
export function otherCallers() {
  const federated: FederatedCaller[] = [];
  const spiffe: SpiffeCaller[] = [];
  const lookups: Lookups = {
    federatedCallers: (issuer) => federated.filter(({ authentication }) => authentication.issuer === issuer),
    spiffeCallers: (domain) =>
      spiffe.filter(({ authentication }) => authentication.id.trustDomain === domain),
    certificateCallers: () => [],
  };
  const issuerKeys = (keys: Readonly<Record<'provider' | 'platform', FakeKey>>): IssuerKeys => ({
    of: async (publisher) => {
      const isPlatform = !('issuer' in publisher) || publisher.issuer === PLATFORM;
      return [isPlatform ? keys.platform.publicKey : keys.provider.publicKey];
    },
  });
  return { federated, spiffe, lookups, issuerKeys, all: () => [...federated, ...spiffe] };
}
