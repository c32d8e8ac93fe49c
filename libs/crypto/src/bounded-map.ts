/** Remembers the values that were used last, and so many of them at most. */
export class BoundedMap<Key, Value> {
  private readonly values = new Map<Key, Value>();

  constructor(private readonly maxSize: number) {}

  get(key: Key): Value | undefined {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    // A Map lists its keys in the order in which they were set: the first is the one that was used longest ago.
    this.values.delete(key);
    this.values.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.values.delete(key);
    this.values.set(key, value);
    if (this.values.size <= this.maxSize) return;
    const oldest = this.values.keys().next();
    if (oldest.done !== true) this.values.delete(oldest.value);
  }

  delete(key: Key): void {
    this.values.delete(key);
  }

  get size(): number {
    return this.values.size;
  }
}
