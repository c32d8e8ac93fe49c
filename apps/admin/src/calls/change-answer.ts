import {
  AdminProblem,
  detailsOfDocument,
  NoSuchResource,
  REASON_ID_HEADER,
  ResourceConflict,
  VersionMoved,
  type AdminAct,
  type AdminCaller,
  type AdminReason,
  type AdminStore,
  type AdminTransaction,
  type ChangeResult,
  type IdempotentRequest,
  type KeptAnswer,
} from '#core';
import type { FastifyReply } from 'fastify';
import { sendAnswer } from './answer-resource.ts';
import { refusedAct } from './refused-act.ts';

/** One call that changes something. */
export interface ChangeCall {
  readonly caller: AdminCaller;
  /** Null: no key, or a method that is safe to repeat. */
  readonly idempotency: IdempotentRequest | null;
  /** What it is about, for the record of a refusal: `clients/desk`. */
  readonly target: string;
}

/** The acts of a call, and what it answers. */
export interface Changed {
  readonly acts: readonly AdminAct[];
  readonly answer: KeptAnswer;
}

/**
 * Does a change in one transaction and answers it; a request that came before gets the answer that it got then. What
 * was refused for want of a right is put on record.
 *
 * Fails  what `work` throws; admin.precondition_failed | admin.not_found | admin.exists | admin.referenced
 *        | admin.idempotency_conflict | admin.busy; Unavailable
 */
export async function changeAnswer(
  { store, reply }: { store: AdminStore; reply: FastifyReply },
  call: ChangeCall,
  work: (transaction: AdminTransaction) => Promise<Changed>,
): Promise<void> {
  const { caller, idempotency } = call;
  try {
    const result = await store.change<KeptAnswer>({
      caller,
      idempotency,
      work: async (transaction) => {
        const { acts, answer } = await work(transaction);
        return { outcome: answer, acts, answer };
      },
    });
    sendAnswer(reply, answerOf(result));
  } catch (thrown) {
    const problem = problemOf(thrown);
    if (problem instanceof AdminProblem && OF_CONSEQUENCE.has(problem.reason)) {
      const { reason, members } = problem;
      const detail = typeof members['right'] === 'string' ? members['right'] : null;
      const event = refusedAct({ caller, target: call.target, reason, detail });
      await store.recordRefusal(event);
      void reply.header(REASON_ID_HEADER, event.reasonId);
    }
    throw problem;
  }
}

/** Somebody wanted more than they may, or would have shut everybody out. */
const OF_CONSEQUENCE: ReadonlySet<AdminReason> = new Set([
  'admin.forbidden',
  'admin.own_rights',
  'admin.own_approval',
  'admin.not_approver',
  'admin.lockout',
  'admin.same_author',
] as const);

function answerOf(result: ChangeResult<KeptAnswer>): KeptAnswer {
  if ('done' in result) return result.done;
  if ('again' in result) return result.again;
  throw new AdminProblem(result.refused === 'busy' ? 'admin.busy' : 'admin.idempotency_conflict');
}

/** What the store throws, in the words of the API. */
export function problemOf(thrown: unknown): unknown {
  if (thrown instanceof VersionMoved) return new AdminProblem('admin.precondition_failed');
  if (thrown instanceof NoSuchResource) return new AdminProblem('admin.not_found');
  if (!(thrown instanceof ResourceConflict)) return thrown;
  return new AdminProblem(
    thrown.why === 'exists' ? 'admin.exists' : 'admin.referenced',
    detailsOfDocument(thrown.problems),
  );
}
