import type { Journal } from '../audit/journal.ts';
import type { DeferralLedger } from '../deferral/deferral-ledger.ts';
import type { SpendLedger } from '../introspection/spend-ledger.ts';
import type { SignatureVerifier } from '../jwt/signature-verifier.ts';
import type { IssuerKeys } from '../keys/issuer-keys.ts';
import type { CallerQuotas } from '../quota/caller-quotas.ts';
import type { PublishedSigner } from '../keys/published-signer.ts';
import type { RunningShadow, TrustSource } from '../registry/trust.ts';
import type { JudgedQuestion } from '../shadow/shadow-tally.ts';
import type { RevocationLedger } from '../revocation/revocation-ledger.ts';
import type { Clock } from '../shared/clock.ts';
import type { TokenSealer } from '../token/token-sealer.ts';
import type { DeviceRegistry } from './device-registry.ts';
import type { CertificateSignatures } from '../x509/certification-path.ts';
import type { DpopNonces } from './dpop-nonces.ts';

/** What the broker is called and where it allows plain http. */
export interface BrokerIdentity {
  /** Issuer identifier (RFC 8414 §2): no query, no fragment. */
  readonly issuer: string;
  readonly tokenEndpoint: string;
  /** Its alias for clients with certificates (RFC 8705 §5); null where there is none. */
  readonly mtlsTokenEndpoint: string | null;
  readonly introspectionEndpoint: string;
  readonly revocationEndpoint: string;
  readonly globalRevocationEndpoint: string;
  readonly allowHttpLoopback: boolean;
}

/** Hears of each decision, so that a candidate release can be asked the same. Never fails and keeps nobody waiting. */
export interface DecisionWatch {
  watch(shadow: RunningShadow | null, decided: JudgedQuestion): void;
}

/** How long what waits for an approval can wait. */
export interface ApprovalRules {
  readonly seconds: number;
}

export interface ExchangePorts {
  readonly identity: BrokerIdentity;
  readonly clock: Clock;
  readonly trust: TrustSource;
  readonly signatures: SignatureVerifier;
  readonly issuerKeys: IssuerKeys;
  readonly certificates: CertificateSignatures;
  readonly quotas: CallerQuotas;
  readonly nonces: DpopNonces;
  readonly devices: DeviceRegistry;
  readonly ledger: Pick<SpendLedger, 'current'> & Pick<RevocationLedger, 'permit'>;
  readonly sealer: Pick<TokenSealer, 'seal'>;
  readonly journal: Journal;
  readonly signer: Pick<PublishedSigner, 'publicKeys'>;
  readonly shadow: DecisionWatch;
  readonly deferrals: Pick<DeferralLedger, 'defer'>;
  readonly approvals: ApprovalRules;
}
