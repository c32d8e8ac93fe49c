import type { Journal } from '../audit/journal.ts';
import type { CallerPorts } from '../caller/verified-caller.ts';
import type { BrokerIdentity } from '../exchange/exchange.ports.ts';
import type { CallerTokenSealer } from './caller-token.ts';

export interface CallerTokenPorts extends CallerPorts {
  readonly identity: BrokerIdentity;
  readonly callerTokens: Pick<CallerTokenSealer, 'seal'>;
  readonly journal: Journal;
}
