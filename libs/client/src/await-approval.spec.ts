import { GRANTED } from '../test/stand-ins.ts';
import { readDeferral, type Deferral } from './approval.ts';
import { awaitApproval } from './await-approval.ts';
import type { BrokerAnswer } from './fetch-from-broker.ts';
import { OncekeyError } from './oncekey-error.ts';
import { canonicalTarget } from './target-uri.ts';

const target = canonicalTarget(new URL('https://api.example/orders/42/refund'))!;
const REQUEST = { method: 'POST', target, digest: null };

const answer = (status: number, json: BrokerAnswer['json'], headers = {}): BrokerAnswer => ({
  status,
  json,
  headers: new Headers(headers),
});
const refuses = (error: string, headers = {}): BrokerAnswer => answer(400, { error }, headers);

const PENDING = {
  error: 'authorization_pending',
  deferral_code: 'oncedefer_0123456789abcdef',
  expires_in: 600,
  interval: 5,
  binding_code: 'WDJB-MJHT',
};

type Asked = BrokerAnswer | Error | 'nonce';

/** Plays a broker that answers one question after the other, and notes when it was asked. */
function broker(answers: readonly Asked[]) {
  const asked: { afterMs: number; parameters: Record<string, string> }[] = [];
  const began = Date.now();
  const ask = async (parameters: Record<string, string>) => {
    const next = answers[asked.length] ?? answers.at(-1)!;
    asked.push({ afterMs: Date.now() - began, parameters });
    if (next instanceof Error) throw next;
    if (next === 'nonce') return { answer: refuses('use_dpop_nonce'), isNonceNew: true };
    return { answer: next, isNonceNew: false };
  };
  return { asked, ask };
}

function deferral(): Deferral {
  const read = readDeferral(answer(400, PENDING), REQUEST);
  if (read === null) throw new Error('no deferral');
  return read;
}

describe(awaitApproval.name, () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  async function outcomeOf(
    answers: readonly Asked[],
    { forMs = 60_000, signal = new AbortController().signal } = {},
  ) {
    const { asked, ask } = broker(answers);
    const outcome = awaitApproval(deferral(), ask, signal).then(
      ({ accessToken }) => accessToken,
      (failure: Error) => (failure instanceof OncekeyError ? failure.code : failure.name),
    );
    await jest.advanceTimersByTimeAsync(forMs);
    return { outcome: await outcome, seconds: asked.map(({ afterMs }) => afterMs / 1000), asked };
  }

  const unreachable = new OncekeyError('unreachable');
  const granted = answer(200, GRANTED);
  const pending = refuses('authorization_pending');

  it.each<[string, readonly Asked[], string, readonly number[]]>([
    ['asks at its interval, until it is approved', [pending, pending, granted], 'once_abc.def', [5, 10, 15]],
    [
      'is slower for good after each slow_down',
      [refuses('slow_down'), pending, refuses('slow_down'), granted],
      'once_abc.def',
      [5, 15, 25, 40],
    ],
    ['ends when somebody says no', [pending, refuses('access_denied'), granted], 'access_denied', [5, 10]],
    ['ends when it is too late', [refuses('expired_token'), granted], 'expired_token', [5]],
    ['ends when the code is no longer one', [refuses('invalid_grant'), granted], 'invalid_grant', [5]],
    [
      'goes on asking a broker that does not answer',
      [unreachable, new OncekeyError('timed_out'), granted],
      'once_abc.def',
      [5, 10, 15],
    ],
    [
      'leaves a broker alone for as long as it wants',
      [answer(503, null, { 'retry-after': '20' }), granted],
      'once_abc.def',
      [5, 25],
    ],
    ['asks at once with a nonce that was handed out', ['nonce', granted], 'once_abc.def', [5, 5]],
    ['gives up when the nonce is not taken either', ['nonce', 'nonce', granted], 'use_dpop_nonce', [5, 5]],
  ])('%s', async (_, answers, expected, seconds) => {
    const outcome = await outcomeOf(answers);
    expect([outcome.outcome, outcome.seconds]).toEqual([expected, seconds]);
  });

  it('asks with the code alone, each time the same', async () => {
    const { asked } = await outcomeOf([pending, granted]);
    const parameters = {
      grant_type: 'urn:ietf:params:oauth:grant-type:deferred',
      deferral_code: PENDING.deferral_code,
    };
    expect(asked.map((one) => one.parameters)).toEqual([parameters, parameters]);
  });

  it('ends by itself when nobody answers any more', async () => {
    const { outcome, seconds } = await outcomeOf([unreachable], { forMs: 700_000 });
    expect([outcome, seconds.at(-1)]).toEqual(['expired_token', 605]);
  });

  it('ends at once when its caller does not want to wait any longer', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException('enough', 'AbortError')), 7000);
    const { outcome, seconds } = await outcomeOf([pending], { signal: controller.signal, forMs: 7000 });
    expect([outcome, seconds]).toEqual(['AbortError', [5]]);
  });
});

describe(readDeferral.name, () => {
  it('tells people what waits and until when, and no secret', () => {
    jest.useFakeTimers({ now: 1_767_603_600_000 });
    expect(deferral().approval).toEqual({
      code: 'WDJB-MJHT',
      expiresAt: new Date(1_767_604_200_000),
      operation: { method: 'POST', url: target.href, contentDigest: null },
    });
    jest.useRealTimers();
  });

  it.each<[string, BrokerAnswer]>([
    ['a token', answer(200, GRANTED)],
    ['another refusal', refuses('invalid_authorization_details')],
    ['an answer that is no JSON', answer(400, null)],
  ])('takes %s for none', (_, other) => {
    expect(readDeferral(other, REQUEST)).toBeNull();
  });

  it.each<[string, object]>([
    ['no code', { deferral_code: undefined }],
    ['a code with a line break', { deferral_code: 'oncedefer_0123456789\nabcdef' }],
    ['no end', { expires_in: undefined }],
    ['an interval that is none', { interval: -1 }],
  ])('refuses %s', (_, change) => {
    expect(() => readDeferral(answer(400, { ...PENDING, ...change }), REQUEST)).toThrow(/unexpected_answer/);
  });

  it.each<[object, number]>([
    [{ interval: undefined }, 5],
    [{ interval: 0 }, 1],
    [{ interval: 1e9 }, 300],
  ])('keeps to an interval that does nobody harm: %j', (change, seconds) => {
    const read = readDeferral(answer(400, { ...PENDING, ...change }), REQUEST);
    expect(read?.intervalSeconds).toBe(seconds);
  });

  it('shows no code of letters that a terminal could mistake', () => {
    const read = readDeferral(answer(400, { ...PENDING, binding_code: '\u001b[2J' }), REQUEST);
    expect(read?.approval.code).toBeNull();
  });
});
