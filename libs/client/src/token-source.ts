import { OncekeyError } from './oncekey-error.ts';

/** Gives a JWT that somebody else has issued: an ID token, the token of a platform, an SVID. */
export type TokenSource = () => string | Promise<string>;

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const MAX_TOKEN_CHARACTERS = 16_384;

/**
 * A JWT, by its form, as it was found somewhere; blanks around it do not count.
 *
 * Fails  OncekeyError `no_token`; the text is not told, since it may be a secret
 */
export function readToken(text: unknown, where: string): string {
  const token = typeof text === 'string' ? text.trim() : '';
  if (token.length <= MAX_TOKEN_CHARACTERS && JWT.test(token)) return token;
  throw new OncekeyError('no_token', { description: `${where} gave no JWT` });
}

/** `exp` of a JWT in milliseconds; null where it says none that can be believed. */
export function expiryOf(token: string): number | null {
  try {
    const [, payload = ''] = token.split('.');
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    const isObject = typeof claims === 'object' && claims !== null && 'exp' in claims;
    return isObject && typeof claims.exp === 'number' ? claims.exp * 1000 : null;
  } catch {
    return null;
  }
}

/** Time enough for an exchange and what is repeated of it. */
const SPARE_MS = 60_000;

/** Asks again only when the last token ends within a minute, or does not say when. */
export function untilExpiry(source: () => Promise<string>): () => Promise<string> {
  let kept: { token: string; untilMs: number } | null = null;
  return async () => {
    if (kept !== null && Date.now() < kept.untilMs) return kept.token;
    const token = await source();
    kept = { token, untilMs: (expiryOf(token) ?? 0) - SPARE_MS };
    return token;
  };
}
