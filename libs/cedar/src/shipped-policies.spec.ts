import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCatalogDocument, type LiveRelease, type PolicyRequest } from '#core';
import { parse } from 'yaml';
import { CedarCompiler } from './cedar-compiler.ts';
import { splitPolicies } from './split-policies.ts';
import { aRequest } from './testing/a-document.ts';

const FOLDER = join(__dirname, '../../../policies');

function shipped(): LiveRelease {
  const catalog = readCatalogDocument(parse(readFileSync(join(FOLDER, 'catalog.yaml'), 'utf8')));
  if ('problems' in catalog) throw new Error(JSON.stringify(catalog.problems));
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.cedar'));
  const policies = files.flatMap((name) => {
    const split = splitPolicies(readFileSync(join(FOLDER, name), 'utf8'), name);
    if ('problems' in split) throw new Error(JSON.stringify(split.problems));
    return split.policies;
  });
  const compiled = new CedarCompiler().compile(1, { ...catalog, policies });
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
  return compiled.release;
}

describe('the shipped policies', () => {
  const release = shipped();
  const asks = (
    action: string,
    groups: readonly string[],
    claimed: PolicyRequest['context']['claimed'] = {},
  ): readonly string[] => {
    const principal = { issuer: 'https://idp.example', subject: 'ada', groups, email: null };
    const { effect, determining } = release.evaluate(aRequest({ action, principal }, { claimed }));
    return [effect, ...determining];
  };

  it('let support refund, at a price', () => {
    expect(asks('orders.refund', ['support'])).toEqual(['permit', 'support-refunds']);
    expect(release.obligationsOf('support-refunds')).toEqual({
      ttlSeconds: 15,
      digestRequired: true,
      proofRequired: true,
    });
    expect(asks('orders.cancel', ['support'])).toEqual(['permit', 'support-cancels']);
  });

  it('let nobody else refund', () => {
    expect(asks('orders.refund', [])).toEqual(['deny']);
    expect(asks('orders.refund', ['Support', 'leads'])).toEqual(['deny']);
  });

  it('let everybody read, and export for a second', () => {
    for (const action of ['orders.read', 'orders.list'])
      expect(asks(action, [])).toEqual(['permit', 'read-orders']);
    expect(asks('orders.export', [])).toEqual(['permit', 'export-orders']);
    expect(release.obligationsOf('export-orders')).toEqual({ ttlSeconds: 1 });
    expect(release.catalog.match('orders', 'GET', '/orders/export')?.operation.id).toBe('orders.export');
  });

  it('forbid a reason that says nothing', () => {
    expect(asks('orders.refund', ['support'], { reason: '' })).toEqual(['deny', 'give-a-reason']);
    expect(asks('orders.refund', ['support'], { reason: 'broken' })).toEqual(['permit', 'support-refunds']);
  });
});
