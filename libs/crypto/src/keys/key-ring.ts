import {
  planRotation,
  Unavailable,
  type Clock,
  type EpochMs,
  type KeyStore,
  type RotationPolicy,
  type StoredKey,
} from '#core';
import { JitteredLoop } from '../jittered-loop.ts';
import type { ReportProblem } from '../report-problem.ts';
import { SingleFlight } from '../single-flight.ts';
import type { Kek } from './kek.ts';
import { KeysAtRest } from './keys-at-rest.ts';
import type { PublicJwks, SealingKey, SigningKey } from './ring-key.ts';
import { RingSnapshot } from './ring-snapshot.ts';

export interface KeyRingOptions {
  readonly store: KeyStore;
  readonly kek: Kek;
  readonly policy: RotationPolicy;
  readonly clock: Clock;
  readonly onProblem: ReportProblem;
}

/** What readiness wants to know. */
export interface KeyRingStatus {
  /** The database confirmed the ring within the staleness bound. */
  readonly isConfirmed: boolean;
  readonly hasSealingKey: boolean;
  readonly hasSigningKey: boolean;
  readonly isReady: boolean;
}

/** The ring is read again so often, give or take a quarter. */
export const KEY_RING_REFRESH_MS = 2_000;

/** A ring that was not confirmed for this long opens and makes nothing. */
export const KEY_RING_STALENESS_BOUND_MS = 10_000;

/** A stranger's token can name any key; the database is asked about such names at most so often. */
export const UNKNOWN_KEY_COOL_DOWN_MS = 1_000;

/**
 * The broker's own keys, decrypted in memory and nowhere else. Every broker process holds the whole ring, reads it
 * again every two seconds, and tries to rotate when a rotation is due; the store's lock lets one of them do it.
 */
export class KeyRing {
  private snapshot = RingSnapshot.EMPTY;
  /** When the ring that we hold was read; null before the first time. */
  private confirmedAt: EpochMs | null = null;
  private askedAt: EpochMs | null = null;
  private lastReadFailed = false;
  private isInTrouble = false;
  private readonly reading = new SingleFlight(() => this.read());
  private readonly loop = new JitteredLoop(KEY_RING_REFRESH_MS, () => this.keepUp());

  private constructor(
    private readonly options: KeyRingOptions,
    private readonly atRest: KeysAtRest,
  ) {}

  /**
   * Loads the ring, makes its first keys where there are none, and keeps it up to date until `close`.
   *
   * Fails  KeyDoesNotOpen when the key-encryption key is not the one that the ring was made under; Unavailable
   */
  static async open(options: KeyRingOptions): Promise<KeyRing> {
    const ring = new KeyRing(options, await KeysAtRest.under(options.kek));
    await ring.refresh();
    await ring.rotate();
    ring.loop.start();
    return ring;
  }

  close(): void {
    this.loop.stop();
  }

  /**
   * Reads the ring again: now, or once more when a reading is under way that may have missed the change.
   *
   * Fails  KeyDoesNotOpen | Unavailable; what was known stays in use until it is too old
   */
  refresh(): Promise<void> {
    return this.reading.runAfresh();
  }

  /**
   * Makes the keys that are due and drops those that made nothing that still lives. Does nothing on most days.
   *
   * Fails  KeyDoesNotOpen | Unavailable; then nothing has changed
   */
  async rotate(): Promise<void> {
    const { store, policy, clock } = this.options;
    if (isEmpty(planRotation(this.snapshot.keys, policy, clock.now()))) return;
    await store.exclusively(async (ring) => {
      const stored = await ring.list();
      // Whoever cannot open the ring must not add to it: two key-encryption keys would share one ring.
      await this.opened(stored);
      const now = clock.now();
      const plan = planRotation(stored, policy, now);
      for (const wanted of plan.create) await ring.add(await this.atRest.make({ ...wanted, createdAt: now }));
      for (const kid of plan.remove) await ring.remove(kid);
    });
    await this.refresh();
  }

