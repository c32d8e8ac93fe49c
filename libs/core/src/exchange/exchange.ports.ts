import type { Journal } from '../audit/journal.ts';
import type { SpendLedger } from '../introspection/spend-ledger.ts';
import type { SignatureVerifier } from '../jwt/signature-verifier.ts';
import type { PublicKey } from '../keys/public-key.ts';
import type { IdentityProviderRegistration } from '../registry/registrations.ts';
import type { RunningShadow, TrustSource } from '../registry/trust.ts';
import type { JudgedQuestion } from '../shadow/shadow-tally.ts';
import type { RevocationLedger } from '../revocation/revocation-ledger.ts';
import type { Clock } from '../shared/clock.ts';
import type { TokenSealer } from '../token/token-sealer.ts';
import type { DeviceRegistry } from './device-registry.ts';
import type { DpopNonces } from './dpop-nonces.ts';

/** The keys of identity providers, found through discovery and remembered (RFC 8414 §3, RFC 7517 §5). */
export interface IssuerKeys {
  /**
   * Keys of a registered provider. A `kid` that is not among them makes it look again, at most once per cool-down.
   *
   * Fails  Unavailable when no key set is known, or the known one is too old to be believed
   */
  of(provider: IdentityProviderRegistration, kid: string | null): Promise<readonly PublicKey[]>;
}

/** What the broker is called and where it allows plain http. */
export interface BrokerIdentity {
  /** Issuer identifier (RFC 8414 §2): no query, no fragment. */
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly introspectionEndpoint: string;
  readonly revocationEndpoint: string;
  readonly globalRevocationEndpoint: string;
  readonly allowHttpLoopback: boolean;
}

/** Hears of each decision, so that a candidate release can be asked the same. Never fails and keeps nobody waiting. */
export interface DecisionWatch {
  watch(shadow: RunningShadow | null, decided: JudgedQuestion): void;
}

export interface ExchangePorts {
  readonly identity: BrokerIdentity;
  readonly clock: Clock;
  readonly trust: TrustSource;
  readonly signatures: SignatureVerifier;
  readonly issuerKeys: IssuerKeys;
  readonly nonces: DpopNonces;
  readonly devices: DeviceRegistry;
  readonly ledger: Pick<SpendLedger, 'current'> & Pick<RevocationLedger, 'permit'>;
  readonly sealer: Pick<TokenSealer, 'seal'>;
  readonly journal: Journal;
  readonly shadow: DecisionWatch;
}
