import type { MigrationInterface } from 'typeorm';
import { CreateRegistry1767300000000 } from './1767300000000-registry.ts';
import { CreateLedger1767300000001 } from './1767300000001-ledger.ts';
import { CreateAdministration1767300000002 } from './1767300000002-administration.ts';
import { CreateDatabaseRoles1767300000003 } from './1767300000003-database-roles.ts';
import { CreateRevocation1767400000002 } from './1767400000002-revocation.ts';
import { CreateDevicePosture1767400000012 } from './1767400000012-device-posture.ts';
import { CreateEventPoll1767400000020 } from './1767400000020-event-poll.ts';
import { CreateEventTransmitter1767400000021 } from './1767400000021-event-transmitter.ts';
import { CreateAuditRetention1767400000030 } from './1767400000030-audit-retention.ts';
import { CreateDeferrals1767400000040 } from './1767400000040-deferrals.ts';
import { AddSpentTarget1767400000050 } from './1767400000050-spent-target.ts';
import { AddAdminRevocations1767400000060 } from './1767400000060-admin-revocations.ts';
import { AddFailingSince1767400000061 } from './1767400000061-failing-since.ts';

/** Every migration, in the order in which they run. Listed by hand, so that source and build hold the same ones. */
export const MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  CreateRegistry1767300000000,
  CreateLedger1767300000001,
  CreateAdministration1767300000002,
  CreateDatabaseRoles1767300000003,
  CreateRevocation1767400000002,
  CreateDevicePosture1767400000012,
  CreateEventPoll1767400000020,
  CreateEventTransmitter1767400000021,
  CreateAuditRetention1767400000030,
  CreateDeferrals1767400000040,
  AddSpentTarget1767400000050,
  AddAdminRevocations1767400000060,
  AddFailingSince1767400000061,
];