  /**
   * The key that seals now.
   *
   * Fails  Unavailable when there is none, or the ring is not confirmed
   */
  sealingKey(): SealingKey {
    const key = this.confirmed().activeSealingKey(this.options.clock.now());
    if (key === null) throw new Unavailable('the key ring has no active sealing key');
    return key;
  }

  /**
   * Every sealing key that may have made something that still lives, or is about to.
   *
   * Fails  Unavailable when the ring is not confirmed
   */
  sealingKeys(): readonly SealingKey[] {
    return this.confirmed().sealing;
  }

  /**
   * Null when the ring has no such key.
   *
   * Fails  Unavailable when the ring is not confirmed
   */
  sealingKeyById(kid: string): SealingKey | null {
    return this.confirmed().sealingKey(kid);
  }

  /**
   * As `sealingKeyById`, after another look into the database unless one was taken a moment ago.
   *
   * Fails  Unavailable when that look failed: whether there is such a key is then not known
   */
  async findSealingKey(kid: string): Promise<SealingKey | null> {
    const now = this.options.clock.now();
    if (this.askedAt === null || Math.abs(now - this.askedAt) >= UNKNOWN_KEY_COOL_DOWN_MS) {
      this.askedAt = now;
      await this.refresh().catch(() => undefined);
    } else {
      await this.reading.current()?.catch(() => undefined);
    }
    if (this.lastReadFailed) throw new Unavailable('the key ring could not be asked for a key');
    return this.sealingKeyById(kid);
  }

  /**
   * The key that signs now.
   *
   * Fails  Unavailable when there is none, or the ring is not confirmed
   */
  signingKey(): SigningKey {
    const key = this.confirmed().activeSigningKey(this.options.clock.now());
    if (key === null) throw new Unavailable('the key ring has no active signing key');
    return key;
  }

  /** The public halves of all signing keys: the next one, the present one, and those that retire. */
  publicJwks(): PublicJwks {
    return this.snapshot.publicJwks;
  }

  status(): KeyRingStatus {
    const now = this.options.clock.now();
    const isConfirmed = this.isConfirmed();
    const hasSealingKey = this.snapshot.activeSealingKey(now) !== null;
    const hasSigningKey = this.snapshot.activeSigningKey(now) !== null;
    return {
      isConfirmed,
      hasSealingKey,
      hasSigningKey,
      isReady: isConfirmed && hasSealingKey && hasSigningKey,
    };
  }

  private async read(): Promise<void> {
    const askedAt = this.options.clock.now();
    try {
      this.snapshot = await this.opened(await this.options.store.list());
      this.confirmedAt = askedAt;
      this.lastReadFailed = false;
    } catch (failed) {
      this.lastReadFailed = true;
      throw failed;
    }
  }

  private opened(stored: readonly StoredKey[]): Promise<RingSnapshot> {
    return this.snapshot.next(stored, (row) => this.atRest.open(row));
  }

  private async keepUp(): Promise<void> {
    try {
      await this.refresh();
      await this.rotate();
      this.isInTrouble = false;
    } catch (failed) {
      // Once per trouble: it is tried again every two seconds.
      if (!this.isInTrouble) this.options.onProblem('the key ring could not be read or rotated', failed);
      this.isInTrouble = true;
    }
  }

  private isConfirmed(): boolean {
    // A clock that jumped back says as little about the age of the ring as one that ran on.
    const ageMs = this.confirmedAt === null ? Infinity : this.options.clock.now() - this.confirmedAt;
    return Math.abs(ageMs) <= KEY_RING_STALENESS_BOUND_MS;
  }

  private confirmed(): RingSnapshot {
    if (!this.isConfirmed()) throw new Unavailable('the key ring could not be confirmed lately');
    return this.snapshot;
  }
}

function isEmpty({ create, remove }: ReturnType<typeof planRotation>): boolean {
  return create.length === 0 && remove.length === 0;
}
