import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IssuerServer } from '../support/deployment/issuer-server.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { runRecipe, type Recipe } from '../support/recipe.ts';

/** Platforms sign with RSA, and say nothing of users. */
async function platform(): Promise<IssuerServer> {
  const issuer = await IssuerServer.start();
  issuer.keys = [makeSigningKey('RS256')];
  return issuer;
}
const OF_USERS = { auth_time: undefined, groups: undefined };

describe('the recipe of a deployment job', () => {
  const claims = {
    ...OF_USERS,
    sub: 'repo:acme/shop:environment:production',
    repository_id: '1296269',
    repository_owner_id: '9919',
    environment: 'production',
  };
  let github: IssuerServer;
  let runner: Server;
  let recipe: Recipe;
  let job: object = claims;
  const asked: string[] = [];

  beforeAll(async () => {
    github = await platform();
    // What a runner of GitHub Actions offers to its job.
    runner = createServer(({ url = '', headers }, response) => {
      const audience = new URL(url, 'http://runner').searchParams.get('audience') ?? '';
      asked.push(`${headers.authorization} ${audience}`);
      response.end(JSON.stringify({ value: github.idToken({ ...job, aud: audience }) }));
    });
    await new Promise<void>((resolve) => runner.listen(0, '127.0.0.1', resolve));
    recipe = await runRecipe({
      folder: 'deployment-job',
      server: { clientId: 'deploy-api', resource: 'https://deploy.example' },
      places: { 'https://token.actions.githubusercontent.com': github.url },
    });
  }, 90_000);
  beforeEach(() => {
    asked.splice(0);
    job = claims;
  });
  afterAll(async () => {
    await recipe.stop();
    runner.close();
    await github.stop();
  });

  async function deploy(): Promise<[number | null, string]> {
    const { port } = runner.address() as AddressInfo;
    const running = await recipe.start('deploy.mjs', {
      ONCEKEY_ISSUER: recipe.issuer,
      DEPLOY_API: recipe.api,
      VERSION: '4f2c',
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-job',
    });
    return [await running.end(), running.output];
  }

  it('makes one call, with nothing but the word of its platform', async () => {
    expect(await deploy()).toEqual([0, '201 {"done":true}\n']);
    expect(recipe.served).toMatchObject([
      {
        body: '{"version":"4f2c"}',
        grant: { subject: claims.sub, clientId: 'shop-release', method: 'POST' },
      },
    ]);
    expect(asked.toSorted()).toEqual(
      [`Bearer of-the-job ${recipe.issuer}`, 'Bearer of-the-job shop-release'].toSorted(),
    );
  }, 60_000);

  it.each([
    { name: 'of a pull request', change: { environment: undefined }, says: 'invalid_client' },
    { name: 'of a repository that took the name', change: { repository_id: '7' }, says: 'invalid_client' },
    {
      name: 'of another environment',
      change: { sub: 'repo:acme/shop:environment:staging' },
      says: 'invalid_authorization_details',
    },
  ])(
    'makes none when the job is $name',
    async ({ change, says }) => {
      const before = recipe.served.length;
      job = { ...claims, ...change };
      const [code, output] = await deploy();
      expect([code, output]).toEqual([1, expect.stringContaining(says)]);
      expect(recipe.served).toHaveLength(before);
      job = claims;
      expect((await deploy())[0]).toBe(0);
    },
    60_000,
  );
});

describe('the recipe of a cron job', () => {
  const claims = {
    ...OF_USERS,
    sub: 'system:serviceaccount:finance:nightly',
    'kubernetes.io': { namespace: 'finance', serviceaccount: { name: 'nightly' } },
  };
  const tokens = mkdtempSync(join(tmpdir(), 'oncekey-projected-'));
  let cluster: IssuerServer;
  let recipe: Recipe;

  beforeAll(async () => {
    cluster = await platform();
    recipe = await runRecipe({
      folder: 'cron-job',
      server: { clientId: 'ledger-api', resource: 'https://ledger.example' },
      places: { 'https://oidc.cluster.example': cluster.url },
    });
  }, 90_000);
  afterAll(async () => {
    await recipe.stop();
    await cluster.stop();
    rmSync(tokens, { recursive: true, force: true });
  });

  async function run(change: object = {}): Promise<[number | null, string]> {
    const project = (name: string, audience: string): void =>
      writeFileSync(join(tokens, name), cluster.idToken({ ...claims, ...change, aud: [audience] }));
    project('client', recipe.issuer);
    project('subject', 'nightly');
    const running = await recipe.start('nightly.mjs', {
      ONCEKEY_ISSUER: recipe.issuer,
      LEDGER_API: recipe.api,
      TOKENS: tokens,
    });
    return [await running.end(), running.output];
  }

  it('makes its calls with the tokens that the cluster keeps in files, one token for each', async () => {
    expect(await run()).toEqual([0, 'sales 201\npurchases 201\n']);
    expect(recipe.served.map(({ grant }) => [grant.subject, new URL(grant.targetUri).pathname])).toEqual([
      [claims.sub, '/books/sales/close'],
      [claims.sub, '/books/purchases/close'],
    ]);
    expect(new Set(recipe.served.map(({ grant }) => grant.tokenId)).size).toBe(2);
  }, 60_000);

  it('makes none from another namespace', async () => {
    const before = recipe.served.length;
    const elsewhere = { 'kubernetes.io': { namespace: 'shop', serviceaccount: { name: 'nightly' } } };
    const [code, output] = await run(elsewhere);
    expect([code, output]).toEqual([1, expect.stringContaining('invalid_client')]);
    expect(recipe.served).toHaveLength(before);
  }, 60_000);
});
