import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { EXIT } from '../failure.ts';
import { readPolicyFolder } from '../folder/read-policy-folder.ts';
import { formatPlan } from '../plan/format-plan.ts';
import { markdownPlan } from '../plan/markdown-plan.ts';
import { tellProblems } from '../policies/tell-problems.ts';
import type { Terminal } from '../terminal.ts';

const DAY_MS = 86_400_000;

/**
 * Tells what applying a folder would change, what its tests say, which recorded decisions would be others, and how
 * much more or less would stand. Out: 1 when it could not be published as it is.
 */
export async function plan(
  terminal: Terminal,
  folder: string,
  options: AdminOptions & { markdown?: boolean; replay: number },
): Promise<number> {
  const read = await readPolicyFolder(folder);
  if ('problems' in read) return tellProblems(terminal, read.problems, options.json);
  const admin = await openAdmin(terminal, options);
  const now = Date.now();
  const from = new Date(now - options.replay * DAY_MS).toISOString();
  const replay = options.replay === 0 ? {} : { replay: { from, to: new Date(now).toISOString() } };
  const { body } = await admin.call({
    method: 'POST',
    path: '/draft/plan',
    body: { document: read.document, ...replay },
  });
  if (options.json === true) terminal.print(JSON.stringify(body.value));
  else if (options.markdown === true) terminal.print(markdownPlan(body));
  else for (const line of formatPlan(body, terminal.colours)) terminal.print(line);
  const tests = body.at('tests');
  const isFit = body.list('problems').length === 0 && tests.isTrue('passed');
  return isFit && tests.list('untested').length === 0 ? EXIT.done : EXIT.refused;
}
