import type { Answer } from '../answer.ts';
import { columns } from '../columns.ts';
import type { Colours } from '#quickstart';

/** What a reader does not see, or sees in another order than it stands. */
const HIDDEN = /[\p{C}\u2028\u2029]/gu;

/** One line of a list. */
export function approvalRow(approval: Answer): readonly string[] {
  const operation = approval.at('operation');
  return [
    approval.text('id'),
    approval.text('binding_code'),
    approval.at('requester').text('subject'),
    approval.text('operation_id'),
    operation.texts('actions').join(' '),
    targetOf(operation),
    approval.text('expires_at'),
  ].map(visible);
}

/** All that somebody has to know who decides. */
export function approvalLines(approval: Answer, colours: Colours): readonly string[] {
  const operation = approval.at('operation');
  const digest = operation.at('content_digest').text('sha-256');
  const claimed = approval.at('claimed').value;
  const facts: readonly (readonly [string, string])[] = [
    ['id', approval.text('id')],
    ['code', approval.text('binding_code')],
    ['state', approval.text('state')],
    ['operation', approval.text('operation_id')],
    ['request', `${operation.texts('actions').join(' ')} ${targetOf(operation)}`],
    ['body', digest === '' ? 'none that is fixed' : `sha-256 ${digest}`],
    ['asked by', personOf(approval.at('requester'))],
    ['through', personOf(approval.at('actor'))],
    ['client', approval.text('client_id')],
    ['device', approval.at('device').text('id') || approval.at('device').text('key')],
    ['from', approval.text('ip')],
    ['claims', isEmpty(claimed) ? '' : JSON.stringify(claimed)],
    ['needs', approval.texts('groups').join(', ')],
    ['still', approval.texts('awaited').join(', ')],
    ['asked at', approval.text('requested_at')],
    ['until', approval.text('expires_at')],
  ];
  const said = facts.filter(([, value]) => value !== '');
  return columns(said.map(([name, value]) => [colours.dim(name), visible(value)]));
}

/** Of a token for a whole path there is no URI, but the path. */
function targetOf(operation: Answer): string {
  const path = operation.text('path_template');
  return path === '' ? operation.text('target_uri') : `${operation.texts('locations').join(' ')}${path}`;
}

function personOf(person: Answer): string {
  const subject = person.text('subject');
  const [email, issuer] = [person.text('email'), person.text('issuer')];
  return subject === '' ? '' : `${subject}${email === '' ? '' : ` <${email}>`} of ${issuer}`;
}

function isEmpty(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}

/** What somebody else wrote must not move the cursor of whoever decides on it. */
function visible(text: string): string {
  return text.replaceAll(HIDDEN, (hidden) => `\\u{${hidden.codePointAt(0)?.toString(16) ?? ''}}`);
}
