import type { ReleaseDocument } from '#core';
import { CedarCompiler } from './cedar-compiler.ts';
import { PreparsedSlots } from './preparsed-slots.ts';
import { aDocument, aRequest } from './testing/a-document.ts';

const compiler = (): CedarCompiler => new CedarCompiler(new PreparsedSlots('turns-spec-'));

const cedar = 'permit(principal, action, resource)';

it('in turns a sound release is what it is at once', async () => {
  const document = aDocument({ policies: [{ id: 'p', cedar: `${cedar};` }] });
  const inTurns = await compiler().compileInTurns(3, document);
  const atOnce = compiler().compile(3, document);
  if ('problems' in inTurns || 'problems' in atOnce) throw new Error('the release is sound');
  expect(inTurns.release.policies).toEqual(atOnce.release.policies);
  expect(inTurns.release.evaluate(aRequest())).toEqual({
    effect: 'permit',
    determining: ['p'],
    failed: false,
  });
});

it.each<Partial<ReleaseDocument>>([
  { policies: [{ id: 'p', cedar: 'permit(principal);' }] },
  { policies: [{ id: 'p', cedar: `${cedar} when { context.nothing };` }] },
  { apis: [{ id: 'Not an id', operations: [] }] },
])('in turns the problems are those that are found at once: %j', async (change) => {
  const document = aDocument(change);
  const inTurns = await compiler().compileInTurns(3, document);
  expect(inTurns).toEqual(compiler().compile(3, document));
  expect(inTurns).toHaveProperty('problems.0.message');
});
