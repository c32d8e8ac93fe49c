import type { Approval, CutOffKind, DeferralState, DeferredRequest, StoredDeferral } from '#core';

export interface DeferralRow {
  id: string;
  binding_code: string;
  request: DeferredRequest;
  relied_kinds: CutOffKind[];
  relied_ids: string[];
  relied_since: number[];
  approvers: string[];
  awaited: string[];
  approvals: Approval[];
  state: DeferralState;
  requested_at: number;
  expires_at: number;
}

/** Something that it stands on was cut off. */
export const IS_DEAD = `
  EXISTS (SELECT FROM unnest(relied_kinds, relied_ids, relied_since) AS r (kind, id, since)
            JOIN cut_off AS c ON c.kind = r.kind AND c.id = r.id
           WHERE to_timestamp(r.since) <= c.dead_until)`;

/** By the clock of the database: what is open for too long has expired. */
export const STATE = `
  CASE WHEN state IN ('pending', 'approved') AND expires_at <= clock_timestamp() THEN 'expired' ELSE state END`;

export const DEFERRAL_COLUMNS = `
  id, binding_code, request, relied_kinds, relied_ids, relied_since, approvers, awaited, approvals, ${STATE} AS state,
  extract(epoch FROM requested_at)::float8 AS requested_at, extract(epoch FROM expires_at)::float8 AS expires_at`;

export function toDeferral(row: DeferralRow): StoredDeferral {
  const { id, approvers, awaited, approvals, state } = row;
  return {
    id,
    bindingCode: row.binding_code,
    request: row.request,
    reliances: row.relied_kinds.map((kind, at) => ({
      kind,
      id: row.relied_ids[at] ?? '',
      since: (row.relied_since[at] ?? 0) * 1000,
    })),
    approvers,
    awaited,
    approvals,
    state,
    requestedAt: row.requested_at * 1000,
    expiresAt: row.expires_at * 1000,
  };
}
