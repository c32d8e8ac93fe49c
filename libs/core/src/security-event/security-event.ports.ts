import type { Journal } from '../audit/journal.ts';
import type { BrokerIdentity } from '../exchange/exchange.ports.ts';
import type { IssuerKeys } from '../keys/issuer-keys.ts';
import type { SignatureVerifier } from '../jwt/signature-verifier.ts';
import type { TrustSource } from '../registry/trust.ts';
import type { RevocationLedger } from '../revocation/revocation-ledger.ts';
import type { Clock } from '../shared/clock.ts';

export interface SecurityEventPorts {
  readonly identity: BrokerIdentity;
  readonly clock: Clock;
  readonly trust: TrustSource;
  readonly signatures: SignatureVerifier;
  readonly issuerKeys: IssuerKeys;
  readonly ledger: Pick<RevocationLedger, 'revoke'>;
  readonly journal: Journal;
}
