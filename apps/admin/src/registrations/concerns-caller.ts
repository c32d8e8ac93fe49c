import type { AdminCaller, JsonObject } from '#core';
import type { RegistrationChange } from './registration-kind.ts';

/** Is a role of the caller's own given, changed or taken, by name or through a group of theirs? */
export function concernsCaller({ caller, before, after }: RegistrationChange): boolean {
  return [before, after].some((document) => document !== null && isHeldBy(document, caller));
}

function isHeldBy({ issuer, subject, group }: JsonObject, caller: AdminCaller): boolean {
  if (typeof group === 'string') return caller.question.principal.groups.includes(group);
  return issuer === caller.issuer && subject === caller.subject;
}
