import { readContextAttribute, readOperation, readPolicySource, readPolicyTest } from '#core';
import type { DraftPart } from './draft-part.ts';

export const POLICIES: DraftPart = {
  kind: 'policy',
  path: 'policies',
  one: 'policy',
  idMember: 'id',
  filters: [],
  looks: { owner: ({ owner }, value) => owner === value },
  read(body) {
    const read = readPolicySource(body);
    if ('problems' in read) return read;
    return { row: { kind: 'policy', id: read.policy.id, document: read.policy } };
  },
  example: {
    id: 'support-refunds',
    cedar:
      '@owner("team-orders")\n@digest("required")\npermit (\n  principal in Group::"support",\n  action == Action::"orders.refund",\n  resource == Api::"orders"\n);\n',
  },
};

export const POLICY_TESTS: DraftPart = {
  kind: 'policy_test',
  path: 'policy-tests',
  one: 'policy test',
  idMember: 'id',
  filters: ['operation'],
  looks: {},
  read(body) {
    const read = readPolicyTest(body);
    if ('problems' in read) return read;
    return { row: { kind: 'policy_test', id: read.test.id, document: read.test } };
  },
  example: {
    id: 'support-may-refund',
    name: 'support may refund, with the body fixed',
    principal: { issuer: 'https://login.example', subject: 'ada', groups: ['support'] },
    operation: 'orders.refund',
    parameters: { id: '42' },
    has_digest: true,
    time: '2026-01-05T09:00:00Z',
    expect: { decision: 'permit', policies: ['support-refunds'] },
  },
};

export const OPERATIONS: DraftPart = {
  kind: 'operation',
  path: 'operations',
  one: 'operation',
  idMember: 'id',
  filters: ['api', 'method'],
  looks: { tag: ({ tags }, value) => Array.isArray(tags) && tags.includes(value) },
  read(body) {
    const read = readOperation(body);
    if ('problems' in read) return read;
    return { row: { kind: 'operation', id: read.operation.id, document: read.operation } };
  },
  example: {
    id: 'orders.refund',
    api: 'orders',
    method: 'POST',
    path: '/orders/{id}/refund',
    tags: ['write', 'money'],
  },
};

export const CONTEXT_ATTRIBUTES_PART: DraftPart = {
  kind: 'context_attribute',
  path: 'context-attributes',
  one: 'context attribute',
  idMember: 'name',
  filters: [],
  looks: {},
  read(body) {
    const read = readContextAttribute(body);
    if ('problems' in read) return read;
    return { row: { kind: 'context_attribute', id: read.attribute.name, document: read.attribute } };
  },
  example: { name: 'reason', type: 'String' },
};
