import { parseArgs } from 'node:util';

/** How long and how hard is measured. */
export interface BenchOptions {
  readonly sections: readonly string[];
  readonly seed: number;
  readonly requests: number;
  readonly turns: number;
  readonly warmUp: number;
  readonly connections: number;
  /** Of each stretch in open loop. */
  readonly seconds: number;
  /** The rate of the open loop, as a share of the capacity that was just measured. */
  readonly share: number;
  readonly loads: readonly string[] | null;
  readonly minutes: number;
  readonly perSecond: number;
  readonly memoryRequests: number;
  readonly entries: readonly number[];
  readonly events: readonly number[];
  readonly registrations: readonly number[];
  readonly processes: readonly number[];
  readonly policies: readonly number[];
  readonly samples: number;
  /** Files that describe servers of others, for the peers. */
  readonly peers: readonly string[];
  readonly profile: string | null;
  /** Nothing is measured in earnest. */
  readonly smoke: boolean;
  readonly save: boolean;
  readonly json: string | null;
}

/** The short form proves that a bench works; its figures mean nothing. */
const SMOKE = {
  requests: '40',
  turns: '1',
  'warm-up': '8',
  seconds: '0.2',
  minutes: '0.01',
  'per-second': '40',
  'memory-requests': '40',
  entries: '1000',
  events: '1000',
  registrations: '3',
  processes: '2',
  policies: '10',
  samples: '1',
};

/** Fails  TypeError when an option is not known; Error when a number is none */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: FLAGS });
  const given = { ...(values.smoke ? { ...DEFAULTS, ...SMOKE } : DEFAULTS), ...values };
  const number = (name: keyof typeof DEFAULTS): number => {
    const value = Number(given[name]);
    if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} must be a number`);
    return value;
  };
  const numbers = (name: keyof typeof DEFAULTS): readonly number[] =>
    String(given[name])
      .split(',')
      .map(Number)
      .filter((one) => Number.isInteger(one) && one > 0);
  return {
    sections: positionals,
    seed: number('seed'),
    requests: number('requests'),
    turns: number('turns'),
    warmUp: number('warm-up'),
    connections: number('connections'),
    seconds: number('seconds'),
    share: number('share'),
    loads: values.load ?? null,
    minutes: number('minutes'),
    perSecond: number('per-second'),
    memoryRequests: number('memory-requests'),
    entries: numbers('entries'),
    events: numbers('events'),
    registrations: numbers('registrations'),
    processes: numbers('processes'),
    policies: numbers('policies'),
    samples: number('samples'),
    peers: values.peer ?? [],
    profile: values.profile ?? null,
    smoke: values.smoke,
    save: values.save,
    json: values.json ?? null,
  };
}

const DEFAULTS = {
  seed: '1',
  requests: '12000',
  turns: '6',
  'warm-up': '8000',
  connections: '32',
  seconds: '5',
  share: '0.6',
  minutes: '3',
  'per-second': '500',
  'memory-requests': '60000',
  entries: '10000,1000000,10000000',
  events: '1000,100000,1000000',
  registrations: '1,100,1000',
  processes: '1,2,4',
  policies: '10,100,1000,10000',
  samples: '50',
};

const text = { type: 'string' } as const;
const FLAGS = {
  seed: text,
  requests: text,
  turns: text,
  'warm-up': text,
  connections: text,
  seconds: text,
  share: text,
  minutes: text,
  'per-second': text,
  'memory-requests': text,
  entries: text,
  events: text,
  registrations: text,
  processes: text,
  policies: text,
  samples: text,
  load: { type: 'string', multiple: true },
  peer: { type: 'string', multiple: true },
  profile: text,
  json: text,
  smoke: { type: 'boolean', default: false },
  save: { type: 'boolean', default: false },
} as const;
