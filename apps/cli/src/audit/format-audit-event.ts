import { actorsOf, meaningOf, type AuditEvent, type AuditOutcome } from '#core';
import type { Colours } from '#quickstart';

/** Colour of each outcome: what was given, what was used, what was refused. */
const PAINTS: Readonly<Record<AuditOutcome, 'cyan' | 'green' | 'red'>> = {
  permitted: 'cyan',
  deferred: 'cyan',
  spent: 'green',
  repeated: 'green',
  done: 'green',
  refused: 'red',
  inactive: 'red',
  revoked: 'red',
  accepted: 'green',
};

/** One event in one line, or two when there is a reason: for `audit tail`. */
export function formatAuditLine(event: AuditEvent, colours: Colours): string {
  const outcome = colours[PAINTS[event.outcome]](event.outcome.padEnd(9));
  const what = whatOf(event);
  const line = [colours.dim(timeOf(event)), outcome, whoOf(event), what, colours.dim(releaseOf(event))];
  const first = line.filter((part) => part !== '').join('  ');
  return event.reason === null
    ? first
    : `${first}\n${' '.repeat(25)} ${colours.yellow(event.reason)}: ${meaningOf(event.reason)} ${colours.dim(`[${event.reasonId}]`)}`;
}

/** One event in full, a fact per line: for `explain`. */
export function formatAuditEvent(event: AuditEvent, colours: Colours): string {
  const rows: [string, string | null | undefined][] = [
    ['time', new Date(event.at).toISOString()],
    ['what', kindOf(event)],
    ['outcome', colours[PAINTS[event.outcome]](event.outcome)],
    ['reason', event.reason === null ? null : `${colours.yellow(event.reason)}: ${meaningOf(event.reason)}`],
    ['detail', event.detail],
    ['caller', event.callerId],
    ['subject', event.subject === undefined ? null : `${event.subject.subject} of ${event.subject.issuer}`],
    [
      'actor',
      event.actor === undefined
        ? null
        : actorsOf(event.actor)
            .map(({ iss, sub }) => `${sub} of ${iss}`)
            .join(', after '),
    ],
    ['operation', event.operation === undefined ? null : operationOf(event)],
    ['catalog id', event.operationId],
    [
      'approval',
      event.approval === undefined ? null : `${event.approval.id} by ${event.approval.groups.join(', ')}`,
    ],
    ['act', event.act?.operation],
    ['target', event.act?.target],
    ['resource', event.resource],
    ['device key', event.deviceKey],
    ['address', event.ip],
    ['token id', event.tokenId],
    ['release', event.release === undefined ? null : String(event.release)],
    [
      'policies',
      event.policies === undefined || event.policies.length === 0 ? null : event.policies.join(', '),
    ],
    ['obligations', event.obligations === undefined ? null : JSON.stringify(event.obligations)],
    ['txn', event.txn],
    ['reason id', event.reasonId],
    ['event id', event.id],
  ];
  return rows
    .flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [`${colours.dim(name.padEnd(12))}${value}`],
    )
    .join('\n');
}

/** `2026-11-23 17:04:05.678`, UTC. */
function timeOf({ at }: AuditEvent): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '');
}

function kindOf({ type }: AuditEvent): string {
  switch (type) {
    case 'token.exchange':
      return 'exchange of an identity for a token';
    case 'token.transaction':
      return 'transaction token for services behind an API';
    case 'token.caller':
      return 'caller token for a resource server';
    case 'token.introspect':
      return 'introspection of a token';
    case 'token.forward_auth':
      return 'question of a gateway';
    case 'token.revoke':
      return 'revocation of a token';
    case 'subject.revoke':
      return 'revocation of all that a user has';
    case 'security.event':
      return 'security event of an identity provider';
    case 'admin.act':
      return 'act of an admin';
    case 'admin.enrolment':
      return 'enrolment of the first admin';
    case 'admin.break_glass':
      return 'a way back in, opened on the database host';
  }
}

/** The act, the operation, or what kind of event it is. */
function whatOf(event: AuditEvent): string {
  if (event.act !== undefined) return `${event.act.operation} ${event.act.target}`;
  return event.operation === undefined ? kindOf(event) : operationOf(event);
}

function whoOf({ subject, actor, callerId }: AuditEvent): string {
  const caller = callerId ?? 'unknown caller';
  if (subject === undefined) return caller;
  return actor === undefined
    ? `${subject.subject} via ${caller}`
    : `${subject.subject} by ${actor.sub} via ${caller}`;
}

function operationOf({ operation, operationId }: AuditEvent): string {
  if (operation === undefined) return '';
  const request = `${operation.actions[0]} ${operation.target_uri}`;
  return operationId === undefined ? request : `${request} (${operationId})`;
}

function releaseOf({ release, policies }: AuditEvent): string {
  if (release === undefined) return '';
  return policies === undefined || policies.length === 0
    ? `release ${release}`
    : `release ${release}: ${policies.join(', ')}`;
}
