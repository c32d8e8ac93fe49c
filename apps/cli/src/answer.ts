/** JSON from elsewhere, read without expecting much of it: what is not there, or is something else, is empty. */
export class Answer {
  constructor(readonly value: unknown) {}

  /** A member, whatever it is. */
  at(name: string): Answer {
    const { value } = this;
    return new Answer(
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? Reflect.get(value, name)
        : null,
    );
  }

  /** A member as words: a string as it is, a number or a truth as JSON; empty when it is none of these. */
  text(name: string): string {
    const { value } = this.at(name);
    return typeof value === 'string'
      ? value
      : typeof value === 'number' || typeof value === 'boolean'
        ? String(value)
        : '';
  }

  number(name: string): number {
    const { value } = this.at(name);
    return typeof value === 'number' ? value : 0;
  }

  isTrue(name: string): boolean {
    return this.at(name).value === true;
  }

  /** The items of a list under this name. */
  list(name: string): readonly Answer[] {
    const { value } = this.at(name);
    return Array.isArray(value) ? value.map((item: unknown) => new Answer(item)) : [];
  }

  /** Those items of a list that are words. */
  texts(name: string): readonly string[] {
    return this.list(name).flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
  }
}
