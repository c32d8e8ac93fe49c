import type { Journal } from '../audit/journal.ts';
import type { BrokerIdentity } from '../exchange/exchange.ports.ts';
import type { SignatureVerifier } from '../jwt/signature-verifier.ts';
import type { TrustSource } from '../registry/trust.ts';
import type { Clock } from '../shared/clock.ts';
import type { TokenSealer } from '../token/token-sealer.ts';
import type { RevocationLedger } from './revocation-ledger.ts';

export interface RevocationPorts {
  readonly identity: BrokerIdentity;
  readonly clock: Clock;
  readonly trust: TrustSource;
  readonly signatures: SignatureVerifier;
  readonly sealer: Pick<TokenSealer, 'unseal'>;
  readonly ledger: Pick<RevocationLedger, 'revoke'>;
  readonly journal: Journal;
}
