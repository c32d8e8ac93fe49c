import { NoSuchResource, type PostureReport, type StoredPosture } from '#core';
import type { PoolClient } from 'pg';
import { ask, askOne, type Database } from './query.ts';

interface PostureRow {
  compliant: boolean | null;
  facts: Readonly<Record<string, boolean>>;
  learntAt: Date;
  learntFrom: string;
}

/** Null when nothing was reported, or there is no such device. Fails  Unavailable */
export async function readPosture(database: Database, device: string): Promise<StoredPosture | null> {
  const row = await askOne<PostureRow>(database, {
    what: 'the posture of a device cannot be read',
    text: `SELECT compliant, facts, learnt_at AS "learntAt", learnt_from AS "learntFrom"
             FROM device_posture WHERE device = $1`,
    values: [device],
  });
  return row === null ? null : { ...row, learntAt: row.learntAt.getTime() };
}

/** Fails  NoSuchResource | Unavailable */
export async function reportPosture(
  connection: PoolClient,
  { device, source, report }: { device: string; source: string; report: PostureReport },
): Promise<StoredPosture> {
  const { rows } = await ask<{ known: boolean }>(connection, {
    what: 'the posture of a device cannot be written',
    text: 'SELECT report_device_posture($1, $2, $3, $4) AS known',
    values: [device, source, report.compliant, report.facts],
  });
  const stored = rows[0]?.known === true ? await readPosture(connection, device) : null;
  if (stored === null) throw new NoSuchResource();
  return stored;
}
