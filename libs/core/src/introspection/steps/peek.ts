import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import { inactive, type Inactive } from '../inactive.ts';
import type { IntrospectionPorts } from '../introspection.ports.ts';
import type { TokenState } from '../spend-ledger.ts';
import type { OpenedGrant } from './open-token.ts';

/** What is told of a token that was only looked at. Nothing in it is named as in a positive answer's first level. */
export interface PeekedToken {
  readonly state: TokenState;
  readonly grant: Readonly<Record<string, unknown>>;
}

/**
 * Looks at a token without spending it, for operators who search for a fault. Nothing is held against the request
 * that brought it, so this says nothing about whether that request may be carried out.
 *
 * In     opened  evidence from `openToken`
 * Out    PeekedToken, on record; Inactive for a token of another API, which a look does not count as a mismatch
 * Fails  client.replayed; Unavailable
 */
export async function peek(
  { ledger, journal }: Pick<IntrospectionPorts, 'ledger' | 'journal'>,
  { grant, server }: OpenedGrant,
  trail: Trail,
): Promise<PeekedToken | Inactive> {
  if (grant.aud !== server.resource) return inactive('token.wrong_audience');
  const { jti, exp, iat, sub, sub_iss, client_id, txn, uses, authorization_details } = grant;
  const state = await ledger.look({ jti, exp, ledger: grant.ledger, incarnation: grant.inc });
  trail.close();
  const { reused } = await journal.record({
    claims: trail.claims,
    describe: (heard) =>
      heard.reused === null
        ? trail.event('inactive', 'token.peeked', state)
        : trail.event('refused', heard.reused.onReuse),
  });
  if (reused !== null) throw new OAuthError(reused.onReuse).withReasonId(trail.reasonId);
  return { state, grant: { jti, iat, exp, sub, sub_iss, client_id, txn, uses, authorization_details } };
}
