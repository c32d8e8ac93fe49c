import type { Journal } from '../audit/journal.ts';
import type { RevocationLedger } from '../revocation/revocation-ledger.ts';
import type { CallerPorts } from '../caller/verified-caller.ts';
import type { BrokerIdentity } from '../exchange/exchange.ports.ts';
import type { TokenEntry } from '../introspection/spend-ledger.ts';
import type { PublishedSigner } from '../keys/published-signer.ts';
import type { TokenSealer } from '../token/token-sealer.ts';

/** What is remembered of the spend of a token. */
export interface KeptSpend {
  /** `number` of the resource server that spent it. */
  readonly spender: number;
  /** As in `SpendAttempt`. */
  readonly targetUri: string | null;
}

/** Knows how a token was spent, for as long as the token would have lived. */
export interface SpendLookup {
  /**
   * The first spend of the token; null when nobody spent it, when it is over, or when the ledger is not, or no longer,
   * the one that the token names. Changes nothing.
   *
   * Fails  Unavailable
   */
  spendOf(token: TokenEntry): Promise<KeptSpend | null>;
}

export interface TransactionPorts extends CallerPorts {
  readonly identity: BrokerIdentity;
  readonly sealer: Pick<TokenSealer, 'unseal'>;
  readonly spends: SpendLookup;
  readonly signer: PublishedSigner;
  readonly ledger: Pick<RevocationLedger, 'permit'>;
  readonly journal: Journal;
}
