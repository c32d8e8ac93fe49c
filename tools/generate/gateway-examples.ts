import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXAMPLE_PLACE } from '../../apps/cli/src/gateways/gateway-place.ts';
import { GATEWAY_PRODUCTS, gatewayFiles } from '../../apps/cli/src/gateways/gateway-setups.ts';

/** Writes `examples/<gateway>`: what `oncekey init api` writes, filled in for one API. */
export function writeGatewayExamples(): void {
  for (const product of GATEWAY_PRODUCTS) {
    for (const [name, text] of gatewayFiles(product, EXAMPLE_PLACE)) {
      const file = join('examples', product, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}
