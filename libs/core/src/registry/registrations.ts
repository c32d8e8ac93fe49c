import type { ForwardAuthProfile } from './forward-auth-profile.ts';
import type { IntrospectionProfile } from './introspection-profile.ts';
import type { JwsAlgorithm } from '../keys/jws-algorithm.ts';
import type { TargetUri } from '../operation/target-uri.ts';
import type { Quota } from '../quota/token-bucket.ts';
import type { CallerAuthentication, KeySource } from './caller-authentication.ts';
import type { SpiffeIdRule } from './spiffe-id.ts';

/** The tokens of one provider by which a client may act for others. */
export interface PermittedActors {
  /** The audiences that such a token may have. */
  readonly audiences: readonly string[];
  readonly subjects: ReadonlySet<string>;
}

/** Workloads whose JWT-SVIDs a client may present, and whose keys vouch for them. */
export interface PermittedWorkloads {
  readonly id: SpiffeIdRule;
  /** On their behalf, or as them on behalf of others. */
  readonly as: 'subject' | 'actor';
  readonly keys: KeySource;
  readonly algorithms: readonly JwsAlgorithm[];
  /** Longest life of an SVID. */
  readonly maxSvidSeconds: number;
}

/** Of clients and resource servers alike. */
interface CallerRegistration {
  readonly clientId: string;
  readonly authentication: CallerAuthentication;
  /** Null: the configured default. */
  readonly quota: Quota | null;
}

/** Software that calls `/token`. */
export interface ClientRegistration extends CallerRegistration {
  readonly kind: 'client';
  /** Identity providers whose ID tokens it may exchange, with the audiences that such a token may have. */
  readonly identityProviders: ReadonlyMap<string, readonly string[]>;
  /** Registration ids of the resource servers that it may ask tokens for. */
  readonly resourceServers: ReadonlySet<string>;
  /** As whom it may act for a subject whose token does not say who may, by id of the identity provider. */
  readonly actors: ReadonlyMap<string, PermittedActors>;
  /** Where its pages are, when it runs in browsers. */
  readonly browserOrigins: ReadonlySet<string>;
  readonly workloads: readonly PermittedWorkloads[];
  /** It may trade a transaction token that it was handed for a token of its own. */
  readonly tradesTransactions: boolean;
}

/** An API that introspects. */
export interface ResourceServerRegistration extends CallerRegistration {
  readonly kind: 'resource_server';
  /** The name that policies and the catalog use: `orders`. */
  readonly id: string;
  /** Small number of the registration; the ledger notes it as the spender. */
  readonly number: number;
  /** Of the registration as stored: never the same after a change, and never used again. */
  readonly version: string;
  /** Its identifier, as registered: the `resource` of requests and the `aud` of tokens (RFC 8707). */
  readonly resource: string;
  readonly base: TargetUri;
  /** `enforced`: it tells method, URI and proof with each introspection. `self`: it checks all of that itself. */
  readonly binding: 'enforced' | 'self';
  /**
   * `dpop`: every token for it is bound to a key that makes DPoP proofs. `bound`: or to the certificate that the
   * client authenticated with. `none`: bearer tokens are given out too.
   */
  readonly proof: 'dpop' | 'bound' | 'none';
  readonly introspection: IntrospectionProfile;
  /** It may trade its authentication for tokens that say who it is, for a minute each. */
  readonly callerTokens: boolean;
  /** The gateway that asks for it at `/forward-auth`; null: none may. */
  readonly forwardAuth: ForwardAuthProfile | null;
}

/** Where a transmitter keeps its events until they are fetched (RFC 8936), and how the broker proves itself there. */
export interface EventPoll {
  readonly endpoint: string;
  /** Gives out the access token that the endpoint wants, for an assertion that the broker signs (RFC 7523 §2.2). */
  readonly tokenEndpoint: string;
  /** As which the transmitter knows the broker. */
  readonly clientId: string;
  /** `aud` of that assertion. */
  readonly assertionAudience: string;
  readonly scope: string | null;
}

/** How an identity provider tells of what has happened to its users and their devices (SSF 1.0). */
export interface EventTransmitter {
  /** `aud` of its events; null: the broker's issuer. */
  readonly audience: string | null;
  /** Of the Authorization header that each push has to bring besides, in hexadecimal; null: the signature will do. */
  readonly authorizationSha256: string | null;
  /** It may speak of devices. */
  readonly devices: boolean;
  /** Null: it pushes. */
  readonly poll: EventPoll | null;
}

/** Where users sign in. */
export interface IdentityProviderRegistration {
  /** The name that registrations use: `corp`. */
  readonly id: string;
  /** Compared code point for code point with `iss`. */
  readonly issuer: string;
  readonly algorithms: readonly JwsAlgorithm[];
  /** Oldest ID token that is accepted, by its `iat`. */
  readonly maxAgeSeconds: number;
  /** Claim that lists the user's groups; null when groups are not taken from this provider. */
  readonly groupsClaim: string | null;
  /** Put before each group's name, so that two providers' groups never meet. */
  readonly groupsPrefix: string;
  /** Null when it sends no security events, and may revoke nothing. */
  readonly events: EventTransmitter | null;
}
