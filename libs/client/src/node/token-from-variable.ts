import { readToken, type TokenSource } from '../token-source.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A token that a CI system puts into a variable: what the keyword `id_tokens` of GitLab names, for one.
 *
 * Fails  OncekeyError `no_token` when the variable is not set or holds no JWT
 */
export function tokenFromVariable(env: Environment, name: string): TokenSource {
  return () => readToken(env[name], name);
}
