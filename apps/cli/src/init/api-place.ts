import { canonicalTargetUri } from '#core';
import { EXIT, Failure } from '../failure.ts';
import type { GatewayPlace } from '../gateways/gateway-place.ts';

/** Options that say where things are. */
export interface PlaceOptions {
  readonly url: string;
  readonly listen?: number;
  readonly broker?: string;
  readonly upstream?: string;
}

/** An API's identifier, and what its gateway is filled in with, but for names. */
export type ApiPlace = Omit<GatewayPlace, 'id' | 'clientId'> & { readonly resource: string };

const ADDRESS = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\]):[1-9][0-9]{0,4}$/i;

/** Where the broker, the gateway and the API of the examples are. */
const DEFAULTS = { port: 8443, broker: '127.0.0.1:8080', upstream: '127.0.0.1:3000' };

/**
 * Where the API, its gateway and the broker are. What comes out has no character that means something in a
 * configuration file.
 *
 * In     issuer  of the broker; null when nobody knows
 * Fails  Failure when a URL or an address is none
 */
export function apiPlace(options: PlaceOptions, issuer: string | null): ApiPlace {
  const { url, listen, broker, upstream } = options;
  const target = canonicalTargetUri(url, { allowHttpLoopback: true });
  if (target === null || target.query !== '')
    throw new Failure(`"${url}" is not the URL of an API: https, without query and fragment`, EXIT.usage);
  const { origin, path } = target;
  const { hostname, port, protocol } = new URL(origin);
  const ownPort = protocol === 'http:' ? Number(port || '80') : DEFAULTS.port;
  return {
    resource: path === '/' ? origin : `${origin}${path.replace(/\/$/, '')}`,
    origin,
    host: hostname,
    port: listen ?? ownPort,
    broker: address('--broker', broker ?? brokerOf(issuer)),
    api: address('--upstream', upstream ?? DEFAULTS.upstream),
  };
}

/** A broker that is reached over plain HTTP is reached so by its gateway too; elsewhere, TLS ends somewhere else. */
function brokerOf(issuer: string | null): string {
  const url = issuer === null ? null : new URL(issuer);
  return url?.protocol === 'http:' ? `${url.hostname}:${url.port || '80'}` : DEFAULTS.broker;
}

function address(option: string, text: string): string {
  if (ADDRESS.test(text)) return text;
  throw new Failure(`${option} "${text}" is no address: host:port`, EXIT.usage);
}
