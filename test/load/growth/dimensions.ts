import type { Dimension } from '../report/performance.ts';

/** What there is more of, what is asked of the broker meanwhile, and what to do when the curve bends. */
export type DimensionText = Omit<Dimension, 'curve' | 'points'>;

export const LEDGER: DimensionText = {
  of: 'tokens in the ledger that were spent and are remembered',
  load: 'introspect, no proof',
  whenItBends:
    'Ids are ordered by time: a spend touches the right edge of an index, whatever lies to its left. It bends when that edge is not in memory any more: give `shared_buffers` room for it, or policies a shorter life of tokens, which the tables are emptied by.',
};

export const AUDIT: DimensionText = {
  of: 'audit events in the partition of a day',
  load: 'introspect, no proof',
  whenItBends:
    'Events are added at the right edge of three indexes. It bends when these edges do not fit into memory: drop old days, and give the database memory for one day of indexes.',
};

export const REGISTRATIONS: DimensionText = {
  of: 'identity providers, and as many resource servers',
  load: 'exchange',
  whenItBends:
    'They are looked up by name in memory. What grows is the compiling of a change, which no request waits for; beyond some thousands split them over brokers with databases of their own.',
};

export const BROKERS: DimensionText = {
  of: 'broker processes on one database, all on these cores',
  load: 'introspect, no proof',
  whenItBends:
    'A batch is shared by what one process is asked at a time: more processes make more and smaller ones, which costs the database. Add processes only where there are cores for them.',
};

export const WORKERS: DimensionText = {
  of: 'workers of one broker (`ONCEKEY_WORKERS`), with the database on the same cores',
  load: 'introspect, no proof',
  whenItBends:
    'As with processes. With the database on the same cores a worker takes from it what it gains: one worker for each core that the database does not need.',
};
