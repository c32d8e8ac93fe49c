import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/**
 * The least that single use costs: the id of each request in one durable statement, shared by all that wait while the
 * one before is under way. No transaction around it, no audit event, no expiry.
 */
export class FloorLedger {
  private waiting: {
    readonly id: string;
    readonly resolve: () => void;
    readonly reject: (error: unknown) => void;
  }[] = [];
  private isWriting = false;

  private constructor(private readonly client: Client) {}

  static async open(databaseUrl: string): Promise<FloorLedger> {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('CREATE TABLE IF NOT EXISTS floor_used (id uuid PRIMARY KEY)');
    return new FloorLedger(client);
  }

  /** Resolves when a new id is durable. Fails  Error of the driver */
  write(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ id: timeOrderedId(), resolve, reject });
      if (this.isWriting) return;
      this.isWriting = true;
      // Everything that arrived in the same turn of the event loop goes together.
      setImmediate(() => void this.writeAll());
    });
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        await this.client.query({ name: 'floor.use', text: USE, values: [batch.map(({ id }) => id)] });
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.isWriting = false;
  }
}

const USE = 'INSERT INTO floor_used (id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING';

/** Milliseconds and 80 random bits, as UUIDv7: an index grows at its end, and stays small. */
function timeOrderedId(): string {
  return Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
}
