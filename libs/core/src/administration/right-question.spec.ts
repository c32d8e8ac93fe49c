import { aQuestion } from '#testing';
import { ADMIN_RIGHTS } from './admin-catalog.ts';
import { holderQuestions } from './holder-questions.ts';
import { questionAbout, rightQuestion } from './right-question.ts';
import type { RoleBinding } from './roles.ts';

const asked = aQuestion({
  principal: {
    issuer: 'https://idp.example',
    subject: 'ada',
    groups: ['staff', 'oncekey:publisher'],
    email: null,
  },
  action: 'admin.releases.publish',
  resource: 'oncekey-admin',
  context: {
    operation: {
      method: 'POST',
      targetUri: 'https://admin.example/base/admin/v1/releases?x',
      path: '/base/admin/v1/releases',
      parameters: {},
      hasDigest: true,
      contentType: null,
    },
  },
});

it('asks for a right as the call was asked for', () => {
  expect(rightQuestion(asked, ADMIN_RIGHTS.guard)).toEqual({
    ...asked,
    action: 'admin.right.guard',
    context: {
      ...asked.context,
      operation: {
        ...asked.context.operation,
        targetUri: 'https://admin.example/base/admin/v1/rights/guard',
        path: '/base/admin/v1/rights/guard',
      },
    },
  });
});

it('fills in parameters', () => {
  const { operation } = questionAbout(asked, 'admin.policies.read', { id: 'x' }).context;
  expect(operation).toMatchObject({
    method: 'GET',
    path: '/base/admin/v1/policies/x',
    parameters: { id: 'x' },
  });
  expect(() => questionAbout(asked, 'orders.refund', {})).toThrow('no operation of the admin API');
});

it('asks for each holder of a role once, and for the caller with the roles that they would have', () => {
  const subject = { issuer: 'https://idp.example', subject: 'bob' };
  const bindings: RoleBinding[] = [
    { id: 'a', role: 'publisher', holder: subject },
    { id: 'b', role: 'security-admin', holder: subject },
    { id: 'c', role: 'auditor', holder: { group: 'staff' } },
  ];
  expect(
    holderQuestions(bindings, asked).map(({ principal }) => [principal.subject, ...principal.groups]),
  ).toEqual([
    ['ada', 'staff', 'oncekey:auditor'],
    ['bob', 'oncekey:publisher', 'oncekey:security-admin'],
    ['(somebody)', 'staff', 'oncekey:auditor'],
  ]);
});
