import type { LiveRelease } from '../policy/release.ts';
import type {
  ClientRegistration,
  IdentityProviderRegistration,
  ResourceServerRegistration,
} from './registrations.ts';

/** Whom the broker trusts and what it permits, at one revision of the database. Immutable. */
export interface Trust {
  readonly revision: string;
  /** Clients and resource servers share one space of client ids. */
  caller(clientId: string): ClientRegistration | ResourceServerRegistration | null;
  /** By the canonical form of its identifier. */
  resourceServer(resource: string): ResourceServerRegistration | null;
  identityProvider(issuer: string): IdentityProviderRegistration | null;
  readonly release: LiveRelease;
}

export interface TrustSource {
  /**
   * What is trusted now: no older than the staleness bound.
   *
   * Fails  Unavailable when that cannot be confirmed, or when nothing has been published yet
   */
  current(): Trust;
}

/** Nothing is decided on a revision that was not confirmed for this long. */
export const STALENESS_BOUND_MS = 5_000;
