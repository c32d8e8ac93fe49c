import { randomUUID } from 'node:crypto';
import { startAdministration, type Administration } from './admin-process.ts';
import { ApprovalDesk } from './approval-desk.ts';
import type { ConformingBroker } from './conforming-broker.ts';
import { WaitingCaller } from './waiting-caller.ts';

/** Those who approve, beside a broker; members are there from `beforeAll` on. */
interface Approvals {
  readonly administration: Administration;
  readonly desk: ApprovalDesk;
  /** Each test has a user of its own, so that what happens to one happens to nobody else. */
  readonly somebody: () => WaitingCaller;
}

/** An admin process, and the desks of those who approve, for all tests of a file. */
export function useApprovals(broker: ConformingBroker): Approvals {
  let running: Omit<Approvals, 'somebody'> | null = null;
  const there = (): Omit<Approvals, 'somebody'> => {
    if (running === null) throw new Error('approvers are there only inside tests');
    return running;
  };
  beforeAll(async () => {
    const administration = await startAdministration(broker.deployment);
    running = { administration, desk: await ApprovalDesk.open(administration) };
  }, 120_000);
  afterAll(() => running?.administration.stop());
  return {
    get administration() {
      return there().administration;
    },
    get desk() {
      return there().desk;
    },
    somebody: () => new WaitingCaller(broker.deployment, `buyer-${randomUUID()}`),
  };
}
