import { activeKey, type EpochMs, type StoredKey } from '#core';
import { toPublicJwks } from './public-jwks.ts';
import type { PublicJwks, RingKey, SealingKey, SigningKey } from './ring-key.ts';

interface Entry {
  readonly row: StoredKey;
  readonly key: RingKey;
}

/** The whole ring, decrypted, as it was at one moment. Immutable. */
export class RingSnapshot {
  static readonly EMPTY = new RingSnapshot([]);

  readonly keys: readonly RingKey[];
  readonly sealing: readonly SealingKey[];
  readonly signing: readonly SigningKey[];
  readonly publicJwks: PublicJwks;
  private readonly byKid: ReadonlyMap<string, Entry>;

  private constructor(entries: readonly Entry[]) {
    this.keys = entries.map(({ key }) => key);
    this.sealing = this.keys.filter((key) => key.use === 'seal');
    this.signing = this.keys.filter((key) => key.use === 'sign');
    this.publicJwks = toPublicJwks(this.signing);
    this.byKid = new Map(entries.map((entry) => [entry.key.kid, entry]));
  }

  /**
   * The ring as it is now. Decrypts what is new; a key that was there before stays the same object, and with it what
   * others hung on it.
   */
  async next(rows: readonly StoredKey[], open: (row: StoredKey) => Promise<RingKey>): Promise<RingSnapshot> {
    const entries = rows.map(async (row) => ({ row, key: this.keyOf(row) ?? (await open(row)) }));
    return new RingSnapshot(await Promise.all(entries));
  }

  sealingKey(kid: string): SealingKey | null {
    const key = this.byKid.get(kid)?.key;
    return key?.use === 'seal' ? key : null;
  }

  activeSealingKey(now: EpochMs): SealingKey | null {
    return activeKey(this.sealing, 'seal', now);
  }

  activeSigningKey(now: EpochMs): SigningKey | null {
    return activeKey(this.signing, 'sign', now);
  }

  private keyOf({ kid, use, activeFrom, sealedJwk }: StoredKey): RingKey | null {
    const known = this.byKid.get(kid);
    if (known === undefined) return null;
    const { row, key } = known;
    return row.sealedJwk === sealedJwk && row.use === use && row.activeFrom === activeFrom ? key : null;
  }
}
