import type { DynamicModule } from '@nestjs/common';
import { POLICY_TOOLS } from './policy/policy-tools.ts';
import * as ports from './ports.ts';

class NothingBehind {}

/** A wiring with these parts and nothing else behind the controllers: for the OpenAPI document, and for tests. */
export function partialWiring(parts: Readonly<Record<symbol, unknown>> = {}): DynamicModule {
  // The module makes its own lockout of what is outside.
  const { LOCKOUT: _, ...outside } = ports;
  const tokens = [...Object.values(outside), POLICY_TOOLS];
  return {
    module: NothingBehind,
    providers: tokens.map((provide) => ({ provide, useValue: parts[provide] ?? null })),
    exports: tokens,
  };
}
