import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { freshDatabase } from '../support/fresh-database.ts';

/** Two owners, each with a broker and its administration. */
let ours: Deployment;
let theirs: Deployment;
let ourCaller: Caller;
let ourAdmin: Administration;
let theirAdmin: Administration;

beforeAll(async () => {
  const [here, there] = await Promise.all([freshDatabase(), freshDatabase()]);
  ours = await deploy({ databaseUrl: here.url });
  theirs = await deploy({ databaseUrl: there.url });
  ourAdmin = await startAdministration(ours);
  theirAdmin = await startAdministration(theirs);
  ourCaller = new Caller(ours);
  await ourCaller.learnNonce();
}, 120_000);
afterAll(async () => {
  await ourAdmin?.stop();
  await theirAdmin?.stop();
  await ours?.stop();
  await theirs?.stop();
});

describe('B-03 with what the other owner’s audit log has', () => {
  it('an id finds nothing', async () => {
    const refused = await ourCaller.exchange({ resource: 'https://unknown.example/' });
    const id = refused.headers.get('oncekey-reason-id') ?? '';
    expect(id).not.toBe('');
    const found = async ({ admin }: Administration): Promise<unknown> =>
      (await admin.get(`/audit?reason_id=${id}`)).body;
    expect(await found(ourAdmin)).toMatchObject({ items: [{}] });
    expect(await found(theirAdmin)).toEqual({ items: [], next: null });
  });

  it('a cursor leads to nothing of it', async () => {
    const subject_token = ours.issuerServer.idToken({ sub: 'only-here' });
    for (const resource of ['https://one.example/', 'https://two.example/'])
      await ourCaller.exchange({ subject_token, resource });
    const ask = ({ admin }: Administration, rest: string): Promise<Answer> =>
      admin.get(`/audit?subject=only-here${rest}`);
    const { body } = await ask(ourAdmin, '&limit=1');
    const rest = `&cursor=${String(body['next'])}`;
    expect((await ask(ourAdmin, rest)).body['items']).toHaveLength(1);
    expect((await ask(theirAdmin, rest)).body).toEqual({ items: [], next: null });
  });
});
