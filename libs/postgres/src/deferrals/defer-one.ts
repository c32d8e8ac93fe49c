import { MAX_OPEN, POLL_SECONDS, type NewDeferral } from '#core';
import type { PoolClient } from 'pg';
import { storableText } from '../ledger/audit-row.ts';
import { ADVISORY_CLASS } from '../ledger/ring.ts';

/** Second half of the advisory lock under which deferrals are counted and made. */
const DEFERRAL_LOCK = 5;

/** Until the transaction ends nobody else makes one, so that the limits hold. Fails  Error of the driver */
export async function lockDeferrals(connection: PoolClient): Promise<void> {
  await connection.query('SELECT pg_advisory_xact_lock($1, $2)', [ADVISORY_CLASS, DEFERRAL_LOCK]);
}

/** Writes one down, after `lockDeferrals`, where the limits leave room. Fails  Error of the driver */
export async function deferOne(
  connection: PoolClient,
  { id, codeHash, bindingCode, approvers, request, reliances, ttlSeconds }: NewDeferral,
): Promise<'deferred' | 'too_many'> {
  const { rowCount } = await connection.query({
    name: 'deferral.defer',
    text: DEFER,
    values: [
      id,
      codeHash,
      storableText(request.clientId),
      storableText(request.subject.issuer),
      storableText(request.subject.subject),
      bindingCode,
      JSON.stringify(request),
      reliances.map(({ kind }) => kind),
      reliances.map(({ id: name }) => storableText(name)),
      reliances.map(({ since }) => since / 1000),
      approvers.map(storableText),
      ttlSeconds,
      POLL_SECONDS,
      MAX_OPEN.perSubject,
      MAX_OPEN.perClient,
    ],
  });
  return rowCount === 1 ? 'deferred' : 'too_many';
}

const IS_OPEN = `state IN ('pending', 'approved') AND expires_at > clock_timestamp()`;

const DEFER = `
  INSERT INTO deferral (id, code_hash, client_id, issuer, subject, binding_code, request, relied_kinds, relied_ids,
                        relied_since, approvers, awaited, expires_at, interval_seconds, next_poll_at)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11,
         now + $12::float8 * interval '1 second', $13, now + $13::int * interval '1 second'
    FROM clock_timestamp() AS now
   WHERE (SELECT count(*) FROM deferral WHERE issuer = $4 AND subject = $5 AND ${IS_OPEN}) < $14::int
     AND (SELECT count(*) FROM deferral WHERE client_id = $3 AND ${IS_OPEN}) < $15::int`;
