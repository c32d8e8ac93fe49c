import type { HttpOperation } from '../../operation/http-operation.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { RecordedGrant } from './record-permit.ts';
import type { VerifiedDevice } from './verify-device.ts';

/** What the client is given (RFC 8693 §2.2.1). */
export interface IssuedToken {
  readonly accessToken: string;
  readonly tokenType: 'DPoP' | 'Bearer';
  readonly expiresInSeconds: number;
  readonly operation: HttpOperation;
  /** Catalog operation that it is. */
  readonly scope: string;
  readonly txn: string;
  /** For the client's next proof; null when it sent none. */
  readonly dpopNonce: string | null;
}

/**
 * Seals the grant. The only place where a token comes into being.
 *
 * In     recorded  evidence from `recordPermit`
 *        device    evidence from `verifyDevice`
 * Out    IssuedToken
 * Fails  Unavailable when there is no sealing key
 * Spec   RFC 8693 §2.2.1; RFC 9449 §5
 */
export function mint(
  { sealer }: Pick<ExchangePorts, 'sealer'>,
  { grant }: RecordedGrant,
  { nextNonce }: VerifiedDevice,
): IssuedToken {
  return {
    accessToken: sealer.seal(grant),
    // RFC 8705 §3: a token that is bound to a certificate is of type Bearer.
    tokenType: grant.cnf !== undefined && 'jkt' in grant.cnf ? 'DPoP' : 'Bearer',
    expiresInSeconds: grant.exp - grant.iat,
    operation: grant.authorization_details[0],
    scope: grant.scope,
    txn: grant.txn,
    dpopNonce: nextNonce,
  };
}
