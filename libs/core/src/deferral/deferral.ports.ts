import type { ExchangePorts } from '../exchange/exchange.ports.ts';
import type { DeferralLedger } from './deferral-ledger.ts';

/** To redeem takes all that an exchange takes: everything is decided again. */
export interface DeferralPorts extends Omit<ExchangePorts, 'deferrals'> {
  readonly deferrals: Pick<DeferralLedger, 'find' | 'settle'>;
}
