import type { DocumentProblem } from '../registry/documents.ts';
import { isJsonObject } from '../shared/strict-json.ts';

/** Where a value stands in its document, and where to complain about it. */
export interface Place {
  /** JSON pointer as a URI fragment (RFC 6901 §6). */
  readonly pointer: string;
  readonly problems: DocumentProblem[];
}

/** Notes everything that is wrong with a value. */
export type Shape = (value: unknown, place: Place) => void;

function refuse({ pointer, problems }: Place, message: string): void {
  problems.push({ pointer, message });
}

function below({ pointer, problems }: Place, member: string | number): Place {
  return { pointer: `${pointer}/${String(member).replaceAll('~', '~0').replaceAll('/', '~1')}`, problems };
}

/** A closed object: members of `required` have to be there, those of `optional` may be. */
export function object(
  required: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  const shapes = new Map(Object.entries({ ...required, ...optional }));
  return (value, place) => {
    if (!isJsonObject(value)) return refuse(place, 'must be an object');
    for (const member of Object.keys(required)) {
      if (value[member] === undefined) refuse(below(place, member), 'is missing');
    }
    for (const [member, part] of Object.entries(value)) {
      const shape = shapes.get(member);
      if (shape === undefined) refuse(below(place, member), 'is not a member of this document');
      else if (part !== undefined) shape(part, below(place, member));
    }
  };
}

/** An object of any members whose names are like `names`. */
export function record(names: RegExp, shape: Shape, most: number): Shape {
  return (value, place) => {
    if (!isJsonObject(value)) return refuse(place, 'must be an object');
    if (Object.keys(value).length > most) return refuse(place, `must have at most ${most} members`);
    for (const [member, part] of Object.entries(value)) {
      if (names.test(member)) shape(part, below(place, member));
      else refuse(below(place, member), `must have a name like ${names.source}`);
    }
  };
}

export function listOf(shape: Shape, most: number): Shape {
  return (value, place) => {
    if (!Array.isArray(value) || value.length > most)
      return refuse(place, `must be a list of at most ${most}`);
    for (const [at, one] of value.entries()) shape(one, below(place, at));
  };
}

export function text(pattern: RegExp, mostChars: number): Shape {
  return (value, place) => {
    if (typeof value !== 'string' || value.length > mostChars || !pattern.test(value))
      refuse(place, `must be a string of at most ${mostChars} characters like ${pattern.source}`);
  };
}

export function wholeNumber({ least, most }: { least: number; most: number }): Shape {
  return (value, place) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
      refuse(place, `must be a whole number from ${least} to ${most}`);
  };
}

export function oneOf(...choices: readonly (string | number | boolean | null)[]): Shape {
  return (value, place) => {
    if (!choices.some((choice) => choice === value))
      refuse(place, `must be ${choices.length > 1 ? 'one of ' : ''}${choices.join(', ')}`);
  };
}

/** What is wrong with a whole document. */
export function problemsOf(value: unknown, shape: Shape): readonly DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  shape(value, { pointer: '#', problems });
  return problems;
}
