import type { Answer } from '../answer.ts';
import type { GatewayProduct } from '../gateways/gateway-setups.ts';
import type { RawAnswer } from './send-raw.ts';

const SERVER: readonly (readonly [RegExp, GatewayProduct])[] = [
  // It may say what it is made of, too.
  [/kong/i, 'kong'],
  [/nginx|openresty/i, 'nginx'],
  [/apache/i, 'apache'],
  [/caddy/i, 'caddy'],
  [/envoy/i, 'envoy'],
];

/** Which gateway answers, by its own words or by the dialect it is registered with; null where neither tells. */
export function gatewayOf(headers: RawAnswer['headers'], registration: Answer): GatewayProduct | null {
  const words = [headers['server'], headers['via']].flat().join(' ');
  const told = SERVER.find(([pattern]) => pattern.test(words))?.[1];
  if (told !== undefined) return told;
  return registration.at('forward_auth').text('dialect') === 'path' ? 'envoy' : null;
}
