import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import { EXAMPLE_PLACE } from './gateway-place.ts';
import { GATEWAY_PRODUCTS, GATEWAY_SETUPS, gatewayFiles, type GatewaySetup } from './gateway-setups.ts';

const EXAMPLES = join(__dirname, '../../../../examples');

const ELSEWHERE = {
  id: 'shop',
  clientId: 'shop-api',
  origin: 'http://127.0.0.1:9500',
  host: '127.0.0.1',
  port: 9500,
  broker: '127.0.0.1:9400',
  api: '127.0.0.1:9501',
};

describe('the configuration of a gateway', () => {
  it('is there for each product that can be chosen', () => {
    expect([...GATEWAY_PRODUCTS].toSorted()).toEqual(Object.keys(GATEWAY_SETUPS).toSorted());
  });

  it.each(GATEWAY_PRODUCTS)('of %s is what stands in the examples', (product) => {
    for (const [name, text] of gatewayFiles(product, EXAMPLE_PLACE))
      expect(readFileSync(join(EXAMPLES, product, name), 'utf8')).toBe(text);
    const written = [...gatewayFiles(product, EXAMPLE_PLACE).keys()];
    const byHand = readdirSync(join(EXAMPLES, product), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(join(EXAMPLES, product), join(entry.parentPath, entry.name)))
      .filter((name) => !written.includes(name) && name !== 'README.md');
    expect(byHand).toEqual(product === 'apache' ? ['mod_auth_openidc.conf'] : []);
  });

  it.each(GATEWAY_PRODUCTS)('of %s names nothing of the examples elsewhere', (product) => {
    const text = [...gatewayFiles(product, ELSEWHERE).values()].join('\n');
    const { forwardAuth }: GatewaySetup = GATEWAY_SETUPS[product];
    expect(text).not.toMatch(/api\.example|127\.0\.0\.1:(?:8080|3000)|8443|\borders\b/);
    expect(text).toContain(forwardAuth === null ? 'client_id=shop-api' : '/forward-auth/shop');
  });

  it.each(['traefik', 'envoy', 'kong'] as const)('of %s is YAML', (product) => {
    for (const place of [EXAMPLE_PLACE, ELSEWHERE])
      for (const [name, text] of gatewayFiles(product, place))
        if (name.endsWith('.yaml')) expect(parse(text)).toBeInstanceOf(Object);
  });
});
