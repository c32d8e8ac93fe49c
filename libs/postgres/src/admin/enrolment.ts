import {
  EnrolmentRefused,
  VersionMoved,
  type AuditEvent,
  type EnrolmentPurpose,
  type EnrolmentWrite,
  type EpochMs,
  type JsonObject,
  type ResourceKind,
} from '#core';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../in-transaction.ts';
import { lockLiveRelease, makeLive } from '../release-store.ts';
import { lockAdministration } from './administration-lock.ts';
import { addToDraft } from './draft-rows.ts';
import { ask, askOne, type Database } from './query.ts';
import { demandFit } from './registration-rules.ts';
import { readRelease } from './releases.ts';
import { RESOURCE_TABLES } from './resource-table.ts';
import { roleBindingDocument } from './role-bindings.ts';
import { putResource } from './write-resources.ts';
import { writeEvents } from './write-events.ts';

const CANNOT_ENROL = 'the enrolment cannot be written';
const CANNOT_OFFER = 'an enrolment cannot be offered';

const IS_OPEN = 'used_at IS NULL AND expires_at > clock_timestamp()';
const HAS_SECURITY_ADMIN = `EXISTS (
  SELECT FROM role_binding WHERE enabled AND document ->> 'role' = 'security-admin')`;

/** Of any number who bring the same code, one finds it unused. A code for the first admin ends when there is one. */
const USE = `
  UPDATE enrolment SET used_at = clock_timestamp()
   WHERE code_hash = $1 AND ${IS_OPEN} AND (purpose = 'break_glass' OR NOT ${HAS_SECURITY_ADMIN})
  RETURNING purpose`;

/** Fails  EnrolmentRefused | VersionMoved | ResourceConflict | AdminProblem admin.invalid | Unavailable */
export function enrol(pool: Pool, write: EnrolmentWrite): Promise<void> {
  return inTransaction(pool, CANNOT_ENROL, async (connection) => {
    await lockAdministration(connection);
    const used = await ask(connection, { what: CANNOT_ENROL, text: USE, values: [write.codeHash] });
    if (used.rowCount !== 1) throw new EnrolmentRefused();
    const { subject } = write.event;
    const by = subject === undefined ? null : `${subject.issuer}|${subject.subject}`;
    const put = (kind: ResourceKind, document: JsonObject): Promise<void> =>
      putResource(connection, { kind, id: idOf(kind, document), document, enabled: true, by });
    if (write.identityProvider !== null) await put('identity_provider', write.identityProvider);
    await put('client', write.client);
    await demandFit(connection, { kind: 'client', id: idOf('client', write.client), document: write.client });
    for (const binding of write.bindings) await put('role_binding', roleBindingDocument(binding));
    if (write.release !== null) await publishFirst(connection, write.release, by);
    await writeEvents(connection, [write.event]);
  });
}

function idOf(kind: ResourceKind, document: JsonObject): string {
  const id = document[RESOURCE_TABLES[kind].idMember];
  return typeof id === 'string' ? id : '';
}

async function publishFirst(
  connection: PoolClient,
  { document, ifLive }: NonNullable<EnrolmentWrite['release']>,
  by: string | null,
): Promise<void> {
  await lockLiveRelease(connection);
  const live = await readRelease(connection, 'live');
  if ((live?.number ?? null) !== ifLive) throw new VersionMoved();
  const message = 'the policies over the admin API, as shipped';
  await makeLive(connection, { document, author: by ?? 'oncekey enroll', message });
  await addToDraft(connection, document, live?.document ?? null);
}

/** Those that are neither used nor expired. Fails  Unavailable */
export async function openEnrolments(
  database: Database,
): Promise<readonly { purpose: EnrolmentPurpose; expiresAt: EpochMs }[]> {
  const { rows } = await ask<{ purpose: EnrolmentPurpose; expiresAt: Date }>(database, {
    what: 'enrolments cannot be read',
    text: `SELECT purpose, expires_at AS "expiresAt" FROM enrolment WHERE ${IS_OPEN} ORDER BY expires_at`,
  });
  return rows.map(({ purpose, expiresAt }) => ({ purpose, expiresAt: expiresAt.getTime() }));
}

/** True for one of any number of processes, where nobody is security-admin yet and no code is open. Fails  Unavailable */
export function offerFirstEnrolment(pool: Pool, offer: CodeOffer): Promise<boolean> {
  return inTransaction(pool, CANNOT_OFFER, async (connection) => {
    await lockAdministration(connection);
    const row = await askOne<{ isWanted: boolean }>(connection, {
      what: CANNOT_OFFER,
      text: `SELECT NOT ${HAS_SECURITY_ADMIN} AND NOT EXISTS (SELECT FROM enrolment WHERE ${IS_OPEN}) AS "isWanted"`,
    });
    if (row?.isWanted !== true) return false;
    await insertCode(connection, 'first_admin', offer);
    return true;
  });
}

/** Makes a way back in, and puts that on record: both or nothing. Fails  Unavailable */
export function openBreakGlass(
  pool: Pool,
  { event, ...offer }: CodeOffer & { readonly event: AuditEvent },
): Promise<void> {
  return inTransaction(pool, CANNOT_OFFER, async (connection) => {
    await insertCode(connection, 'break_glass', offer);
    await writeEvents(connection, [event]);
  });
}

interface CodeOffer {
  readonly codeHash: Buffer;
  readonly ttlSeconds: number;
}

async function insertCode(
  connection: PoolClient,
  purpose: EnrolmentPurpose,
  { codeHash, ttlSeconds }: CodeOffer,
): Promise<void> {
  await ask(connection, {
    what: CANNOT_OFFER,
    text: `INSERT INTO enrolment (code_hash, purpose, expires_at)
           VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))`,
    values: [codeHash, purpose, ttlSeconds],
  });
}
