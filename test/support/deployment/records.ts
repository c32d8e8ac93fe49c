import { Client } from 'pg';
import type { Answer } from './caller.ts';

/** One line of the audit log. */
export interface RecordedEvent {
  readonly type: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly callerId?: string;
  readonly ip?: string | null;
  readonly [fact: string]: unknown;
}

/** What was written down, counted. */
export interface Counts {
  readonly usedIds: number;
  readonly tokens: number;
  readonly permitted: number;
}

const COUNTS = `
  SELECT (SELECT count(*)::int FROM (TABLE used_id_0 UNION ALL TABLE used_id_1 UNION ALL TABLE used_id_2
                                     UNION ALL TABLE used_id_3) AS used) AS "usedIds",
         (SELECT count(*)::int FROM (TABLE ledger_0 UNION ALL TABLE ledger_1 UNION ALL TABLE ledger_2
                                     UNION ALL TABLE ledger_3) AS spent) AS tokens,
         (SELECT count(*)::int FROM audit_event WHERE outcome = 'permitted') AS permitted`;

/** The database of a deployment, read behind the back of its brokers. */
export class Records {
  private constructor(private readonly client: Client) {}

  static async open(databaseUrl: string): Promise<Records> {
    const client = new Client({ connectionString: databaseUrl });
    client.on('error', () => undefined);
    await client.connect();
    return new Records(client);
  }

  /** The event that an answer's `Oncekey-Reason-Id` stands for. Fails when there is not exactly one. */
  async eventOf({ headers, text }: Pick<Answer, 'headers' | 'text'>): Promise<RecordedEvent> {
    const events = await this.rows<{ event: RecordedEvent }>(
      'SELECT event FROM audit_event WHERE reason_id = $1',
      [headers.get('oncekey-reason-id') ?? ''],
    );
    const [first] = events;
    if (first === undefined || events.length > 1) {
      throw new Error(`${events.length} events on record for the answer ${text}`);
    }
    return first.event;
  }

  async counts(): Promise<Counts> {
    const [counts] = await this.rows<Counts>(COUNTS);
    if (counts === undefined) throw new Error('nothing could be counted');
    return counts;
  }

  async rows<Row>(statement: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const { rows } = await this.client.query(statement, [...values]);
    return rows as Row[];
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
