import { diffReleases, isEmptyDiff, type ReleaseDocument } from '#core';
import { randomUUID } from 'node:crypto';
import type { AdminClient } from '../administration/admin-client.ts';
import { listAll } from '../administration/list-all.ts';
import { publishDraft, replaceDraft } from '../administration/publish-draft.ts';
import { findResource } from '../administration/put-resource.ts';
import { releaseIn } from '../administration/read-release.ts';
import { Failure } from '../failure.ts';
import { endOfProbe, withoutProbes, withProbe, type ProbeOperation } from './probe-operation.ts';

/** What is registered for as long as a probe lasts. */
export interface ProbeRegistration {
  readonly operation: ProbeOperation;
  /** Of a client of the probe's name. */
  readonly publicKey: Readonly<Record<string, string>>;
  /** Id of the identity provider, and the audience of its ID tokens. */
  readonly provider: { readonly id: string; readonly audience: string };
}

/**
 * Registers a client, publishes the operations, drives, and takes all of it away again, whatever happens meanwhile.
 * What an earlier probe left, because it was killed, goes first.
 *
 * Fails  AdminRefusal; Failure when something stays, which is over by itself after ten minutes
 */
export async function withRegisteredProbe<Result>(
  admin: AdminClient,
  registration: ProbeRegistration,
  drive: () => Promise<Result>,
): Promise<Result> {
  await sweep(admin);
  const live = (await admin.get('/releases/live')).body;
  const draft = releaseIn((await admin.get('/draft')).body);
  const before = { number: live.number('number'), draft };
  const document = withProbe(releaseIn(live), registration.operation);
  try {
    await admin.call({
      method: 'POST',
      path: '/clients',
      body: clientOf(registration),
      idempotencyKey: randomUUID(),
    });
    await replaceDraft(admin, document);
    await publishDraft(admin, 'oncekey probe: for as long as it lasts', before.number);
    return await drive();
  } finally {
    await takeAway(admin, registration.operation.name, { ...before, published: document });
  }
}

function clientOf({ operation, publicKey, provider }: ProbeRegistration): object {
  return {
    client_id: operation.name,
    jwks: { keys: [publicKey] },
    identity_providers: [{ id: provider.id, audiences: [provider.audience] }],
    resource_servers: [operation.api],
  };
}

interface Before {
  readonly number: number;
  readonly draft: ReleaseDocument;
  readonly published: ReleaseDocument;
}

/** Each step is tried, whatever became of the others. */
async function takeAway(admin: AdminClient, name: string, before: Before): Promise<void> {
  const steps = [() => deleteClient(admin, name), () => restoreRelease(admin, name, before)];
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length === 0) return;
  const end = new Date((endOfProbe(name) ?? 0) * 1000).toISOString();
  throw new Failure(`${name} could not be taken away; it permits nothing after ${end}`, undefined, {
    cause: failures[0],
  });
}

async function deleteClient(admin: AdminClient, name: string): Promise<void> {
  const path = `/clients/${encodeURIComponent(name)}`;
  const found = await findResource(admin, path);
  if (found !== null) await admin.call({ method: 'DELETE', path, ifMatch: found.etag });
}

/** Somebody else may have published or drafted meanwhile: of theirs, only what is ours is taken away. */
async function restoreRelease(admin: AdminClient, name: string, before: Before): Promise<void> {
  const isOurs = (other: string): boolean => other === name;
  const drafted = releaseIn((await admin.get('/draft')).body);
  const draft = isSame(drafted, before.published) ? before.draft : withoutProbes(drafted, isOurs);
  const { body } = await admin.get('/releases/live');
  const live = releaseIn(body);
  const clean = withoutProbes(live, isOurs);
  if (isSame(live, before.published)) {
    await admin.call({
      method: 'POST',
      path: `/releases/${before.number}/rollback`,
      body: { message: 'oncekey probe: over' },
      ifMatch: `"${body.number('number')}"`,
      idempotencyKey: randomUUID(),
    });
  } else if (!isSame(live, clean)) {
    await replaceDraft(admin, clean);
    await publishDraft(admin, 'oncekey probe: over', body.number('number'));
  }
  await replaceDraft(admin, draft);
}

/** Takes away the probes whose time is over. */
async function sweep(admin: AdminClient): Promise<void> {
  const nowSeconds = Date.now() / 1000;
  const isOver = (name: string): boolean => (endOfProbe(name) ?? nowSeconds) < nowSeconds;
  const clients = await listAll(admin, { path: '/clients' });
  for (const client of clients)
    if (isOver(client.text('client_id'))) await deleteClient(admin, client.text('client_id'));
  const { body } = await admin.get('/releases/live');
  const drafted = releaseIn((await admin.get('/draft')).body);
  const live = releaseIn(body);
  const clean = withoutProbes(live, isOver);
  if (!isSame(live, clean)) {
    await replaceDraft(admin, clean);
    await publishDraft(admin, 'oncekey probe: what an earlier one left', body.number('number'));
  }
  await replaceDraft(admin, withoutProbes(drafted, isOver));
}

function isSame(one: ReleaseDocument, other: ReleaseDocument): boolean {
  return isEmptyDiff(diffReleases(one, other));
}
