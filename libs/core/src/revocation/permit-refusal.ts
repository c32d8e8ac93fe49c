import type { RefusalReason } from '../errors/refusals.ts';
import type { CutOffKind } from './cut-off.ts';
import type { PermitVerdict } from './revocation-ledger.ts';

const CUT_OFF = {
  identity_provider: 'subject.revoked',
  subject: 'subject.revoked',
  email: 'subject.revoked',
  session: 'subject.revoked',
  device: 'device.revoked',
  client: 'client.revoked',
  workload: 'client.revoked',
  workload_issuer: 'client.revoked',
  token: 'subject.revoked',
} as const satisfies Record<CutOffKind, RefusalReason>;

/** Why nothing is given out; null when it is. */
export function permitRefusal(verdict: PermitVerdict): RefusalReason | null {
  switch (verdict.verdict) {
    case 'recorded':
      return null;
    case 'cut_off':
      return CUT_OFF[verdict.kind];
    case 'claim_reused':
      return verdict.reused.onReuse;
  }
}

/** For the audit log: which of the things that it stands on was revoked. */
export function cutOffDetail(verdict: {
  readonly verdict: string;
  readonly kind?: CutOffKind;
}): string | null {
  return verdict.kind === undefined ? null : `by ${verdict.kind}`;
}
