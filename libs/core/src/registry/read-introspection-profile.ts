import { isJsonObject } from '../shared/strict-json.ts';
import type { DocumentReader } from './document-reader.ts';
import {
  ALIASED_MEMBERS,
  PLAIN_PROFILE,
  TOLD_EXPIRIES,
  type AliasedMember,
  type IntrospectionProfile,
} from './introspection-profile.ts';

const MEMBERS = ['exp', 'aliases', 'peek'];
const MAX_ALIASES = 8;
const ALIAS = /^[a-z][a-z0-9_]{0,63}$/;

/** Names that mean something of their own in an answer (RFC 7662 §2.2 and its registry): none of them is an alias. */
const TAKEN: ReadonlySet<string> = new Set([
  ...ALIASED_MEMBERS,
  ...[
    'active',
    'exp',
    'iat',
    'nbf',
    'token_type',
    'cnf',
    'authorization_details',
    'sub_iss',
    'act',
    'may_act',
    'scope',
  ],
  ...['acr', 'amr', 'auth_time', 'peek'],
]);

/** Reads `introspection` of a resource server's document; what is wrong is told to the reader. */
export function readIntrospectionProfile(read: DocumentReader): IntrospectionProfile {
  const value = read.value('introspection');
  if (value === undefined) return PLAIN_PROFILE;
  if (!isJsonObject(value) || !Object.keys(value).every((name) => MEMBERS.includes(name))) {
    read.refuse('introspection', 'must be an object with exp, aliases and peek, and nothing else');
    return PLAIN_PROFILE;
  }
  const { exp = 'token', aliases = {}, peek = false } = value;
  if (typeof peek !== 'boolean') read.refuse('introspection/peek', 'must be true or false');
  const told = TOLD_EXPIRIES.find((one) => one === exp);
  if (told === undefined) read.refuse('introspection/exp', `must be one of ${TOLD_EXPIRIES.join(', ')}`);
  return { exp: told ?? 'token', aliases: readAliases(read, aliases), peek: peek === true };
}

function readAliases(read: DocumentReader, value: unknown): ReadonlyMap<string, AliasedMember> {
  const listed = isJsonObject(value) ? Object.entries(value) : null;
  const aliases = new Map<string, AliasedMember>();
  for (const [name, of] of listed ?? []) {
    const member = ALIASED_MEMBERS.find((one) => one === of);
    if (member !== undefined && ALIAS.test(name) && !TAKEN.has(name)) aliases.set(name, member);
  }
  if (listed === null || aliases.size !== listed.length || listed.length > MAX_ALIASES) {
    read.refuse(
      'introspection/aliases',
      `must give up to ${MAX_ALIASES} new names to members out of ${ALIASED_MEMBERS.join(', ')}`,
    );
  }
  return aliases;
}
