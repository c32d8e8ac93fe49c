/** What a permit costs. Absent members demand nothing. */
export interface Obligations {
  /** Longest life of the token. */
  readonly ttlSeconds?: number;
  /** How often the token may be used. */
  readonly uses?: number;
  /** A content digest has to be in the operation. */
  readonly digestRequired?: true;
  /** Authentication contexts, any of which will do (RFC 9470). */
  readonly acrValues?: readonly string[];
  /** Oldest sign-in that will do. */
  readonly maxAuthAgeSeconds?: number;
  /** The token has to be bound to a key. */
  readonly proofRequired?: true;
  /** The token has to be for one URI and one body: an operation named by scope alone will not do. */
  readonly exactTarget?: true;
  /** Groups each of which has to approve; sorted, without repeats. */
  readonly approvers?: readonly string[];
}

export const TTL_SECONDS = { least: 1, most: 300, default: 15 };

const MAX_AUTH_AGE_SECONDS = { least: 1, most: 31_536_000 };

/** More than one use is for bursts: retries of a gateway, the parts of a page. */
export const USES = { least: 1, most: 16 };

/** A token of several uses lives no longer. */
export const BURST_SECONDS = 10;

/** What one annotation may say: `@name("value")` to a part of the obligations, or null when out of range. */
const READERS: Record<string, (value: string) => Obligations | null> = {
  ttl: (value) => wholeNumber(value, TTL_SECONDS, (ttlSeconds) => ({ ttlSeconds })),
  uses: (value) => wholeNumber(value, USES, (uses) => ({ uses })),
  digest: (value) => (value === 'required' ? { digestRequired: true } : null),
  acr: (value) => (/^[!-~]+( [!-~]+)*$/.test(value) ? { acrValues: value.split(' ') } : null),
  max_auth_age: (value) =>
    wholeNumber(value, MAX_AUTH_AGE_SECONDS, (maxAuthAgeSeconds) => ({ maxAuthAgeSeconds })),
  target: (value) => (value === 'exact' ? { exactTarget: true } : null),
  proof: (value) => (value === 'dpop' ? { proofRequired: true } : null),
  approval: readApproval,
};

/** One group, as policies name it. */
const APPROVERS = /^Group::"([^"\\\p{C}]{1,255})"$/u;

function readApproval(value: string): Obligations | null {
  const group = APPROVERS.exec(value)?.[1];
  return group === undefined ? null : { approvers: [group] };
}

/** Annotations that describe a policy and demand nothing. */
const DESCRIPTIONS = new Set(['id', 'name', 'description', 'owner', 'break_glass']);

/**
 * The obligations in a policy's annotations. Unknown annotations and values out of range are refused, because a
 * misspelt obligation that is passed over is a permit for free.
 *
 * Out    the obligations, or the annotation that was refused
 */
export function readObligations(
  annotations: Readonly<Record<string, string>>,
): { obligations: Obligations } | { refused: string } {
  let obligations: Obligations = {};
  for (const [name, value] of Object.entries(annotations)) {
    if (DESCRIPTIONS.has(name)) continue;
    const read = Object.hasOwn(READERS, name) ? READERS[name]?.(value) : null;
    if (!read) return { refused: `@${name}("${value}")` };
    obligations = { ...obligations, ...read };
  }
  return { obligations };
}

/** Names that an annotation may have, for suggestions and for the reference. */
export const OBLIGATION_NAMES: readonly string[] = Object.keys(READERS);

/**
 * All obligations at once: of each the strictest. Authentication contexts have no order, so what remains are those
 * that every policy accepts; none left means that no sign-in can satisfy them all. Of approvers all are wanted.
 */
export function strictest(all: readonly Obligations[]): Obligations {
  return all.reduce<Obligations>(
    (a, b) =>
      Object.assign(
        {},
        leastOf('ttlSeconds', a, b),
        leastOf('uses', a, b),
        leastOf('maxAuthAgeSeconds', a, b),
        (a.digestRequired || b.digestRequired) && { digestRequired: true },
        (a.proofRequired || b.proofRequired) && { proofRequired: true },
        (a.exactTarget || b.exactTarget) && { exactTarget: true },
        bothAccept(a.acrValues, b.acrValues),
        allOf(a.approvers, b.approvers),
      ),
    {},
  );
}

function leastOf(
  name: 'ttlSeconds' | 'uses' | 'maxAuthAgeSeconds',
  { [name]: a }: Obligations,
  { [name]: b }: Obligations,
): Obligations {
  const values = [a, b].filter((value) => value !== undefined);
  return values.length === 0 ? {} : { [name]: Math.min(...values) };
}

function bothAccept(a?: readonly string[], b?: readonly string[]): Obligations {
  const accepted = a && b ? a.filter((acr) => b.includes(acr)) : (a ?? b);
  return accepted === undefined ? {} : { acrValues: accepted };
}

function allOf(a?: readonly string[], b?: readonly string[]): Obligations {
  if (a === undefined && b === undefined) return {};
  return { approvers: [...new Set([...(a ?? []), ...(b ?? [])])].toSorted() };
}

function wholeNumber(
  text: string,
  { least, most }: { least: number; most: number },
  make: (value: number) => Obligations,
): Obligations | null {
  if (!/^(0|[1-9][0-9]{0,9})$/.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most ? make(value) : null;
}
