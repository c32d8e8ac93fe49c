import type { Client } from 'pg';
import type { Steady } from '../report/performance.ts';

type Watched = Pick<
  Steady,
  'brokerMb' | 'tables' | 'ledgerEmptied' | 'auditBytesPerPair' | 'usedIdBytesPerPair'
>;

interface Look {
  readonly sizes: ReadonlyMap<string, number>;
  readonly floor: number;
  readonly residentMb: number;
}

/** What is small at the end, and was small all the time, is of no interest. */
const LEAST_MB = 0.1;

/** Looks at the sizes of tables and of the broker while it works. */
export class SteadyWatch {
  private readonly looks: Look[] = [];
  private looking: Promise<void> = Promise.resolve();

  private constructor(
    private readonly database: Client,
    private readonly residentMb: () => number,
  ) {}

  static async start(database: Client, residentMb: () => number): Promise<SteadyWatch> {
    const watch = new SteadyWatch(database, residentMb);
    await watch.look();
    return watch;
  }

  /** One after the other: they share a connection. */
  look(): Promise<void> {
    const looked = this.looking.then(() => this.lookNow());
    this.looking = looked.catch(() => undefined);
    return looked;
  }

  async end(pairs: number): Promise<Watched> {
    await this.look();
    const [first, last] = [this.looks[0], this.looks.at(-1)];
    if (first === undefined || last === undefined) throw new Error('nobody looked');
    const resident = this.looks.map(({ residentMb }) => residentMb);
    const grown = (prefix: string): number => sumOf(last.sizes, prefix) - sumOf(first.sizes, prefix);
    return {
      brokerMb: { first: first.residentMb, last: last.residentMb, greatest: Math.max(...resident) },
      tables: await this.tables(last),
      ledgerEmptied: last.floor - first.floor,
      auditBytesPerPair: Math.max(0, grown('audit_event')) / pairs,
      usedIdBytesPerPair: Math.max(0, grown('used_id_')) / pairs,
    };
  }

  private async lookNow(): Promise<void> {
    const { rows } = await this.database.query<{ table: string; bytes: number }>(SIZES);
    const { rows: floors } = await this.database.query<{ floor: number }>(
      'SELECT floor::float8 FROM ledger_incarnation',
    );
    this.looks.push({
      sizes: new Map(rows.map(({ table, bytes }) => [table, bytes])),
      floor: floors[0]?.floor ?? 0,
      residentMb: this.residentMb(),
    });
  }

  private async tables({ sizes }: Look): Promise<Steady['tables']> {
    const { rows } = await this.database.query<{ table: string; dead: number }>(DEAD);
    const dead = new Map(rows.map(({ table, dead: count }) => [table, count]));
    return [...sizes]
      .map(([table, bytes]) => ({
        table,
        greatestMb: Math.max(...this.looks.map((look) => look.sizes.get(table) ?? 0)) / 2 ** 20,
        lastMb: bytes / 2 ** 20,
        deadRows: dead.get(table) ?? 0,
      }))
      .filter(({ greatestMb, deadRows }) => greatestMb > LEAST_MB || deadRows > 1_000)
      .toSorted((a, b) => (a.table < b.table ? -1 : 1));
  }
}

function sumOf(sizes: ReadonlyMap<string, number>, prefix: string): number {
  return [...sizes].reduce((sum, [table, bytes]) => sum + (table.startsWith(prefix) ? bytes : 0), 0);
}

const SIZES = `
  SELECT relname AS table, pg_total_relation_size(oid)::float8 AS bytes FROM pg_class
   WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace`;

const DEAD = `SELECT relname AS table, n_dead_tup::int AS dead FROM pg_stat_user_tables`;
