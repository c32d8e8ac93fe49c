import {
  newTokenId,
  sha256,
  type AuditEvent,
  type Claim,
  type EpochMs,
  type Journal,
  type JournalEntry,
  type RevocationLedger,
  type SpendAttempt,
  type SpendLedger,
  type SpendLookup,
} from '#core';
import { randomUUID } from 'node:crypto';

/** All that one ledger does. */
export type AnyLedger = SpendLedger & RevocationLedger & Journal & SpendLookup;

/** What a contract needs of an implementation. */
export interface LedgerUnderTest {
  /** Doors to one and the same ledger; races run through all of them. */
  readonly ledgers: readonly [AnyLedger, ...AnyLedger[]];
  /** By the clock that judges. */
  now(): Promise<EpochMs>;
  /** Resolves when that clock shows `at`, or later. */
  passUntil(at: EpochMs): Promise<void>;
  /** Events as they are kept, in any order. */
  events(): Promise<readonly AuditEvent[]>;
  close(): Promise<void>;
}

const ORIGIN: AuditEvent = {
  id: '',
  at: 0,
  type: 'token.introspect',
  outcome: 'spent',
  reason: null,
  reasonId: '',
  txn: null,
  detail: null,
};

/** Entries, tokens and claims for one implementation. */
export class LedgerBuilder {
  constructor(private readonly under: LedgerUnderTest) {}

  /** An entry that notes what it heard in `detail`, and everything that it was asked for: the last is what came about. */
  entry<Verdict>(
    claims: readonly Claim[] = [],
    changes: Partial<AuditEvent> = {},
  ): JournalEntry<Verdict> & { readonly id: string; readonly heard: Verdict[] } {
    const id = newTokenId(Date.now());
    const heard: Verdict[] = [];
    return {
      id,
      heard,
      claims,
      describe: (verdict) => {
        heard.push(verdict);
        const detail = JSON.stringify(verdict);
        return { ...ORIGIN, id, reasonId: id, at: Date.now(), detail, ...changes };
      },
    };
  }

  async attempt(changes: Partial<SpendAttempt> = {}): Promise<SpendAttempt> {
    const now = await this.under.now();
    return {
      ...this.under.ledgers[0].current(),
      jti: newTokenId(now),
      exp: Math.floor(now / 1000) + 60,
      spender: 7,
      repeatKey: null,
      fingerprint: bytes8('parameters'),
      uses: 1,
      targetUri: null,
      issuedAt: now,
      reliances: [],
      ...changes,
    };
  }

  async claim(changes: Partial<Claim> = {}): Promise<Claim> {
    return {
      kind: 'client_assertion',
      owner: 'desk',
      id: randomUUID(),
      expiresAt: (await this.under.now()) + 60_000,
      onReuse: 'client.replayed',
      ...changes,
    };
  }

  /** One of the doors, in turn. */
  door(turn: number): AnyLedger {
    const { ledgers } = this.under;
    return ledgers[turn % ledgers.length] ?? ledgers[0];
  }
}

export function bytes8(text: string): Buffer {
  return sha256(text).subarray(0, 8);
}

export function times<T>(count: number, make: (turn: number) => T): T[] {
  return Array.from({ length: count }, (_, turn) => make(turn));
}
