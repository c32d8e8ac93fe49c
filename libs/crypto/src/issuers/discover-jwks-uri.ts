import type { FetchJson } from '../outbound/guarded-fetch.ts';
import { BadPublication } from './bad-publication.ts';

/**
 * Where a provider publishes its keys, by its own word (OpenID Connect Discovery §4). The document must name the
 * issuer that was asked for, code point for code point: else one provider could speak for another (§4.3).
 *
 * Fails  FetchRefused | BadPublication
 */
export function discoverJwksUri(fetchJson: FetchJson, issuer: string): Promise<string> {
  return jwksUriIn(fetchJson, `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, issuer);
}

/**
 * The same of a transmitter of security events, whose metadata lies between host and path (SSF 1.0 §7.2).
 *
 * Fails  FetchRefused | BadPublication
 */
export async function discoverTransmitterJwksUri(fetchJson: FetchJson, issuer: string): Promise<string> {
  if (!URL.canParse(issuer)) throw new BadPublication('the issuer is no URL');
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return jwksUriIn(fetchJson, `${origin}/.well-known/ssf-configuration${path}`, issuer);
}

async function jwksUriIn(fetchJson: FetchJson, url: string, issuer: string): Promise<string> {
  const metadata = await fetchJson(url);
  if (metadata['issuer'] !== issuer) throw new BadPublication('the metadata name another issuer');
  const uri = metadata['jwks_uri'];
  if (typeof uri !== 'string') throw new BadPublication('the metadata name no jwks_uri');
  if (issuer.startsWith('https:') && !uri.startsWith('https:')) {
    throw new BadPublication('jwks_uri is not https, and the issuer is');
  }
  return uri;
}
