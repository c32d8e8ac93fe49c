import type { CatalogApi } from '../operation/catalog.ts';
import { cedarSchemaOf } from './cedar-schema.ts';
import { renderPolicySchema } from './render-policy-schema.ts';

const APIS: readonly CatalogApi[] = [
  {
    id: 'orders',
    operations: [
      {
        id: 'orders.refund',
        method: 'POST',
        path: '/orders/{id}/refund/{part}',
        tags: ['write', 'money', 'write'],
      },
      { id: 'orders.list', method: 'GET', path: '/orders', tags: [] },
    ],
  },
  { id: 'billing', operations: [] },
];

describe('cedarSchemaOf', () => {
  it('names APIs, groups, operations, parameters and claims', () => {
    const schema = cedarSchemaOf(APIS, { reason: 'String', if: 'Bool' });
    for (const line of [
      'entity Api enum ["billing", "orders"];',
      'action "tag:money";',
      'action "orders.refund" in [Action::"api:orders", Action::"tag:money", Action::"tag:write"] appliesTo {',
      'type Claimed = { "if"?: Bool, "reason"?: String };',
    ]) {
      expect(schema.split('\n')).toContain(line);
    }
    expect(schema).toContain('"params": { "id": String, "part": String } }');
    expect(schema).toContain('"params": {} }');
  });

  it('is the same text whatever the order of the catalog', () => {
    const reversed = APIS.toReversed().map((api) => ({ ...api, operations: api.operations.toReversed() }));
    expect(cedarSchemaOf(reversed, { b: 'Long', a: 'Bool' })).toBe(
      cedarSchemaOf(APIS, { a: 'Bool', b: 'Long' }),
    );
  });

  it('is rendered from a document, or the document is refused', () => {
    expect(renderPolicySchema({ apis: APIS, claimed: {} })).toBe(cedarSchemaOf(APIS, {}));
    expect(() => renderPolicySchema({})).toThrow('#/apis must be a list');
  });
});
