import { randomBytes } from 'node:crypto';
import {
  Unavailable,
  type KeptSpend,
  type LedgerIdentity,
  type SpentTokens,
  type TokenAct,
  type TokenEntry,
  type TokenOutcome,
  type TokenState,
} from '#core';
import { connect, whenConnected, type RedisClient } from './connect.ts';
import { OPEN } from './open-script.ts';
import type { RedisAddress } from './redis-address.ts';
import { SETTLE } from './settle-script.ts';
import { shardOf, shardsOf, type Shard } from './shard.ts';
import { ShardWatch } from './shard-watch.ts';
import { readOutcome, readState, valuesOf } from './token-lines.ts';

export interface RedisSpentTokensOptions {
  readonly address: RedisAddress;
  /** What tokens call this ledger; the same for all brokers that share it. */
  readonly name: string;
  /** Hears of trouble that no request hears of; once per outage. */
  readonly onProblem: (error: unknown) => void;
  /** Two of them are longer than any token lives; the same for all brokers that share the ledger. Default 200. */
  readonly bucketSeconds?: number;
}

/** The longest life of a token is 300 seconds: that leaves some for a clock that is not the database's. */
const BUCKET_SECONDS = 200;

const GONE: TokenOutcome = { is: 'judged', verdict: 'ledger_gone' };
const UNCOUNTED: TokenOutcome = { is: 'noted', mismatches: 0, killed: false };
const UNKNOWN: TokenOutcome = { is: 'unsettled', why: 'the ledger did not answer' };

/**
 * Spent tokens on Redis or Valkey, alone or as a cluster. Nothing of it has to survive there: whatever could forget a
 * token gives its shard another incarnation, under which no token of the former one is spent.
 */
export class RedisSpentTokens implements SpentTokens {
  private readonly shards: readonly Shard[];
  /** Of the shards that new tokens are given to; those of others are spent just so. */
  private readonly watches: ReadonlyMap<Shard, ShardWatch>;
  private turn = 0;
  private hasTold = false;

  private constructor(
    private readonly client: RedisClient,
    private readonly options: RedisSpentTokensOptions,
  ) {
    const { name, address } = options;
    this.shards = shardsOf(name);
    const used = address.isCluster ? this.shards : this.shards.slice(0, 1);
    const hears = {
      onLost: (error: unknown): void => this.tell(error),
      onFound: (): void => this.found(),
    };
    this.watches = new Map(used.map((shard) => [shard, new ShardWatch(() => this.openShard(shard), hears)]));
  }

  /** Opens the ledger, and goes on trying when the server is not there: requests hear `Unavailable` until it is. */
  static async open(options: RedisSpentTokensOptions): Promise<RedisSpentTokens> {
    // What breaks a connection is told by whoever had a use for it.
    const client = connect(options.address, () => undefined);
    const tokens = new RedisSpentTokens(client, options);
    await whenConnected(client);
    await Promise.all([...tokens.watches.values()].map((watch) => watch.open()));
    return tokens;
  }

  async close(): Promise<void> {
    await Promise.all([...this.watches.values()].map((watch) => watch.close()));
    this.client.disconnect();
  }

  /** Each of the shards in turn, as far as they are there. */
  current(): LedgerIdentity {
    const known = [...this.watches.values()].flatMap(({ incarnation }) => incarnation ?? []);
    const incarnation = known[this.turn++ % known.length];
    if (incarnation === undefined) throw new Unavailable('the incarnation of the ledger is not known');
    return { ledger: this.options.name, incarnation };
  }

  async settle(acts: readonly TokenAct[]): Promise<readonly TokenOutcome[]> {
    const outcomes = acts.map(({ act }) => (act === 'spend' ? GONE : UNCOUNTED));
    const byShard = new Map<Shard, number[]>();
    for (const [at, { token }] of acts.entries()) {
      const shard = this.placeOf(token);
      if (shard === null) continue;
      const group = byShard.get(shard);
      if (group === undefined) byShard.set(shard, [at]);
      else group.push(at);
    }
    const settled = [...byShard].map(async ([shard, group]) => {
      const heard = await this.settleIn(
        shard,
        group.flatMap((at) => acts[at] ?? []),
      );
      for (const [turn, at] of group.entries()) outcomes[at] = heard[turn] ?? UNKNOWN;
    });
    await Promise.all(settled);
    return outcomes;
  }

  async look(token: TokenEntry): Promise<TokenState> {
    return (await this.see(token)).state;
  }

  async spendOf(token: TokenEntry): Promise<KeptSpend | null> {
    return (await this.see(token)).spend;
  }

  private async see(token: TokenEntry): Promise<ReturnType<typeof readState>> {
    const shard = this.placeOf(token);
    if (shard === null) return { state: 'ledger_gone', spend: null };
    try {
      const [line] = await this.ask(shard, valuesOf({ act: 'look', token }));
      return readState(line);
    } catch (error) {
      throw new Unavailable('the ledger could not be asked about a token', error);
    }
  }

  private placeOf({ ledger, incarnation }: TokenEntry): Shard | null {
    return ledger === this.options.name ? shardOf(this.shards, incarnation) : null;
  }

  private async settleIn(shard: Shard, acts: readonly TokenAct[]): Promise<readonly TokenOutcome[]> {
    const watch = this.watches.get(shard);
    try {
      const outcomes = (await this.ask(shard, acts.flatMap(valuesOf))).map(readOutcome);
      const isOver = acts.some(
        ({ token }, at) => isGone(outcomes[at]) && token.incarnation === watch?.incarnation,
      );
      if (isOver) watch?.doubt(new Error('the incarnation of the ledger is over'));
      return outcomes;
    } catch (error) {
      watch?.doubt(error);
      return acts.map(() => UNKNOWN);
    }
  }

  private async ask(shard: Shard, values: readonly string[]): Promise<readonly unknown[]> {
    const lines = await SETTLE.run(this.client, shard.keys, [this.bucketSeconds, ...values]);
    if (!Array.isArray(lines)) throw new Error('the ledger gave no list');
    return lines;
  }

  private async openShard({ keys, digit }: Shard): Promise<string> {
    const random = randomBytes(16).toString('hex');
    const incarnation = await OPEN.run(this.client, keys, [this.bucketSeconds, digit, random]);
    if (typeof incarnation !== 'string') throw new Error('the ledger named no incarnation');
    return incarnation;
  }

  private get bucketSeconds(): number {
    return this.options.bucketSeconds ?? BUCKET_SECONDS;
  }

  /** Once, and not again before every shard was there. */
  private tell(error: unknown): void {
    if (!this.hasTold) this.options.onProblem(error);
    this.hasTold = true;
  }

  private found(): void {
    if ([...this.watches.values()].every(({ incarnation }) => incarnation !== null)) this.hasTold = false;
  }
}

function isGone(outcome: TokenOutcome | undefined): boolean {
  return outcome?.is === 'judged' && outcome.verdict === 'ledger_gone';
}
