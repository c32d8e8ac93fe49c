import { OAuthError } from '../errors/oauth-error.ts';

/** Each service of a call chain that has something to add, or calls another, is one more, and chains are short. */
const MAX_REQUESTERS = 8;

/**
 * `req_wl` when this workload asks next. A comma in a client id would pass for two workloads.
 *
 * Fails  txn.chain_too_long
 */
export function requestersAfter(before: string, clientId: string): string {
  const name = clientId.replaceAll(/[%,]/g, (char) => (char === ',' ? '%2C' : '%25'));
  const all = before === '' ? [name] : [...before.split(','), name];
  if (all.length > MAX_REQUESTERS) throw new OAuthError('txn.chain_too_long');
  return all.join(',');
}

/** The client ids in a `req_wl`, the first one first. */
export function requestersIn(requesters: string): readonly string[] {
  return requesters
    .split(',')
    .filter((name) => name !== '')
    .map((name) => name.replaceAll('%2C', ',').replaceAll('%25', '%'));
}
