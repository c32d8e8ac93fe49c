import { fakeRelease } from '#testing';
import type { HypotheticalRequest } from './policy-test.ts';
import { questionOf, UNNAMED_CLIENT } from './question-of.ts';

const release = fakeRelease(
  [],
  [
    {
      id: 'orders',
      operations: [
        { id: 'orders.read', method: 'GET', path: '/orders/{id}', tags: [] },
        { id: 'orders.export', method: 'GET', path: '/orders/export', tags: [] },
        { id: 'orders.list', method: 'GET', path: '/orders', tags: [] },
      ],
    },
    { id: 'odd-', operations: [{ id: 'odd.read', method: 'GET', path: '/', tags: [] }] },
  ],
);
const request: HypotheticalRequest = {
  principal: { issuer: 'https://idp.example', subject: 'ada', groups: ['support'] },
  operation: 'orders.read',
  parameters: { id: '42' },
  time: '2026-01-31T09:30:00Z',
};

describe('questionOf', () => {
  it('fills in what is not said: nobody in particular, without key, digest and address', () => {
    expect(questionOf(request, release)).toEqual({
      question: {
        principal: { issuer: 'https://idp.example', subject: 'ada', groups: ['support'], email: null },
        action: 'orders.read',
        resource: 'orders',
        context: {
          operation: {
            method: 'GET',
            targetUri: 'https://orders.invalid/orders/42',
            path: '/orders/42',
            parameters: { id: '42' },
            hasDigest: false,
            contentType: null,
          },
          device: { keyThumbprint: null },
          network: { ip: null },
          auth: { acr: null, amr: [], authTime: null },
          client: { id: UNNAMED_CLIENT },
          time: 1_769_851_800,
          claimed: {},
        },
      },
    });
  });

  it.each<{ device: NonNullable<HypotheticalRequest['device']>; registered: object }>([
    {
      device: { platform: 'macos' },
      registered: { ownerMatches: false, platform: 'macos', posture: null },
    },
    {
      device: { platform: 'macos', owner_matches: true, compliant: true },
      registered: {
        ownerMatches: true,
        platform: 'macos',
        posture: { compliant: true, facts: [], learntAt: 1_769_851_800, attestedBy: 'unnamed' },
      },
    },
    {
      device: { platform: 'linux', facts: ['firewall'], posture_age: 60, attested_by: 'https://mdm.example' },
      registered: {
        ownerMatches: false,
        platform: 'linux',
        posture: {
          compliant: null,
          facts: ['firewall'],
          learntAt: 1_769_851_740,
          attestedBy: 'https://mdm.example',
        },
      },
    },
  ])('takes a device as it is described: $device', ({ device, registered }) => {
    expect(questionOf({ ...request, device_key: 'k', device }, release)).toMatchObject({
      question: { context: { device: { keyThumbprint: 'k', registered } } },
    });
  });

  it('takes the word of an attester as it is described, registered device or none', () => {
    const attested = { compliant: true, posture_age: 60, attested_by: 'https://mdm.example' };
    expect(questionOf({ ...request, device_key: 'k', attested }, release)).toMatchObject({
      question: {
        context: {
          device: {
            keyThumbprint: 'k',
            attested: {
              compliant: true,
              facts: [],
              learntAt: 1_769_851_740,
              attestedBy: 'https://mdm.example',
            },
          },
        },
      },
    });
  });

  it('passes on what is said', () => {
    const said: HypotheticalRequest = {
      ...request,
      principal: { ...request.principal, email: 'ada@corp.example' },
      query: 'full=1',
      client: 'desk',
      device_key: 'thumbprint',
      has_digest: true,
      content_type: 'text/plain',
      ip: '192.0.2.7',
      acr: 'phr',
      amr: ['hwk'],
      auth_time: '2026-01-31T09:29:00Z',
      claimed: { reason: 'broken' },
    };
    expect(questionOf(said, release)).toMatchObject({
      question: {
        principal: { email: 'ada@corp.example' },
        context: {
          operation: {
            targetUri: 'https://orders.invalid/orders/42?full=1',
            hasDigest: true,
            contentType: 'text/plain',
          },
          device: { keyThumbprint: 'thumbprint' },
          network: { ip: '192.0.2.7' },
          auth: { acr: 'phr', amr: ['hwk'], authTime: 1_769_851_740 },
          client: { id: 'desk' },
          claimed: { reason: 'broken' },
        },
      },
    });
  });

  it('says who acts, and that the operation is named by scope', () => {
    const actor = { issuer: 'https://idp.example', subject: 'agent-7' };
    expect(questionOf({ ...request, actor, by_scope: true }, release)).toMatchObject({
      question: { context: { actor: { ...actor, depth: 1 }, operation: { isTemplate: true } } },
    });
    expect(questionOf({ ...request, actor: { ...actor, depth: 3 } }, release)).toMatchObject({
      question: { context: { actor: { depth: 3 } } },
    });
  });

  it('gives parameters the spelling that live requests give them', () => {
    expect(questionOf({ ...request, parameters: { id: '%34%2f' } }, release)).toMatchObject({
      question: { context: { operation: { path: '/orders/4%2F', parameters: { id: '4%2F' } } } },
    });
  });

  it('asks of any API, whatever its name', () => {
    const { parameters: _, ...rest } = request;
    expect(questionOf({ ...rest, operation: 'odd.read' }, release)).toMatchObject({
      question: { resource: 'odd-', context: { operation: { targetUri: 'https://odd-.invalid/' } } },
    });
  });

  it.each<{ name: string; changes: Partial<HypotheticalRequest>; names: string }>([
    { name: 'an unknown operation', changes: { operation: 'orders.refnd' }, names: 'orders.refnd' },
    { name: 'a name that every object has', changes: { operation: 'constructor' }, names: 'constructor' },
    { name: 'a missing parameter', changes: { parameters: {} }, names: 'id' },
    { name: 'a parameter too many', changes: { parameters: { id: '1', part: '2' } }, names: 'part' },
    { name: 'a broken escape', changes: { parameters: { id: '%4' } }, names: '/orders/%4' },
    { name: 'dots', changes: { parameters: { id: '..' } }, names: 'no operation' },
    {
      name: 'a request that is another operation',
      changes: { parameters: { id: 'export' } },
      names: 'orders.export',
    },
    { name: 'an attribute that nobody reads', changes: { claimed: { reson: 'x' } }, names: 'reson' },
    { name: 'a time that never was', changes: { time: '2026-02-30T00:00:00Z' }, names: '2026-02-30' },
  ])('says why nobody can ask with $name', ({ changes, names }) => {
    expect(questionOf({ ...request, ...changes }, release)).toEqual({
      problem: expect.stringContaining(names) as unknown,
    });
  });
});
