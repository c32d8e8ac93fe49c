import { eventually } from '../eventually.ts';
import type { AdminCaller } from './admin-caller.ts';
import type { Administration } from './admin-process.ts';
import type { Answer } from './caller.ts';

const PATIENCE_MS = 10_000;

/** One request that waits, as the admin API shows it. */
export type Waiting = Readonly<Record<string, unknown>> & { readonly id: string };

/** Where people decide: everybody in the group `leads` has the role `approver`. */
export class ApprovalDesk {
  private constructor(readonly administration: Administration) {}

  /** Binds the role, and waits until brokers know. */
  static async open(administration: Administration): Promise<ApprovalDesk> {
    const bound = await administration.admin.post('/role-bindings', {
      id: 'leads-approve',
      role: 'approver',
      group: 'leads',
    });
    if (bound.status !== 201) throw new Error(`the role was not bound: ${bound.text}`);
    const desk = new ApprovalDesk(administration);
    const isKnown = async (): Promise<boolean> => {
      const claims = { groups: ['leads'] };
      return (await administration.as('grace').exchange('GET', '/approvals', { claims })).status === 200;
    };
    await eventually(isKnown, PATIENCE_MS);
    return desk;
  }

  /** Makes a call as somebody of these groups. */
  call(
    who: AdminCaller | string,
    method: string,
    path: string,
    { body, groups = ['leads'] }: { body?: unknown; groups?: readonly string[] } = {},
  ): Promise<Answer> {
    const caller = typeof who === 'string' ? this.administration.as(who) : who;
    return caller.call(method, path, { ...(body === undefined ? {} : { body }), claims: { groups } });
  }

  async list(who = 'grace', groups: readonly string[] = ['leads']): Promise<readonly Waiting[]> {
    const { body } = await this.call(who, 'GET', '/approvals', { groups });
    return body['items'] as readonly Waiting[];
  }

  /** What waits under this code. Fails when it is not on the list. */
  async find(bindingCode: unknown, who = 'grace', groups: readonly string[] = ['leads']): Promise<Waiting> {
    const found = (await this.list(who, groups)).find((one) => one['binding_code'] === bindingCode);
    if (found === undefined) throw new Error(`nothing waits under ${String(bindingCode)}`);
    return found;
  }

  approve(
    { id, operation_hash }: Waiting,
    who: AdminCaller | string = 'grace',
    groups: readonly string[] = ['leads'],
  ): Promise<Answer> {
    return this.call(who, 'POST', `/approvals/${id}/approve`, { body: { operation_hash }, groups });
  }

  deny(
    { id }: Waiting,
    who: AdminCaller | string = 'grace',
    groups: readonly string[] = ['leads'],
  ): Promise<Answer> {
    return this.call(who, 'POST', `/approvals/${id}/deny`, { body: {}, groups });
  }

  /** Finds and approves. Fails when it is refused. */
  async approveCode(bindingCode: unknown, who = 'grace'): Promise<Waiting> {
    const waiting = await this.find(bindingCode, who);
    const { status, text } = await this.approve(waiting, who);
    if (status !== 200) throw new Error(`not approved: ${text}`);
    return waiting;
  }
}
