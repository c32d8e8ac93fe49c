import { Caller } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/** Story 1, I-12: one token, presented 200 times at once to two brokers. */
describe('double spend', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    const { url } = await freshDatabase();
    deployment = await deploy({ databaseUrl: url, brokers: 2 });
  }, 60_000);
  afterEach(() => expectServed(new Caller(deployment, 1)));
  afterAll(() => deployment.stop());

  it('story 1, I-12: honours a token exactly once, in each of 20 rounds of 200 parallel introspections over two brokers', async () => {
    const here = new Caller(deployment, 0);
    const there = new Caller(deployment, 1);
    for (let round = 0; round < 20; round++) {
      const token = await here.token();
      const proof = here.apiProof(token);
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, at) =>
          (at % 2 === 0 ? here : there).introspect(token, { dpop_proof: proof }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      expect(answers.filter(({ body }) => body['active'] === true)).toHaveLength(1);
      expect(answers.filter(({ text }) => text === '{"active":false}')).toHaveLength(199);
    }
  }, 120_000);

  it('C-10 takes an assertion exactly once over two brokers and both endpoints', async () => {
    const here = new Caller(deployment, 0);
    const there = new Caller(deployment, 1);
    await Promise.all([here.learnNonce(), there.learnNonce()]);
    const assertion = here.assertion();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        at % 2 === 0
          ? (at % 4 === 0 ? here : there).exchange({ client_assertion: assertion })
          : (at % 4 === 1 ? here : there).introspect('once_x', { client_assertion: assertion }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_client')).toHaveLength(49);
  });

  it('DP-14 takes a proof exactly once over two brokers', async () => {
    const here = new Caller(deployment, 0);
    const there = new Caller(deployment, 1);
    await Promise.all([here.learnNonce(), there.learnNonce()]);
    const proof = here.proof();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => (at % 2 === 0 ? here : there).exchange({}, proof)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_dpop_proof')).toHaveLength(49);
  });

  it('a token of one broker is spent at the other', async () => {
    const token = await new Caller(deployment, 0).token();
    const there = new Caller(deployment, 1);
    expect((await there.introspect(token, { dpop_proof: undefined })).text).toBe('{"active":false}');
  });
});
