import { JWS_ALGORITHMS, DEFAULT_ALGORITHMS, type JwsAlgorithm } from '../keys/jws-algorithm.ts';
import { readPublicKey, type PublicKey } from '../keys/public-key.ts';
import { isJsonObject, type JsonObject } from '../shared/strict-json.ts';
import type { DocumentProblem } from './documents.ts';

/** Reads the members of one document and collects everything that is wrong with it. */
export class DocumentReader {
  readonly problems: DocumentProblem[];
  private readonly document: JsonObject;
  private readonly pointer: string;

  /** `part`: it is a member of another document, whose problems these are too. */
  constructor(
    document: unknown,
    members: readonly string[],
    part: { readonly problems: DocumentProblem[]; readonly pointer: string } = { problems: [], pointer: '#' },
  ) {
    this.problems = part.problems;
    this.pointer = part.pointer;
    this.document = isJsonObject(document) ? document : {};
    if (!isJsonObject(document)) this.refuse('', 'must be an object');
    for (const member of Object.keys(this.document)) {
      if (!members.includes(member)) this.refuse(escaped(member), 'is not a member of this document');
    }
  }

  /** A reader of an object in this document. */
  part(member: string, members: readonly string[]): DocumentReader {
    const part = { problems: this.problems, pointer: `${this.pointer}/${member}` };
    return new DocumentReader(this.document[member], members, part);
  }

  /** A reader of each object in a list of this document; none where the member is absent. */
  parts(member: string, members: readonly string[], most: number): readonly DocumentReader[] {
    const value = this.valueOr(member, []);
    if (!Array.isArray(value) || value.length > most) {
      this.refuse(member, `must be a list of at most ${most} objects`);
      return [];
    }
    return value.map((one: unknown, at) => {
      const part = { problems: this.problems, pointer: `${this.pointer}/${member}/${at}` };
      return new DocumentReader(one, members, part);
    });
  }

  refuse(member: string, message: string): void {
    this.problems.push({ pointer: member === '' ? this.pointer : `${this.pointer}/${member}`, message });
  }

  has(member: string): boolean {
    return this.document[member] !== undefined;
  }

  value(member: string): unknown {
    return this.document[member];
  }

  /** Only what is absent has a default: a null is a value, and a wrong one. */
  private valueOr(member: string, fallback: unknown): unknown {
    const value = this.document[member];
    return value === undefined ? fallback : value;
  }

  text(member: string, pattern: RegExp): string {
    const value = this.document[member];
    if (typeof value === 'string' && value.length <= 1024 && pattern.test(value)) return value;
    this.refuse(member, `must be a string like ${pattern.source}`);
    return '';
  }

  optionalText(member: string, pattern: RegExp): string | null {
    return this.document[member] === undefined ? null : this.text(member, pattern);
  }

  choice<Choice extends string>(member: string, choices: readonly [Choice, ...Choice[]]): Choice {
    const value = this.valueOr(member, choices[0]);
    const chosen = choices.find((choice) => choice === value);
    if (chosen === undefined) this.refuse(member, `must be one of ${choices.join(', ')}`);
    return chosen ?? choices[0];
  }

  wholeNumber(
    member: string,
    { least, most, fallback }: { least: number; most: number; fallback: number },
  ): number {
    const value = this.valueOr(member, fallback);
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    this.refuse(member, `must be a whole number from ${least} to ${most}`);
    return fallback;
  }

  texts(member: string, { maxChars = MAX_TEXT_CHARS } = {}): readonly string[] {
    const value = this.document[member];
    if (isTexts(value, maxChars)) return value;
    this.refuse(member, 'must be a list of strings');
    return [];
  }

  algorithms(): readonly JwsAlgorithm[] {
    const value = this.document['algorithms'];
    if (value === undefined) return DEFAULT_ALGORITHMS;
    const named: readonly unknown[] = Array.isArray(value) ? value : [];
    const known = JWS_ALGORITHMS.filter((alg) => named.includes(alg));
    if (known.length > 0 && known.length === named.length) return known;
    this.refuse('algorithms', `must be a list of ${JWS_ALGORITHMS.join(', ')}`);
    return [];
  }

  /** A member that is true or false; false when absent. */
  flag(member: string): boolean {
    const value = this.valueOr(member, false);
    if (typeof value !== 'boolean') this.refuse(member, 'must be true or false');
    return value === true;
  }

  /** Public keys in a JWK set. A private or symmetric key is refused: whoever sent it has given it away. */
  keys(member: string, readKey: (value: unknown) => PublicKey | null = readPublicKey): readonly PublicKey[] {
    const set = this.document[member];
    const values: unknown = isJsonObject(set) ? set['keys'] : undefined;
    if (!Array.isArray(values) || values.length === 0 || values.length > 16) {
      this.refuse(member, 'must be a JWK set of 1 to 16 public keys');
      return [];
    }
    return values.flatMap((value: unknown, at) => {
      const key = readKey(value);
      if (key === null)
        this.refuse(`${member}/keys/${at}`, 'must be a public signature key of a kind and use accepted here');
      return key === null ? [] : [key];
    });
  }
}

/** A member's name as one step of a JSON pointer (RFC 6901 §3). */
export function escaped(member: string): string {
  return member.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Printable ASCII without blanks and quotes: client ids go into audit lines and policies. */
export const CLIENT_ID = /^[!#-[\]-~]{1,128}$/;

/** Ids of registrations: short, lower case, fit for policies and file names. */
export const REGISTRATION_ID = /^[a-z][a-z0-9-]{0,63}$/;

const MAX_TEXT_CHARS = 1024;

export function isTexts(value: unknown, maxChars = MAX_TEXT_CHARS): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.every((one) => typeof one === 'string' && one !== '' && one.length <= maxChars)
  );
}
