import { createHmac, createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';
import {
  decodeBase64url,
  FUTURE_TOLERANCE_SECONDS,
  type Clock,
  type DpopNonces,
  type EpochMs,
  type LedgerIdentity,
} from '#core';
import { BoundedMap } from '../bounded-map.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { SealingKey } from '../keys/ring-key.ts';

export interface KeyRingNoncesPorts {
  readonly ring: Pick<KeyRing, 'sealingKey' | 'sealingKeys'>;
  /** Fails  Unavailable while the ledger's incarnation is not known */
  readonly ledger: () => LedgerIdentity;
  readonly clock: Clock;
}

/** A nonce is taken for so long after it was issued. */
export const NONCE_MAX_AGE_MS = 60_000;

/** For so long a client is given the same one again: a MAC for each second is enough. */
const SAME_FOR_MS = 1_000;

/** So many clients call in a second, and as many nonces are in use. */
const REMEMBERED = 1_024;

const TIME_BYTES = 6;
const MAC_BYTES = 16;

/** Sets the derived key apart from every other use of a sealing key (RFC 5869 §3.2). */
const LABEL = 'oncekey dpop nonce v1';

/**
 * Nonces that need no memory: the time, and a MAC over the time, the client and the ledger under a key derived from
 * the sealing key. Base64url, hence of the characters that RFC 9449 §8.1 allows. A nonce may be used more than once while it is
 * fresh; that a proof is used once is the journal's matter.
 */
export class KeyRingNonces implements DpopNonces {
  private readonly macKeys = new WeakMap<SealingKey, KeyObject>();
  /** By client. */
  private readonly issued = new BoundedMap<string, Issued>(REMEMBERED);
  /** By client and nonce. */
  private readonly verified = new BoundedMap<string, Known>(REMEMBERED);

  constructor(private readonly ports: KeyRingNoncesPorts) {}

  issue(clientId: string): string {
    const now = Math.floor(this.ports.clock.now());
    const key = this.ports.ring.sealingKey();
    const ledger = this.ports.ledger();
    const last = this.issued.get(clientId);
    const isOfNow = last !== undefined && now >= last.issuedAt && now < last.issuedAt + SAME_FOR_MS;
    if (isOfNow && last.key === key && isSame(last.ledger, ledger)) return last.nonce;

    const time = Buffer.alloc(TIME_BYTES);
    time.writeUIntBE(now, 0, TIME_BYTES);
    const nonce = Buffer.concat([time, this.mac(key, now, clientId)]).toString('base64url');
    this.issued.set(clientId, { nonce, key, ledger, issuedAt: now });
    return nonce;
  }

  /** Fails  Unavailable while the key ring or the ledger's incarnation is not known */
  isFresh(nonce: string, clientId: string): boolean {
    const bytes = nonce.length <= 64 ? decodeBase64url(nonce) : null;
    if (bytes?.length !== TIME_BYTES + MAC_BYTES) return false;
    const issuedAt = bytes.readUIntBE(0, TIME_BYTES);
    const ageMs = this.ports.clock.now() - issuedAt;
    if (ageMs > NONCE_MAX_AGE_MS || ageMs < -FUTURE_TOLERANCE_SECONDS * 1000) return false;

    // All keys of the ring: another broker may have changed over a moment before or after this one.
    const keys = this.ports.ring.sealingKeys();
    const ledger = this.ports.ledger();
    const known = this.verified.get(`${nonce} ${clientId}`);
    if (known !== undefined && isSame(known.ledger, ledger) && keys.includes(known.key)) return true;
    const mac = bytes.subarray(TIME_BYTES);
    const key = keys.find((one) => timingSafeEqual(this.mac(one, issuedAt, clientId), mac));
    if (key === undefined) return false;
    this.verified.set(`${nonce} ${clientId}`, { key, ledger });
    return true;
  }

  private mac(key: SealingKey, issuedAt: EpochMs, clientId: string): Buffer {
    const { ledger, incarnation } = this.ports.ledger();
    return createHmac('sha256', this.macKey(key))
      .update(JSON.stringify([issuedAt, clientId, ledger, incarnation]))
      .digest()
      .subarray(0, MAC_BYTES);
  }

  private macKey(key: SealingKey): KeyObject {
    const known = this.macKeys.get(key);
    if (known !== undefined) return known;
    const derived = createSecretKey(Buffer.from(hkdfSync('sha256', key.secret, '', LABEL, 32)));
    this.macKeys.set(key, derived);
    return derived;
  }
}

/** What a MAC was computed under: with another key or ledger it says nothing. */
interface Known {
  readonly key: SealingKey;
  readonly ledger: LedgerIdentity;
}

interface Issued extends Known {
  readonly nonce: string;
  readonly issuedAt: EpochMs;
}

function isSame(one: LedgerIdentity, other: LedgerIdentity): boolean {
  return one.ledger === other.ledger && one.incarnation === other.incarnation;
}
