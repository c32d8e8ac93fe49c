import { INACTIVITIES } from './inactivities.ts';
import { meaningOf } from './meaning-of.ts';
import { REFUSALS, type RefusalReason, type RefusalRow } from './refusals.ts';

const ROWS = Object.entries(REFUSALS) as [RefusalReason, RefusalRow][];

/** Error codes that a specification defines, and the statuses that they may have here. */
const CODES: Record<string, readonly number[]> = {
  invalid_request: [400, 405, 413, 415, 422],
  invalid_client: [401],
  unauthorized_client: [400],
  unsupported_grant_type: [400],
  invalid_scope: [400],
  invalid_grant: [400],
  invalid_target: [400],
  invalid_dpop_proof: [400],
  use_dpop_nonce: [400],
  invalid_authorization_details: [400],
  insufficient_user_authentication: [400],
  invalid_issuer: [400],
  invalid_audience: [400],
  invalid_key: [400],
  authentication_failed: [400],
  access_denied: [400, 403],
  authorization_pending: [400],
  slow_down: [400],
  expired_token: [400],
  invalid_token: [401],
  not_found: [404],
  unprocessable: [422],
  temporarily_unavailable: [429, 503],
  server_error: [500],
};

describe.each(ROWS)('%s', (reason, row) => {
  test('has a code that is specified, with its status', () => {
    expect(CODES[row.error] ?? []).toContain(row.status);
  });

  test('says something in the characters of RFC 6749 §5.2', () => {
    expect(row.says).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]{5,80}$/);
  });

  test('means something that is not on the wire', () => {
    expect(meaningOf(reason).length).toBeGreaterThan(15);
    expect(row.means).not.toBe(row.says);
  });

  test('is named area.reason', () => {
    expect(reason).toMatch(/^[a-z]+\.[a-z_]+$/);
  });
});

test.each([
  ['D1, X-10 a bad subject token', 'subject.', 'invalid_request', 400],
  ['D2 a client that is not authenticated', 'client.malformed_assertion', 'invalid_client', 401],
  ['D2 two client authentication methods', 'client.several_methods', 'invalid_request', 400],
  ['X-09 a client that may not', 'client.not_allowed', 'unauthorized_client', 400],
  ['D1 a refused target', 'resource.', 'invalid_target', 400],
  ['D1 a refused scope', 'grant.scope_not_accepted', 'invalid_scope', 400],
  ['check 30 another grant', 'grant.unsupported', 'unsupported_grant_type', 400],
  ['X-29 a step-up', 'policy.step_up_', 'insufficient_user_authentication', 400],
  ['X-25 bad authorization details', 'operation.', 'invalid_authorization_details', 400],
])('%s is answered as promised', (_, prefix, error, status) => {
  const rows = ROWS.filter(
    ([reason]) => reason === prefix || (/[._]$/.test(prefix) && reason.startsWith(prefix)),
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const [, row] of rows) expect(row).toMatchObject({ error, status });
});

test.each([
  ['X-10 one bad subject token', 'subject.', 400],
  ['one client that is not authenticated', 'client.', 401],
])('the wire does not tell %s from another', (_, area, status) => {
  const rows = ROWS.filter(([reason, row]) => reason.startsWith(area) && row.status === status);
  const wire = rows.map(([, row]) => `${row.status} ${row.error} ${row.says}`);
  expect(wire.length).toBeGreaterThan(5);
  expect(new Set(wire).size).toBe(1);
});

test('no reason is both a refusal and an inactivity, and every inactivity means something', () => {
  for (const [reason, means] of Object.entries(INACTIVITIES)) {
    expect(Object.hasOwn(REFUSALS, reason)).toBe(false);
    expect(means.length).toBeGreaterThan(15);
    expect(meaningOf(reason as keyof typeof INACTIVITIES)).toBe(means);
  }
});
