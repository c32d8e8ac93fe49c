import type { Journal } from '../audit/journal.ts';
import type { RevocationLedger } from '../revocation/revocation-ledger.ts';
import type { CallerPorts } from '../caller/verified-caller.ts';
import type { BrokerIdentity } from '../exchange/exchange.ports.ts';
import type { TokenEntry } from '../introspection/spend-ledger.ts';
import type { PublishedSigner } from '../keys/published-signer.ts';
import type { TokenSealer } from '../token/token-sealer.ts';

/** Knows who spent a token, for as long as the token would have lived. */
export interface SpenderLookup {
  /**
   * `number` of the resource server that spent the token; null when nobody did, when it is over, or when the ledger
   * is not, or no longer, the one that the token names. Changes nothing.
   *
   * Fails  Unavailable
   */
  spenderOf(token: TokenEntry): Promise<number | null>;
}

export interface TransactionPorts extends CallerPorts {
  readonly identity: BrokerIdentity;
  readonly sealer: Pick<TokenSealer, 'unseal'>;
  readonly spenders: SpenderLookup;
  readonly signer: PublishedSigner;
  readonly ledger: Pick<RevocationLedger, 'permit'>;
  readonly journal: Journal;
}
