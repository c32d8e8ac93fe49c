import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLE_PLACE } from '../../apps/cli/src/gateways/gateway-place.ts';
import { GATEWAY_PRODUCTS, gatewayFiles } from '../../apps/cli/src/gateways/gateway-setups.ts';

/** Writes `examples/<gateway>`: what `oncekey init api` writes, filled in for one API. */
export function writeGatewayExamples(): void {
  for (const product of GATEWAY_PRODUCTS) {
    const folder = join('examples', product);
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of gatewayFiles(product, EXAMPLE_PLACE)) writeFileSync(join(folder, name), text);
  }
}
