import { randomUUID } from 'node:crypto';
import type { AdminClient } from '../administration/admin-client.ts';
import { AdminRefusal } from '../administration/admin-refusal.ts';
import { liveNumber } from '../administration/live-number.ts';
import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { releaseIn } from '../administration/read-release.ts';
import { Answer } from '../answer.ts';
import { diffReleases, isEmptyDiff, type ReleaseDocument } from '#core';
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
    const release = options.draftOnly === true ? null : await publish(admin, options.message);
    tell(terminal, { draft, release, isDraftOnly: options.draftOnly === true }, options);
    return EXIT.done;
  } catch (error) {
    throw placed(error, read);
  }
}

/** The draft as it is then. */
async function replaceDraft(admin: AdminClient, document: ReleaseDocument): Promise<Answer> {
  const { body, etag } = await admin.get('/draft');
  if (isEmptyDiff(diffReleases(releaseIn(body), document))) return body;
  return (await admin.call({ method: 'PUT', path: '/draft', body: document, ifMatch: etag })).body;
}

/** Null when the draft is what is live. */
async function publish(admin: AdminClient, message: string): Promise<Answer | null> {
  try {
    const { body } = await admin.call({
      method: 'POST',
      path: '/releases',
      body: { message },
      ifMatch: `"${await liveNumber(admin)}"`,
      idempotencyKey: randomUUID(),
    });
    return body;
  } catch (error) {
    if (error instanceof AdminRefusal && error.reason === 'admin.nothing_to_publish') return null;
    throw error;
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
