import type { Journal } from '../audit/journal.ts';
import type { CallerPorts } from '../caller/verified-caller.ts';
import type { DeferralLedger } from '../deferral/deferral-ledger.ts';
import type { BrokerIdentity } from '../exchange/exchange.ports.ts';
import type { TokenSealer } from '../token/token-sealer.ts';
import type { RevocationLedger } from './revocation-ledger.ts';

export interface RevocationPorts extends CallerPorts {
  readonly identity: BrokerIdentity;
  readonly sealer: Pick<TokenSealer, 'unseal'>;
  readonly ledger: Pick<RevocationLedger, 'revoke'>;
  readonly journal: Journal;
  readonly deferrals: Pick<DeferralLedger, 'find' | 'settle'>;
}
