import type { Journal } from '../audit/journal.ts';
import type { CallerTokenSealer } from '../caller-token/caller-token.ts';
import type { BrokerIdentity } from '../exchange/exchange.ports.ts';
import type { SignatureVerifier } from '../jwt/signature-verifier.ts';
import type { IssuerKeys } from '../keys/issuer-keys.ts';
import type { CallerQuotas } from '../quota/caller-quotas.ts';
import type { TrustSource } from '../registry/trust.ts';
import type { Clock } from '../shared/clock.ts';
import type { TokenSealer } from '../token/token-sealer.ts';
import type { CertificateSignatures } from '../x509/certification-path.ts';
import type { SpendLedger } from './spend-ledger.ts';

export interface IntrospectionPorts {
  readonly identity: BrokerIdentity;
  readonly clock: Clock;
  readonly trust: TrustSource;
  readonly signatures: SignatureVerifier;
  readonly issuerKeys: IssuerKeys;
  readonly certificates: CertificateSignatures;
  readonly quotas: CallerQuotas;
  readonly sealer: Pick<TokenSealer, 'unseal'>;
  readonly callerTokens: Pick<CallerTokenSealer, 'unseal'>;
  readonly ledger: SpendLedger;
  readonly journal: Journal;
}
