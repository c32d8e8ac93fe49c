import type { StepUp } from './oncekey-error.ts';

const ATTRIBUTE = /([a-z_]+)=(?:"([^"\\]*)"|([^\s",]+))/g;

/**
 * What an API asks of the user's sign-in, when it answers 401 for that reason (RFC 9470 §3). Null for every other
 * answer.
 */
export function stepUpIn({ status, headers }: Pick<Response, 'status' | 'headers'>): StepUp | null {
  if (status !== 401) return null;
  const challenge =
    /(?:^|,\s*)(?:DPoP|Bearer)\s+(.*)$/i.exec(headers.get('www-authenticate') ?? '')?.[1] ?? '';
  const attributes = new Map<string, string>();
  for (const [, name = '', quoted, bare] of challenge.matchAll(ATTRIBUTE)) {
    attributes.set(name, quoted ?? bare ?? '');
  }
  if (attributes.get('error') !== 'insufficient_user_authentication') return null;
  const maxAge = attributes.get('max_age');
  return {
    acrValues: (attributes.get('acr_values') ?? '').split(' ').filter((value) => value !== ''),
    maxAgeSeconds: maxAge !== undefined && /^[0-9]{1,9}$/.test(maxAge) ? Number(maxAge) : null,
  };
}
