import type { DeviceRegistry, KnownDevice } from '#core';
import type { Pool } from 'pg';
import { orUnavailable } from './or-unavailable.ts';

interface DeviceRow {
  thumbprint: string;
  id: string;
  enabled: boolean;
  issuer: string;
  subject: string;
  platform: string;
  compliant: boolean | null;
  facts: readonly string[] | null;
  learnt_at: number | null;
  learnt_from: string | null;
}

type Found = ReadonlyMap<string, KnownDevice>;

/** The devices of the registry. All that is asked for at the same time is one question to the database. */
export class PostgresDevices implements DeviceRegistry {
  private asking: { readonly keys: Set<string>; readonly found: Promise<Found> } | null = null;

  constructor(private readonly pool: Pool) {}

  async byKey(thumbprint: string): Promise<KnownDevice | null> {
    this.asking ??= this.askTogether();
    const { keys, found } = this.asking;
    keys.add(thumbprint);
    return (await found).get(thumbprint) ?? null;
  }

  /** What arrives until the end of this turn of the event loop goes together. */
  private askTogether(): { keys: Set<string>; found: Promise<Found> } {
    const keys = new Set<string>();
    const found = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.asking = null;
      return this.find([...keys]);
    });
    return { keys, found };
  }

  private async find(keys: readonly string[]): Promise<Found> {
    const { rows } = await orUnavailable('the registry of devices does not answer', () =>
      this.pool.query<DeviceRow>({ name: 'devices.by_key', text: BY_KEY, values: [keys] }),
    );
    return new Map(rows.map((row) => [row.thumbprint, deviceOf(row)]));
  }
}

function deviceOf(row: DeviceRow): KnownDevice {
  const { id, enabled, issuer, subject, platform, compliant, facts } = row;
  const { learnt_at: learntAt, learnt_from: learntFrom } = row;
  return {
    id,
    enabled,
    owner: { issuer, subject },
    platform,
    posture:
      learntAt === null || learntFrom === null
        ? null
        : { compliant, facts: facts ?? [], learntAt: learntAt * 1000, learntFrom },
  };
}

/** Of facts, those that are true and nothing else: what is not a fact is none. */
const BY_KEY = `
  SELECT k.thumbprint, d.id, d.enabled, d.document->'owner'->>'issuer' AS issuer,
         d.document->'owner'->>'subject' AS subject, d.document->>'platform' AS platform,
         p.compliant, p.learnt_from, extract(epoch FROM p.learnt_at)::float8 AS learnt_at,
         (SELECT array_agg(f.key ORDER BY f.key) FROM jsonb_each(p.facts) AS f WHERE f.value = 'true') AS facts
    FROM device_key AS k
    JOIN device AS d ON d.id = k.device
    LEFT JOIN device_posture AS p ON p.device = d.id
   WHERE k.thumbprint = ANY ($1)`;
