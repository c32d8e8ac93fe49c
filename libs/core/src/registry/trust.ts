import type { LiveRelease } from '../policy/release.ts';
import type { CertificateAuthentication, Federation, SpiffeIdentity } from './caller-authentication.ts';
import type { EventSource } from './event-source.ts';
import type {
  ClientRegistration,
  IdentityProviderRegistration,
  ResourceServerRegistration,
} from './registrations.ts';
import type { RoleHolder } from './role-holders.ts';

/** A candidate that is asked beside the live release, without effect on answers. */
export interface RunningShadow {
  readonly id: string;
  readonly release: LiveRelease;
}

type Caller = ClientRegistration | ResourceServerRegistration;

/** A caller that authenticates with a certificate. */
export type CertificateCaller = Caller & { readonly authentication: CertificateAuthentication };

export type SpiffeCaller = Caller & { readonly authentication: SpiffeIdentity };

export type FederatedCaller = Caller & { readonly authentication: Federation };

/** Whom the broker trusts and what it permits, at one revision of the database. Immutable. */
export interface Trust {
  readonly revision: string;
  /** Clients and resource servers share one space of client ids. */
  caller(clientId: string): Caller | null;
  /** Clients and resource servers that tokens of this issuer can speak for. */
  federatedCallers(issuer: string): readonly FederatedCaller[];
  /** Clients and resource servers that this SPIFFE trust domain can speak for. */
  spiffeCallers(trustDomain: string): readonly SpiffeCaller[];
  /** All who authenticate with certificates. */
  certificateCallers(): readonly CertificateCaller[];
  /** By the canonical form of its identifier. */
  resourceServer(resource: string): ResourceServerRegistration | null;
  /** By its registration id: `orders`. */
  resourceServerNamed(id: string): ResourceServerRegistration | null;
  identityProvider(issuer: string): IdentityProviderRegistration | null;
  /** Is some client's page at this origin, as a browser spells it? */
  isBrowserOrigin(origin: string): boolean;
  /** Whose events are taken, by the issuer that signs them. */
  eventSource(issuer: string): EventSource | null;
  eventSources(): readonly EventSource[];
  /** The groups that stand for the roles of somebody, sorted; nobody but a role binding can give them. */
  roleGroupsOf(holder: RoleHolder): readonly string[];
  readonly release: LiveRelease;
  /** Null when none runs, or the one that is to run cannot. */
  readonly shadow: RunningShadow | null;
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
