import type { RefusalRow } from './refusal-row.ts';

/** The ways in which a request is one too many. Whoever hears of them may ask the same again, after `Retry-After`. */
export const LOAD_REFUSALS = {
  'quota.exceeded': {
    error: 'temporarily_unavailable',
    status: 429,
    says: 'too many requests',
    means: 'the client or resource server has used up its quota; nothing was issued and nothing was spent',
  },
  'quota.source': {
    error: 'temporarily_unavailable',
    status: 429,
    says: 'too many requests',
    means: 'too many requests from the address failed before it was known who calls',
  },
  'broker.overloaded': {
    error: 'temporarily_unavailable',
    status: 503,
    says: 'the broker cannot answer now',
    means: 'more requests came than can be answered in time, and this one was not begun',
  },
} as const satisfies Record<string, RefusalRow>;
