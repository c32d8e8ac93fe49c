import type {
  AdminCaller,
  AdminTransaction,
  ApprovalDecision,
  CutOffChange,
  FullRelease,
  JsonObject,
  PostureReport,
  ReleaseDocument,
  ReleaseHead,
  ResourceKind,
  RevokedName,
  RoleBinding,
  Shadow,
  StoredDeferral,
  StoredDraft,
  StoredPosture,
  StoredResource,
  StoredRevocation,
} from '#core';
import type { PoolClient } from 'pg';
import { lockLiveRelease, makeLive } from '../release-store.ts';
import { lockAdministration } from './administration-lock.ts';
import { decideApproval } from './approvals.ts';
import { reportPosture } from './device-posture.ts';
import { noteDraftAuthor, readDraft, replaceDraft, settleDraft } from './draft-rows.ts';
import { claimDeviceKeys, demandFit, demandUnreferenced } from './registration-rules.ts';
import { readRelease } from './releases.ts';
import { isDraftKind } from './resource-table.ts';
import { revokeName } from './revocations.ts';
import { readRoleBindings } from './role-bindings.ts';
import { startShadow, stopShadow } from './shadow.ts';
import { deleteResource, insertResource, updateResource } from './write-resources.ts';

type Written = { id: string; document: JsonObject; enabled: boolean };

/** The changes of one call on its open transaction. Everything that writes or locks takes the lock of administration first. */
export class PostgresAdminTransaction implements AdminTransaction {
  constructor(
    private readonly connection: PoolClient,
    private readonly caller: Pick<AdminCaller, 'issuer' | 'subject'>,
  ) {}

  /** Who does it. */
  private get by(): string {
    return `${this.caller.issuer}|${this.caller.subject}`;
  }

  async create(kind: ResourceKind, resource: Written): Promise<StoredResource> {
    await lockAdministration(this.connection);
    const stored = await insertResource(this.connection, { kind, by: this.by, ...resource });
    await this.settle(kind, resource);
    return stored;
  }

  async replace(kind: ResourceKind, resource: Written, ifVersion: string): Promise<StoredResource> {
    await lockAdministration(this.connection);
    const stored = await updateResource(this.connection, { kind, by: this.by, ...resource }, ifVersion);
    await this.settle(kind, resource);
    return stored;
  }

  async remove(kind: ResourceKind, id: string, ifVersion: string): Promise<void> {
    await lockAdministration(this.connection);
    await deleteResource(this.connection, { kind, id }, ifVersion);
    await demandUnreferenced(this.connection, { kind, id });
    if (isDraftKind(kind)) await noteDraftAuthor(this.connection, this.by);
  }

  async lockDraft(): Promise<StoredDraft> {
    await lockAdministration(this.connection);
    return readDraft(this.connection);
  }

  async replaceDraft(document: ReleaseDocument, ifVersion: string): Promise<StoredDraft> {
    await lockAdministration(this.connection);
    return replaceDraft(this.connection, { document, by: this.by }, ifVersion);
  }

  async lockLive(): Promise<FullRelease | null> {
    await lockAdministration(this.connection);
    await lockLiveRelease(this.connection);
    return readRelease(this.connection, 'live');
  }

  async publish({
    document,
    message,
    rollbackOf,
    settlesDraft,
  }: Parameters<AdminTransaction['publish']>[0]): Promise<ReleaseHead> {
    await this.lockLive();
    const number = await makeLive(this.connection, { document, author: this.by, message, rollbackOf });
    if (settlesDraft) await settleDraft(this.connection);
    const published = await readRelease(this.connection, number);
    if (published === null) throw new Error('a release was published and did not come back');
    const { document: _, ...head } = published;
    return head;
  }

  roleBindings(): Promise<readonly RoleBinding[]> {
    return readRoleBindings(this.connection);
  }

  /** Without the lock of administration: reports come by the thousand, and touch nothing that is administered. */
  async reportPosture(device: string, report: PostureReport): Promise<StoredPosture> {
    return reportPosture(this.connection, { device, report, source: this.by });
  }

  /** Without the lock of administration: what has to fall falls while somebody publishes, too. */
  async revoke(name: RevokedName, change: CutOffChange['is']): Promise<StoredRevocation> {
    return revokeName(this.connection, name, change);
  }

  /** Without the lock of administration: whoever waits for an approval waits for a broker's row, not for admins. */
  async decideApproval(id: string, decision: ApprovalDecision): Promise<StoredDeferral | null> {
    return decideApproval(this.connection, { id, decision, caller: this.caller });
  }

  async startShadow(document: ReleaseDocument): Promise<Shadow> {
    await lockAdministration(this.connection);
    return startShadow(this.connection, document, this.by);
  }

  async stopShadow(): Promise<void> {
    await lockAdministration(this.connection);
    await stopShadow(this.connection);
  }

  /** After the write, so that what has moved is told before what is wrong with the change; that takes it all back. */
  private async settle(kind: ResourceKind, { id, document }: Written): Promise<void> {
    await demandFit(this.connection, { kind, id, document });
    if (kind === 'device') await claimDeviceKeys(this.connection, { id, document });
    if (isDraftKind(kind)) await noteDraftAuthor(this.connection, this.by);
  }
}
