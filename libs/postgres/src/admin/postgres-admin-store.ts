import type {
  AdminChange,
  AdminStore,
  ApprovalQuery,
  AuditEvent,
  AuditFilter,
  ChangeResult,
  EnrolmentPurpose,
  EnrolmentWrite,
  EpochMs,
  FullRelease,
  ListQuery,
  Page,
  RecordedDecision,
  ReleaseHead,
  ResourceKind,
  RoleBinding,
  Shadow,
  ShadowReport,
  StoredDeferral,
  StoredDraft,
  StoredEventPoll,
  StoredPosture,
  StoredResource,
  StoredRevocation,
  Usage,
} from '#core';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { poolOf } from '../data-source.ts';
import { inTransaction } from '../in-transaction.ts';
import { orUnavailable } from '../or-unavailable.ts';
import { listApprovals, readApproval } from './approvals.ts';
import { readAuditEvent, readDecisionOf, searchAudit } from './audit-search.ts';
import { change } from './change.ts';
import { readPosture } from './device-posture.ts';
import { readDraft } from './draft-rows.ts';
import { enrol, offerFirstEnrolment, openEnrolments } from './enrolment.ts';
import { listEventPolls } from './event-polls.ts';
import { listResources, readResource } from './read-resources.ts';
import { recordedDecisions } from './recorded-decisions.ts';
import { listReleases, readRelease } from './releases.ts';
import { listRevocations } from './revocations.ts';
import { readRoleBindings } from './role-bindings.ts';
import { readShadow } from './shadow.ts';
import { readUsage } from './usage.ts';
import { writeEvents } from './write-events.ts';

/** Administration on Postgres. The data source may still have to connect: until then everything is unavailable. */
export class PostgresAdminStore implements AdminStore {
  constructor(private readonly dataSource: DataSource) {}

  async list(kind: ResourceKind, query: ListQuery): Promise<Page<StoredResource>> {
    return listResources(await this.pool(), kind, query);
  }

  async read(kind: ResourceKind, id: string): Promise<StoredResource | null> {
    return readResource(await this.pool(), kind, id);
  }

  async draft(): Promise<StoredDraft> {
    return readDraft(await this.pool());
  }

  async releases(query: { limit: number; before: number | null }): Promise<readonly ReleaseHead[]> {
    return listReleases(await this.pool(), query);
  }

  async release(number: number | 'live'): Promise<FullRelease | null> {
    return readRelease(await this.pool(), number);
  }

  async roleBindings(): Promise<readonly RoleBinding[]> {
    return readRoleBindings(await this.pool());
  }

  async posture(device: string): Promise<StoredPosture | null> {
    return readPosture(await this.pool(), device);
  }

  async eventPolls(query: Omit<ListQuery, 'filter'>): Promise<Page<StoredEventPoll>> {
    return listEventPolls(await this.pool(), query);
  }

  async revocations(query: ListQuery): Promise<Page<StoredRevocation>> {
    return listRevocations(await this.pool(), query);
  }

  async shadow(): Promise<{ shadow: Shadow; report: ShadowReport } | null> {
    return readShadow(await this.pool());
  }

  async approvals(query: ApprovalQuery): Promise<Page<StoredDeferral>> {
    return listApprovals(await this.pool(), query);
  }

  async approval(id: string): Promise<StoredDeferral | null> {
    return readApproval(await this.pool(), id);
  }

  async audit(
    filter: AuditFilter,
    page: { limit: number; before: string | null },
  ): Promise<Page<AuditEvent>> {
    return searchAudit(await this.pool(), filter, page);
  }

  async auditEvent(id: string): Promise<AuditEvent | null> {
    return readAuditEvent(await this.pool(), id);
  }

  async decisionOf(txn: string): Promise<AuditEvent | null> {
    return readDecisionOf(await this.pool(), txn);
  }

  async decisions(range: { from: EpochMs; to: EpochMs; atMost: number }): Promise<{
    readonly total: number;
    readonly sampled: AsyncIterable<readonly RecordedDecision[]>;
  }> {
    return recordedDecisions(await this.pool(), range);
  }

  async usage(since: EpochMs): Promise<Usage> {
    return readUsage(await this.pool(), since);
  }

  async openEnrolments(): Promise<readonly { purpose: EnrolmentPurpose; expiresAt: EpochMs }[]> {
    return openEnrolments(await this.pool());
  }

  async change<Outcome>(asked: AdminChange<Outcome>): Promise<ChangeResult<Outcome>> {
    return change(await this.pool(), asked);
  }

  async recordRefusal(event: AuditEvent): Promise<void> {
    const what = 'the audit log did not take the refusal';
    await inTransaction(await this.pool(), what, (connection) => writeEvents(connection, [event]));
  }

  async enrol(write: EnrolmentWrite): Promise<void> {
    return enrol(await this.pool(), write);
  }

  async offerFirstEnrolment(offer: { codeHash: Buffer; ttlSeconds: number }): Promise<boolean> {
    return offerFirstEnrolment(await this.pool(), offer);
  }

  private pool(): Promise<Pool> {
    return orUnavailable('the database is not connected yet', async () => poolOf(this.dataSource));
  }
}
