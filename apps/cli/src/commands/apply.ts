import { AdminRefusal } from '../administration/admin-refusal.ts';
import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { publishDraft, replaceDraft } from '../administration/publish-draft.ts';
import type { Answer } from '../answer.ts';
import { EXIT } from '../failure.ts';
import { readPolicyFolder, type PolicyFolder } from '../folder/read-policy-folder.ts';
import { filedRefusal } from '../plan/filed-refusal.ts';
import { formatDiff } from '../plan/format-plan.ts';
import { tellProblems } from '../policies/tell-problems.ts';
import type { Terminal } from '../terminal.ts';

/** Makes a folder the draft and, without `draftOnly`, publishes it. What is that way already is left so. */
export async function apply(
  terminal: Terminal,
  folder: string,
  options: AdminOptions & { message: string; draftOnly?: boolean },
): Promise<number> {
  const read = await readPolicyFolder(folder);
  if ('problems' in read) return tellProblems(terminal, read.problems, options.json);
  const admin = await openAdmin(terminal, options);
  try {
    const draft = await replaceDraft(admin, read.document);
    const release = options.draftOnly === true ? null : await publishDraft(admin, options.message);
    tell(terminal, { draft, release, isDraftOnly: options.draftOnly === true }, options);
    return EXIT.done;
  } catch (error) {
    throw placed(error, read);
  }
}

function tell(
  { print, colours }: Terminal,
  { draft, release, isDraftOnly }: { draft: Answer; release: Answer | null; isDraftOnly: boolean },
  { json }: AdminOptions,
): void {
  if (json === true) {
    print(JSON.stringify({ draft: draft.value, release: release?.value ?? null }));
    return;
  }
  if (release === null && !isDraftOnly) {
    print('nothing to publish: this is what is live');
    return;
  }
  for (const line of formatDiff(draft.at('diff'), colours)) print(line);
  print(release === null ? 'the draft is this folder now' : `release ${release.text('number')} is live`);
}

/** A refusal with its faults at their places in the files. */
function placed(error: unknown, folder: PolicyFolder): unknown {
  return error instanceof AdminRefusal ? filedRefusal(error, folder) : error;
}
