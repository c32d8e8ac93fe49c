import {
  approvePublication,
  approveRollback,
  diffReleases,
  type AdminCaller,
  type AdminTransaction,
  type FullRelease,
  type Publication,
  type PublishPorts,
  type ReleaseDocument,
  type RoleBinding,
} from '#core';
import { Inject, Injectable } from '@nestjs/common';
import { keptAnswer } from '../calls/answer-resource.ts';
import type { Changed } from '../calls/change-answer.ts';
import { digestOf } from '../calls/digest-of.ts';
import { PolicyLockout } from '../policy/lockout.ts';
import { POLICY_TOOLS, type PolicyTools } from '../policy/policy-tools.ts';
import { Rights } from '../policy/rights.ts';
import { renderHead } from './render-release.ts';

export interface PublishCall {
  readonly caller: AdminCaller;
  /** The number that the caller takes to be live. */
  readonly ifLive: number;
  readonly message: string;
  /** Path of the list of releases. */
  readonly location: string;
}

/** Makes a release live, inside the transaction that it was checked in. */
@Injectable()
export class Publishing {
  constructor(
    @Inject(POLICY_TOOLS) private readonly tools: PolicyTools,
    @Inject(Rights) private readonly rights: Rights,
    @Inject(PolicyLockout) private readonly lockout: PolicyLockout,
  ) {}

  /** The draft as it is now. Fails  as `approvePublication` */
  async publish(transaction: AdminTransaction, call: PublishCall): Promise<Changed> {
    const live = await transaction.lockLive();
    const draft = await transaction.lockDraft();
    const ports = this.ports(call.caller, live, await transaction.roleBindings());
    await approvePublication(ports, publicationOf(call, live), draft);
    return this.store(transaction, call, {
      live,
      document: draft.document,
      rollbackOf: null,
      settlesDraft: true,
    });
  }

  /** What an earlier release was. Fails  as `approveRollback` */
  async rollBack(transaction: AdminTransaction, call: PublishCall, earlier: FullRelease): Promise<Changed> {
    const live = await transaction.lockLive();
    const { document, number } = earlier;
    const ports = this.ports(call.caller, live, await transaction.roleBindings());
    await approveRollback(ports, publicationOf(call, live), document);
    return this.store(transaction, call, { live, document, rollbackOf: number, settlesDraft: false });
  }

  private ports(
    caller: AdminCaller,
    live: FullRelease | null,
    bindings: readonly RoleBinding[],
  ): PublishPorts {
    return {
      compile: (document) => this.tools.compile(0, document),
      touchesAdmin: (cedar) => this.tools.touchesAdmin(cedar),
      rights: this.rights.of(caller, live),
      keepsAdministration: (candidate) => this.lockout.isOpen(candidate, bindings, caller),
    };
  }

  private async store(
    transaction: AdminTransaction,
    { caller, message, location }: PublishCall,
    { live, ...release }: Settled,
  ): Promise<Changed> {
    const { document } = release;
    const head = await transaction.publish({ ...release, message });
    const act = {
      operation: caller.question.action,
      target: `releases/${head.number}`,
      before: live === null ? null : digestOf(live.document),
      after: digestOf(document),
    };
    return {
      acts: [act],
      answer: keptAnswer({
        status: 201,
        body: { ...renderHead(head), document, diff: diffReleases(live?.document ?? null, document) },
        version: String(head.number),
        location: `${location}/${head.number}`,
      }),
    };
  }
}

interface Settled {
  readonly live: FullRelease | null;
  readonly document: ReleaseDocument;
  readonly rollbackOf: number | null;
  readonly settlesDraft: boolean;
}

function publicationOf({ caller, ifLive }: PublishCall, live: FullRelease | null): Publication {
  return { live, ifLive, publisher: `${caller.issuer}|${caller.subject}` };
}
