import type { IssuerKeys, KeyPublisher, PublicKey } from '#core';
import { BoundedMap } from '../bounded-map.ts';
import { IssuerKeySet, type IssuerKeySetPorts } from './issuer-key-set.ts';

/** Publishers whose keys are remembered at a time. */
const REMEMBERED_PUBLISHERS = 1_000;

/**
 * The keys of identity providers and platforms, found through OpenID Connect Discovery, those of SPIFFE trust domains,
 * found in their bundles, and those of event transmitters. Each set lives by itself: a publisher
 * that is slow, dead or hostile costs the others nothing, and its keys are never tried for another.
 */
export class RemoteIssuerKeys implements IssuerKeys {
  private readonly sets = new BoundedMap<string, IssuerKeySet>(REMEMBERED_PUBLISHERS);

  constructor(private readonly ports: IssuerKeySetPorts) {}

  of(publisher: KeyPublisher, kid: string | null): Promise<readonly PublicKey[]> {
    const name = nameOf(publisher);
    const known = this.sets.get(name);
    if (known !== undefined) return known.keysFor(kid);
    const set = new IssuerKeySet(this.ports, publisher);
    this.sets.set(name, set);
    return set.keysFor(kid);
  }
}

/** Two publishers of one name would have one set. */
function nameOf(publisher: KeyPublisher): string {
  if ('issuer' in publisher) return publisher.issuer;
  if ('bundleEndpoint' in publisher) return `bundle ${publisher.bundleEndpoint}`;
  return 'jwksUri' in publisher ? `jwks ${publisher.jwksUri}` : `transmitter ${publisher.transmitter}`;
}
