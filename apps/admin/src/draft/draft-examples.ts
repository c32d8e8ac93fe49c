import { CONTEXT_ATTRIBUTES_PART, OPERATIONS, POLICIES, POLICY_TESTS } from './draft-parts.ts';

const { api, ...operation } = OPERATIONS.example;

export const DOCUMENT_EXAMPLE = {
  policies: [POLICIES.example],
  tests: [POLICY_TESTS.example],
  apis: [{ id: api, operations: [operation] }],
  claimed: { reason: CONTEXT_ATTRIBUTES_PART.example['type'] },
};

const NOTHING = { added: [], removed: [], changed: [] };

export const DIFF_EXAMPLE = {
  policies: { ...NOTHING, changed: ['support-refunds'] },
  operations: NOTHING,
  claimed: NOTHING,
  tests: { ...NOTHING, added: ['support-may-refund'] },
};

export const DRAFT_EXAMPLE = {
  document: DOCUMENT_EXAMPLE,
  diff: DIFF_EXAMPLE,
  problems: [],
  warnings: [
    {
      policy: 'support-refunds',
      rule: 'missing-negative-test',
      detail: 'no test is denied that it could have permitted',
      line: 1,
      column: 1,
    },
  ],
  authors: ['https://login.example|ada'],
};

export const REPLAY_EXAMPLE = {
  total: 18_204,
  considered: 9_102,
  skipped: 31,
  unchanged: 9_059,
  changed_obligations: 2,
  newly_allowed: [
    {
      policies: ['support-refunds'],
      operation: 'orders.refund',
      subject: { issuer: 'https://login.example', subject: 'ada' },
      count: 12,
      examples: ['019b8a3e-8f10-7cc3-a1d2-4b5c6d7e8f90'],
      reason: 'policy.denied',
    },
  ],
  newly_denied: [],
};
