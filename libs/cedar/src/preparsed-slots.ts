import { preparsePolicySet } from './engine.ts';

/** Policies by id, in Cedar's syntax. Their identity is what a slot is held by. */
export type PolicyTexts = Readonly<Record<string, string>>;

interface Slot {
  readonly id: string;
  holder: PolicyTexts | null;
  usedAt: number;
}

/**
 * The policy sets that the engine keeps parsed. It finds a set by an id and forgets none: new ids for each release
 * would eat the memory. So there are two slots per slice of the largest release, and what was unused for longest
 * makes place. Who evaluates asks for its slot each time, and is parsed again if another took it: an old release
 * that is still in use is slower then, and never answered for by a newer one.
 */
export class PreparsedSlots {
  private readonly slots: Slot[] = [];
  private readonly held = new WeakMap<PolicyTexts, Slot>();
  private capacity = 2;
  private tick = 0;

  constructor(private readonly prefix: string) {}

  /** Makes room for a release of so many slices beside the one that is live. */
  reserve(slices: number): void {
    this.capacity = Math.max(this.capacity, 2 * slices);
  }

  /** How many ids the engine was ever given. */
  get size(): number {
    return this.slots.length;
  }

  /**
   * The id under which the engine finds exactly these policies, until the next call.
   *
   * Fails  Error when the engine does not take them
   */
  idOf(texts: PolicyTexts): string {
    const mine = this.held.get(texts);
    const slot = mine?.holder === texts ? mine : this.take(texts);
    slot.usedAt = ++this.tick;
    return slot.id;
  }

  private take(texts: PolicyTexts): Slot {
    const slot = this.slots.length < this.capacity ? this.add() : this.leastRecentlyUsed();
    // Nobody holds the slot while it is being filled: a failure must not leave the old holder with new content.
    slot.holder = null;
    const answer = preparsePolicySet(slot.id, { staticPolicies: { ...texts } });
    if (answer.type === 'failure')
      throw new Error(`the engine did not take a slice: ${answer.errors[0]?.message}`);
    slot.holder = texts;
    this.held.set(texts, slot);
    return slot;
  }

  private add(): Slot {
    const slot: Slot = { id: `${this.prefix}${this.slots.length}`, holder: null, usedAt: 0 };
    this.slots.push(slot);
    return slot;
  }

  private leastRecentlyUsed(): Slot {
    const [first, ...others] = this.slots;
    if (first === undefined) return this.add();
    return others.reduce((oldest, slot) => (slot.usedAt < oldest.usedAt ? slot : oldest), first);
  }
}

/** The engine is one per process, and so are its slots. */
export const ENGINE_SLOTS = new PreparsedSlots('slice-');
