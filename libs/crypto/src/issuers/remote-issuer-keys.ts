import type { IdentityProviderRegistration, IssuerKeys, PublicKey } from '#core';
import { BoundedMap } from '../bounded-map.ts';
import { IssuerKeySet, type IssuerKeySetPorts } from './issuer-key-set.ts';

/** Providers whose keys are remembered at a time. */
const REMEMBERED_PROVIDERS = 1_000;

/**
 * The keys of identity providers, found through OpenID Connect Discovery. Each provider's set lives by itself: one
 * that is slow, dead or hostile costs the others nothing, and its keys are never tried for another.
 */
export class RemoteIssuerKeys implements IssuerKeys {
  private readonly sets = new BoundedMap<string, IssuerKeySet>(REMEMBERED_PROVIDERS);

  constructor(private readonly ports: IssuerKeySetPorts) {}

  of(provider: IdentityProviderRegistration, kid: string | null): Promise<readonly PublicKey[]> {
    const known = this.sets.get(provider.issuer);
    if (known !== undefined) return known.keysFor(kid);
    const set = new IssuerKeySet(this.ports, provider);
    this.sets.set(provider.issuer, set);
    return set.keysFor(kid);
  }
}
