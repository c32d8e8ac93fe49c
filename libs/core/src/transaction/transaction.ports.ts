import type { Journal } from '../audit/journal.ts';
import type { RevocationLedger } from '../revocation/revocation-ledger.ts';
import type { CallerPorts } from '../caller/verified-caller.ts';
import type { BrokerIdentity } from '../exchange/exchange.ports.ts';
import type { TokenEntry } from '../introspection/spend-ledger.ts';
import type { PublicKey } from '../keys/public-key.ts';
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

/** Signs what others verify, with the keys that are published. */
export interface PublishedSigner {
  /**
   * A compact JWS, ES256, with the `kid` of the published key.
   *
   * Fails  Unavailable when the key ring has no active key or cannot be confirmed
   */
  sign(typ: string, claims: object): string;

  /** All keys of which something signed may still be about. */
  publicKeys(): readonly PublicKey[];
}

export interface TransactionPorts extends CallerPorts {
  readonly identity: BrokerIdentity;
  readonly sealer: Pick<TokenSealer, 'unseal'>;
  readonly spenders: SpenderLookup;
  readonly signer: PublishedSigner;
  readonly ledger: Pick<RevocationLedger, 'permit'>;
  readonly journal: Journal;
}
