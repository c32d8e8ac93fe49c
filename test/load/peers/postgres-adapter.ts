import { Pool } from 'pg';
import type { Adapter, AdapterPayload } from 'oidc-provider';

const TABLE = `
  CREATE TABLE IF NOT EXISTS oidc_payload (
    id          text        NOT NULL,
    type        text        NOT NULL,
    payload     jsonb       NOT NULL,
    grant_id    text,
    user_code   text,
    uid         text,
    expires_at  timestamptz,
    consumed_at timestamptz,
    PRIMARY KEY (id, type)
  )`;

/** The shape of the adapters that the package's repository offers for SQL databases: one table, a row for each thing. */
export class PostgresAdapter implements Adapter {
  private constructor(
    private readonly pool: Pool,
    private readonly type: string,
  ) {}

  /** A class of adapters on this database, as the provider wants it. */
  static async on(databaseUrl: string): Promise<(type: string) => Adapter> {
    const pool = new Pool({ connectionString: databaseUrl, max: 10 });
    await pool.query(TABLE);
    return (type) => new PostgresAdapter(pool, type);
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    await this.pool.query({
      name: 'upsert',
      text: `INSERT INTO oidc_payload (id, type, payload, grant_id, user_code, uid, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
             ON CONFLICT (id, type) DO UPDATE SET payload = excluded.payload, expires_at = excluded.expires_at`,
      values: [id, this.type, payload, payload.grantId, payload.userCode, payload.uid, expiresIn],
    });
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return this.findBy('id', id);
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.findBy('user_code', userCode);
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.findBy('uid', uid);
  }

  async consume(id: string): Promise<void> {
    await this.pool.query('UPDATE oidc_payload SET consumed_at = now() WHERE id = $1 AND type = $2', [
      id,
      this.type,
    ]);
  }

  async destroy(id: string): Promise<void> {
    await this.pool.query('DELETE FROM oidc_payload WHERE id = $1 AND type = $2', [id, this.type]);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.pool.query('DELETE FROM oidc_payload WHERE grant_id = $1', [grantId]);
  }

  private async findBy(
    column: 'id' | 'user_code' | 'uid',
    value: string,
  ): Promise<AdapterPayload | undefined> {
    const { rows } = await this.pool.query<{ payload: AdapterPayload; consumed: Date | null; live: boolean }>(
      {
        name: `find by ${column}`,
        text: `SELECT payload, consumed_at AS consumed, coalesce(expires_at > now(), true) AS live
               FROM oidc_payload WHERE ${column} = $1 AND type = $2`,
        values: [value, this.type],
      },
    );
    const [row] = rows;
    if (row === undefined || !row.live) return undefined;
    return row.consumed === null ? row.payload : { ...row.payload, consumed: true };
  }
}
