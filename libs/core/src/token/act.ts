import { readName } from '../jwt/claims.ts';
import { isJsonObject } from '../shared/strict-json.ts';

/** Somebody, by who knows them and under which name. */
export interface Party {
  readonly iss: string;
  readonly sub: string;
}

/** Who acts for the subject, by identity claims alone; inside, who acted before (RFC 8693 §4.1). */
export interface Act extends Party {
  readonly act?: Act;
}

/** More who act for one another than this is a way to hide one of them. */
export const MAX_ACTORS = 4;

/** All of a chain travels in each token. */
const MAX_CHAIN_CHARS = 1024;

const MAX_ISSUER_CHARS = 512;

/**
 * Reads an `act` claim: objects inside one another, each with a `sub`; one without `iss` is known to `issuer`. Other
 * members say nothing about identity and are left behind. Null for anything else, a chain that is too long or names
 * somebody twice included: an actor that cannot be read must not be passed over.
 */
export function readAct(claim: unknown, issuer: string): Act | null {
  const party = readParty(claim, issuer);
  if (party === null || !isJsonObject(claim)) return null;
  if (claim['act'] === undefined) return party;
  const before = readAct(claim['act'], issuer);
  return before === null ? null : actAfter(before, party);
}

/** Reads a `may_act` claim (RFC 8693 §4.4). Null when it holds what cannot be compared, and so not be obeyed. */
export function readMayAct(claim: unknown, issuer: string): Party | null {
  if (!isJsonObject(claim)) return null;
  const isComparable = Object.keys(claim).every((member) => member === 'sub' || member === 'iss');
  return isComparable ? readParty(claim, issuer) : null;
}

/** The chain when `party` acts next; null when it would be too long, or come round to somebody. */
export function actAfter(before: Act, party: Party): Act | null {
  const earlier = actorsOf(before);
  if (earlier.length >= MAX_ACTORS || earlier.some((one) => isSameParty(one, party))) return null;
  const act = { act: before, ...party };
  return JSON.stringify(act).length > MAX_CHAIN_CHARS ? null : act;
}

/** The current actor first. */
export function actorsOf(act: Act): readonly Party[] {
  return [act, ...(act.act === undefined ? [] : actorsOf(act.act))];
}

export function isSameParty(a: Party, b: Party): boolean {
  return a.iss === b.iss && a.sub === b.sub;
}

function readParty(claim: unknown, issuer: string): Party | null {
  if (!isJsonObject(claim)) return null;
  const sub = readName(claim['sub'], 255);
  const iss = claim['iss'] === undefined ? issuer : readName(claim['iss'], MAX_ISSUER_CHARS);
  return sub === null || iss === null ? null : { iss, sub };
}
