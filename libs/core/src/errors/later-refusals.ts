import type { RefusalRow } from './refusal-row.ts';

/** The ways in which a request is not answered now. Whoever hears of them may ask the same again, after `Retry-After`. */
export const LATER_REFUSALS = {
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
  'broker.unavailable': {
    error: 'temporarily_unavailable',
    status: 503,
    says: 'the broker cannot answer now',
    means: 'the database, the ledger, the key ring, an identity provider or the audit log did not answer',
  },
} as const satisfies Record<string, RefusalRow>;
