import type { LiveRelease } from '#core';
import { CedarCompiler } from './cedar-compiler.ts';
import { PreparsedSlots } from './preparsed-slots.ts';
import { aDocument, aRequest } from './testing/a-document.ts';

let specs = 0;

function aWorkshop(): { slots: PreparsedSlots; publish: (number: number) => LiveRelease } {
  const slots = new PreparsedSlots(`slots-spec-${specs++}-`);
  const compiler = new CedarCompiler(slots);
  return {
    slots,
    publish: (number) => {
      // Each release permits the client that is called like it, and no other.
      const policies = [
        {
          id: `only-${number}`,
          cedar: `permit(principal, action, resource == Api::"orders") when { context.client.id == "${number}" };`,
        },
      ];
      const compiled = compiler.compile(number, aDocument({ policies }));
      if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
      return compiled.release;
    },
  };
}

const asks = (release: LiveRelease, client: number): readonly string[] =>
  release.evaluate(aRequest({}, { client: { id: String(client) } })).determining;

describe('preparsed slots', () => {
  it('an old release is never answered for by a newer one that took its slot', () => {
    const { slots, publish } = aWorkshop();
    const releases = Array.from({ length: 9 }, (_, number) => publish(number));
    for (const round of [1, 2]) {
      for (const [number, release] of releases.entries()) {
        expect(asks(release, number)).toEqual([`only-${number}`]);
        expect(asks(release, number + round)).toEqual([]);
      }
    }
    // Two APIs and the admin API, two slots each.
    expect(slots.size).toBe(6);
  });

  it('a slot that could not be filled belongs to nobody', () => {
    const slots = new PreparsedSlots(`slots-spec-${specs++}-`);
    const good = { a: 'permit(principal, action, resource);' };
    const other = { b: 'permit(principal, action, resource);' };
    const id = slots.idOf(good);
    slots.idOf(other);
    expect(() => slots.idOf({ broken: 'permit' })).toThrow();
    expect(slots.idOf(good)).toBe(id);
    expect(slots.idOf(other)).not.toBe(id);
  });

  it('two hundred releases use no more slots than two', () => {
    const { slots, publish } = aWorkshop();
    let live = publish(0);
    for (let number = 1; number < 200; number++) live = publish(number);
    expect(slots.size).toBe(6);
    expect(asks(live, 199)).toEqual(['only-199']);
  });

  it('two hundred sets need no more memory than a few', () => {
    const slots = new PreparsedSlots(`slots-spec-${specs++}-`);
    const fill = (from: number, to: number): void => {
      for (let number = from; number < to; number++) {
        const policy = `permit(principal in Group::"g${number}", action, resource) when { context.client.id == "c" };`;
        slots.idOf(Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`p${at}`, policy])));
      }
    };
    fill(0, 20);
    const before = process.memoryUsage().rss;
    fill(20, 200);
    const grownBytes = process.memoryUsage().rss - before;
    expect(slots.size).toBe(2);
    // With new ids each time the engine would keep about 30 MB more.
    expect(grownBytes).toBeLessThan(15 * 1024 * 1024);
  });
});
