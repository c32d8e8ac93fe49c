import { setTimeout as sleep } from 'node:timers/promises';
import { OncekeyError, type OneTimeToken } from '#client';
import { TRANSACTION_HEADER } from '../orders/transaction-header.ts';
import type { Act, Scene } from './act.ts';

const REFUND_CENTS = 100;

/** The seven acts, in order. What one leaves behind, the next one knows from here. */
export function theActs(): readonly Act[] {
  let used: OneTimeToken | null = null;
  return [
    {
      title: 'ada refunds order 42',
      ends: '200',
      expects: { status: 200, outcome: 'spent', reason: null },
      async play({ ada, refund }) {
        used = await ada.exchange(refund('42', REFUND_CENTS));
        return sceneOf(await ada.call(refund('42', REFUND_CENTS), used));
      },
    },
    {
      title: 'the same token again',
      ends: '401, replay noticed',
      expects: { status: 401, outcome: 'inactive', reason: 'token.already_spent' },
      async play({ ada, refund }) {
        if (used === null) throw new Error('there is no used token: the first act failed');
        return sceneOf(await ada.call(refund('42', REFUND_CENTS), used));
      },
    },
    {
      title: 'the token on another order',
      ends: '401',
      expects: { status: 401, outcome: 'inactive', reason: 'token.wrong_uri' },
      async play({ ada, refund }) {
        const token = await ada.exchange(refund('42', REFUND_CENTS));
        return sceneOf(await ada.call(refund('43', REFUND_CENTS), token));
      },
    },
    {
      title: 'with another body',
      ends: '401',
      expects: { status: 401, outcome: 'inactive', reason: 'token.wrong_digest' },
      async play({ ada, refund }) {
        const token = await ada.exchange(refund('42', REFUND_CENTS));
        return sceneOf(await ada.call(refund('42', REFUND_CENTS * 1000), token));
      },
    },
    {
      title: 'from another device key',
      ends: '401',
      expects: { status: 401, outcome: 'inactive', reason: 'token.proof_refused' },
      async play({ ada, adaElsewhere, refund }) {
        const token = await ada.exchange(refund('42', REFUND_CENTS));
        return sceneOf(await adaElsewhere.call(refund('42', REFUND_CENTS), token));
      },
    },
    {
      title: 'after it expired',
      ends: '401',
      expects: { status: 401, outcome: 'inactive', reason: 'token.expired' },
      async play(stage) {
        const token = await stage.ada.exchange(stage.export());
        // Expiry is counted in whole seconds.
        await sleep((token.expiresInSeconds + 1) * 1000);
        return sceneOf(await stage.ada.call(stage.export(), token));
      },
    },
    {
      title: 'bob, not in support',
      ends: 'denied by policy',
      expects: { status: 400, outcome: 'refused', reason: 'policy.denied' },
      async play({ bob, refund }) {
        try {
          return await sceneOf(await bob.fetch(refund('42', REFUND_CENTS)));
        } catch (error) {
          // The broker's own no: there was never a token, and the API was not called.
          if (error instanceof OncekeyError && error.status !== null) {
            return { status: error.status, auditId: error.reasonId };
          }
          throw error;
        }
      },
    },
  ];
}

async function sceneOf(response: Response): Promise<Scene> {
  await response.arrayBuffer();
  const { status, headers } = response;
  return { status, auditId: headers.get('oncekey-reason-id') ?? headers.get(TRANSACTION_HEADER) };
}
