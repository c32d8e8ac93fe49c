import { describeAttempt, type Attempt } from './attempt.ts';
import { HOSTILE, type HostileRequest, type HostileRow } from './hostile-requests.ts';
import type { ProbeSession, Ticket } from './probe-session.ts';
import { ROW_IDS, rowOfRefusals, type Row, type RowId } from './row.ts';

export interface Probed {
  readonly rows: readonly Row[];
  /** Headers of the answer to the first call. */
  readonly headers: ProbeSession['lastHeaders'];
}

/** What a row of hostile requests found, and whether the right request got in after them. */
interface Tried {
  readonly row: Row;
  readonly control: Attempt;
}

/**
 * Tries everything that a gateway must not let in, each after something that it must. Where not even the right call
 * gets in, nothing can be learnt from refusals, and the rest is not tried.
 *
 * In     passesBodies  false where the API is registered so that its gateway passes no request with a body
 */
export async function driveProbe(
  session: ProbeSession,
  { passesBodies }: { passesBodies: boolean },
): Promise<Probed> {
  const ticket = await session.read();
  const signed = await session.sign(ticket);
  const first = await session.send(ticket, 'the right request', signed);
  const { lastHeaders: headers } = session;
  const firstRow = rowOfFirst(first);
  if (firstRow.state !== 'passed') {
    const others = ROW_IDS.filter((id) => id !== 'first-call');
    return { headers, rows: [firstRow, ...others.map((id) => skipped(id, 'not tried'))] };
  }
  const again = [
    await session.send(ticket, 'a copy of the first call, byte for byte', signed),
    await session.send(ticket, 'the same token with a new proof', await session.sign(ticket)),
  ];
  const tried = new Map<HostileRow, Tried>();
  for (const id of ['other-path', 'head-for-get', 'downgrade', 'duplicate-header'] as const) {
    if (session.scheme === 'dpop' || id !== 'downgrade') tried.set(id, await tryRow(session, id, 'read'));
  }
  const body = passesBodies ? await tryRow(session, 'changed-body', 'write') : null;
  if (body !== null) tried.set('changed-body', body);
  const bare = await session.send(
    ticket,
    'the same request without a token',
    await withoutToken(session, ticket),
  );
  const rows: Record<RowId, Row> = {
    'first-call': firstRow,
    'second-call': rowOfSecond(again),
    'cached-answer': rowOfCached(
      [...again, bare],
      [...tried.values()].map(({ control }) => control),
    ),
    'changed-body': body?.row ?? (await noBody(session)),
    'other-path': rowOf('other-path'),
    'head-for-get': rowOf('head-for-get'),
    downgrade: rowOf('downgrade'),
    'duplicate-header': rowOf('duplicate-header'),
  };
  return { headers, rows: ROW_IDS.map((id) => rows[id]) };

  function rowOf(id: HostileRow): Row {
    return tried.get(id)?.row ?? skipped(id, 'the API takes bearer tokens');
  }
}

function rowOfFirst(first: Attempt): Row {
  const isSpent = first.heard.some(({ outcome }) => outcome === 'spent');
  const state = first.outcome === 'in' && isSpent ? 'passed' : 'failed';
  return { id: 'first-call', state, says: describeAttempt(first), attempts: [first] };
}

/** What got in unasked is a kept answer, and the next row's. */
function rowOfSecond(again: readonly Attempt[]): Row {
  const isKept = ({ outcome, heard }: Attempt): boolean => outcome === 'in' && heard.length === 0;
  const asked = again.filter((attempt) => !isKept(attempt));
  return asked.length === 0
    ? skipped('second-call', 'got in without a question: see the next row', again)
    : rowOfRefusals('second-call', asked);
}

function rowOfCached(again: readonly Attempt[], controls: readonly Attempt[]): Row {
  const kept = [
    ...again.filter(({ outcome, heard }) => outcome === 'in' && heard.length === 0),
    ...controls.filter(({ outcome, heard }) => outcome === 'refused' && heard.length === 0),
  ];
  const [one] = kept;
  const attempts = [...again, ...controls];
  if (one === undefined)
    return { id: 'cached-answer', state: 'passed', says: 'each was asked about', attempts };
  const did = one.outcome === 'in' ? 'got in' : 'was refused';
  return {
    id: 'cached-answer',
    state: 'failed',
    says: `${one.says} ${did}: ${describeAttempt(one)}`,
    attempts,
  };
}

/** Each hostile request with a token of its own; then, with the first of these tokens, the right request. */
async function tryRow(session: ProbeSession, id: HostileRow, kind: 'read' | 'write'): Promise<Tried> {
  const requests: readonly HostileRequest[] = HOSTILE[id].filter(
    ({ says }) => session.scheme === 'dpop' || says !== 'a second DPoP',
  );
  const attempts: Attempt[] = [];
  let first: Ticket | null = null;
  for (const { says, make } of requests) {
    const ticket = await session[kind]();
    first ??= ticket;
    attempts.push(await session.send(ticket, says, await make(session, ticket)));
  }
  const control = await rightAfter(session, first ?? (await session[kind]()));
  return { row: rowOfRefusals(id, attempts, remarkOn(control)), control };
}

async function rightAfter(session: ProbeSession, ticket: Ticket): Promise<Attempt> {
  return session.send(ticket, 'the right request after a wrong one', await session.sign(ticket));
}

/** Safe, but a stranger can use up what they could not use. */
function remarkOn({ outcome, heard }: Attempt): string {
  if (outcome === 'in') return '';
  const [said] = heard;
  return said === undefined
    ? ''
    : `; but then the right one was refused too (${said.reason || said.outcome})`;
}

async function withoutToken(session: ProbeSession, ticket: Ticket): ReturnType<ProbeSession['sign']> {
  const signed = await session.sign(ticket);
  const secret = new Set(['authorization', 'dpop']);
  return { ...signed, headers: signed.headers.filter(([name]) => !secret.has(name)) };
}

async function noBody(session: ProbeSession): Promise<Row> {
  const ticket = await session.write();
  const attempt = await session.send(ticket, 'a body', await session.sign(ticket));
  return rowOfRefusals('changed-body', [attempt], ': no body passes here (forward_auth.body: none)');
}

function skipped(id: RowId, says: string, attempts: readonly Attempt[] = []): Row {
  return { id, state: 'skipped', says, attempts };
}
