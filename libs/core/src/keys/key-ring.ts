import type { EpochMs } from '../shared/clock.ts';

/** `seal`: 256-bit keys for tokens and nonces. `sign`: ES256 keys for what others verify. */
export type KeyUse = 'seal' | 'sign';

/** A key's life: known to every broker before it is used, and kept until what it made is dead. */
export interface KeyLife {
  readonly kid: string;
  readonly use: KeyUse;
  readonly createdAt: EpochMs;
  /** From then on new tokens are made with it. */
  readonly activeFrom: EpochMs;
}

export interface RotationPolicy {
  /** How long a key makes new tokens. */
  readonly activeForMs: number;
  /** How long a new key is known to all brokers, and in the published set, before it is used. */
  readonly publishedForMs: number;
  /** How long a key is kept after its successor took over: the longest life of what it made, and slack. */
  readonly keptForMs: number;
}

/** What is to be done to the ring now. */
export interface RotationPlan {
  /** A key of this use has to be made, to be active from then on. */
  readonly create: readonly { use: KeyUse; activeFrom: EpochMs }[];
  /** These made nothing that is still alive. */
  readonly remove: readonly string[];
}

/** The key that makes new things at `now`: the youngest that is active. */
export function activeKey<K extends KeyLife>(keys: readonly K[], use: KeyUse, now: EpochMs): K | null {
  return keys
    .filter((key) => key.use === use && key.activeFrom <= now)
    .reduce<K | null>((best, key) => (best === null || key.activeFrom > best.activeFrom ? key : best), null);
}

/** Decides what to make and what to drop. Pure: whoever calls it holds the lock and does it. */
export function planRotation(keys: readonly KeyLife[], policy: RotationPolicy, now: EpochMs): RotationPlan {
  const create: { use: KeyUse; activeFrom: EpochMs }[] = [];
  const remove: string[] = [];
  for (const use of ['seal', 'sign'] as const) {
    const active = activeKey(keys, use, now);
    const hasSuccessor = keys.some((key) => key.use === use && key.activeFrom > now);
    if (active === null) {
      // The very first key is used at once: no other broker can have missed it.
      if (!hasSuccessor) create.push({ use, activeFrom: now });
      continue;
    }
    const successorAt = active.activeFrom + policy.activeForMs;
    if (!hasSuccessor && now >= successorAt - policy.publishedForMs) {
      create.push({ use, activeFrom: Math.max(successorAt, now + policy.publishedForMs) });
    }
    for (const key of keys) {
      const successor = key.use === use ? successorOf(key, keys) : null;
      if (successor !== null && now >= successor.activeFrom + policy.keptForMs) remove.push(key.kid);
    }
  }
  return { create, remove };
}

/** The key that took over from `key`, or will: the next of its use. */
function successorOf(key: KeyLife, keys: readonly KeyLife[]): KeyLife | null {
  return keys
    .filter((other) => other.use === key.use && other.activeFrom > key.activeFrom)
    .reduce<KeyLife | null>(
      (next, one) => (next === null || one.activeFrom < next.activeFrom ? one : next),
      null,
    );
}
