import type { AuditEvent } from '../../audit/audit-event.ts';
import type { Trail } from '../../audit/trail.ts';
import type { RevocationVerdict } from '../../revocation/revocation-ledger.ts';
import { happenedAt } from '../event-effects.ts';
import type { SecurityEventPorts } from '../security-event.ports.ts';
import type { WeighedEvent } from './weigh-event.ts';

/**
 * Takes the event: its name, what it cuts off and its record, in one transaction. One that was taken before is
 * recorded as a repetition and has no second effect.
 *
 * In     weighed  evidence from `weighEvent`
 *        trail    what the steps have seen
 * Fails  Unavailable: the transmitter delivers again
 * Spec   RFC 8935 §2.2
 */
export async function recordEvent(
  { ledger }: Pick<SecurityEventPorts, 'ledger'>,
  { event, cutOffs }: WeighedEvent,
  trail: Trail,
): Promise<void> {
  const { issuer, jti, iat, type } = event;
  trail.close();
  await ledger.revoke(
    { source: issuer, saidAt: happenedAt(event) ?? iat * 1000, event: { issuer, jti }, cutOffs },
    { claims: [], describe: (heard) => trail.event(outcomeOf(heard, cutOffs), null, type) },
  );
}

function outcomeOf(heard: RevocationVerdict, cutOffs: WeighedEvent['cutOffs']): AuditEvent['outcome'] {
  if (heard.verdict === 'repeated') return 'repeated';
  return cutOffs.some(({ change }) => change.is !== 'lift') ? 'revoked' : 'accepted';
}
