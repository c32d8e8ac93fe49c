import type { CompiledRelease, Explanation, ReleaseDocument } from '#core';
import type { TrustRows } from '#postgres';
import { fakeRelease } from '#testing';
import { createLogger } from '#http';
import { TrustCompiler } from './trust-compiler.ts';

const document = (id: string): ReleaseDocument => ({
  policies: [{ id, cedar: '' }],
  apis: [],
  claimed: {},
});
const LIVE = document('live');

const rows = (shadow: ReleaseDocument | null, revision = '1'): TrustRows => ({
  registrations: {
    revision,
    identityProviders: [],
    clients: [],
    resourceServers: [],
    eventTransmitters: [],
    roleBindings: [{ id: 'ada', role: 'publisher', issuer: 'https://idp.example', subject: 'ada' }],
  },
  release: { number: 7, document: LIVE },
  shadow: shadow === null ? null : { id: 'candidate', document: shadow },
});

function start() {
  const compiled: string[] = [];
  const compiler = new TrustCompiler({
    policies: {
      async compileInTurns(number, { policies: [first] }): Promise<CompiledRelease> {
        const id = first?.id ?? '';
        compiled.push(id);
        if (id === 'throws') throw new Error('the engine fell over');
        if (id === 'unsound') {
          const place = { line: 1, column: 1, suggestion: null };
          return { problems: [{ policy: id, message: 'is wrong', ...place }] };
        }
        const explain = (): Explanation => ({ applied: [], almost: [] });
        return { release: { ...fakeRelease([]), number, explain } };
      },
    },
    allowHttpLoopback: false,
    isProduction: false,
    log: createLogger({ name: 'test', level: 'silent', secrets: [] }),
  });
  return { compiler, compiled };
}

describe('TrustCompiler', () => {
  it('makes the live release, the shadow and the roles ready', async () => {
    const trust = await start().compiler.compile(rows(document('candidate')));
    expect(trust?.release.number).toBe(7);
    expect(trust?.shadow?.id).toBe('candidate');
    const holder = { issuer: 'https://idp.example', subject: 'ada', groups: [] };
    expect(trust?.roleGroupsOf(holder)).toEqual(['oncekey:publisher']);
  });

  it('compiles a release and a shadow once, however often registrations change', async () => {
    const { compiler, compiled } = start();
    const candidate = document('candidate');
    for (const revision of ['1', '2', '3']) await compiler.compile(rows(candidate, revision));
    expect(compiled).toEqual(['live', 'candidate']);
  });

  it.each(['unsound', 'throws'])('decides as before beside a shadow that is of no use: %s', async (id) => {
    const { compiler, compiled } = start();
    const shadow = document(id);
    for (const revision of ['1', '2']) {
      const trust = await compiler.compile(rows(shadow, revision));
      expect([trust?.release.number, trust?.shadow]).toEqual([7, null]);
    }
    expect(compiled).toEqual(['live', id]);
  });

  it('trusts nothing without a live release, and nothing but the live one decides', async () => {
    const { compiler } = start();
    expect(await compiler.compile({ ...rows(document('candidate')), release: null })).toBeNull();
    const unsound = { number: 8, document: document('unsound') };
    expect(await compiler.compile({ ...rows(document('candidate')), release: unsound })).toBeNull();
  });
});
