import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, closeAll, hangsUp, serve, showsAnErrorPage, type Seen } from '../../test/stand-ins.ts';
import { githubActionsToken } from './github-actions-token.ts';
import { tokenFromCommand } from './token-from-command.ts';
import { tokenFromFile } from './token-from-file.ts';
import { tokenFromVariable } from './token-from-variable.ts';

/** A JWT by its form, which ends in so many seconds. */
const jwt = (name: string, lastsSeconds = 3600): string => {
  const exp = Math.floor(Date.now() / 1000) + lastsSeconds;
  return `head.${Buffer.from(JSON.stringify({ name, exp })).toString('base64url')}.sig`;
};
const noToken = { code: 'no_token' };

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'oncekey-tokens-'))));
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await closeAll();
});

describe('tokenFromFile', () => {
  it('reads the file anew, however it was replaced', async () => {
    const path = join(folder, 'token');
    const source = tokenFromFile(path);
    const tokens = [jwt('first'), jwt('second'), jwt('third')];
    writeFileSync(path, `${tokens[0]}\n`);
    expect(await source()).toBe(tokens[0]);
    writeFileSync(path, tokens[1]!);
    expect(await source()).toBe(tokens[1]);
    writeFileSync(`${path}.new`, tokens[2]!);
    renameSync(`${path}.new`, path);
    expect(await source()).toBe(tokens[2]);
  });

  it.each([
    { name: 'something else', text: 'not a token' },
    { name: 'nothing', text: '' },
    { name: 'too much', text: `a.${'b'.repeat(20_000)}.c` },
    { name: 'two tokens', text: 'a.b.c\nd.e.f' },
  ])('does not take $name, and does not tell it', async ({ text }) => {
    const path = join(folder, 'token');
    writeFileSync(path, text);
    const failure: unknown = await Promise.resolve(tokenFromFile(path)()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ ...noToken, description: `${path} gave no JWT` });
    await expect(tokenFromFile(join(folder, 'none'))()).rejects.toMatchObject(noToken);
    writeFileSync(path, 'a.b.c');
    await expect(tokenFromFile(path)()).resolves.toBe('a.b.c');
  });
});

it('tokenFromVariable reads the variable when it is asked', () => {
  const env: Record<string, string> = {};
  const source = tokenFromVariable(env, 'ONCEKEY_ID_TOKEN');
  expect(source).toThrow(expect.objectContaining(noToken));
  env['ONCEKEY_ID_TOKEN'] = 'a.b.c';
  expect(source()).toBe('a.b.c');
});

describe('tokenFromCommand', () => {
  const script = (code: string): [string, string[]] => [process.execPath, ['-e', code]];

  it.each([
    { name: 'alone', print: (token: string) => token },
    {
      name: 'as spire-agent does',
      print: (svid: string) =>
        JSON.stringify([{ svids: [{ spiffe_id: 'spiffe://a/b', svid }] }, { bundles: {} }]),
    },
  ])('takes a token that is printed $name', async ({ print }) => {
    const token = jwt('svid');
    const source = tokenFromCommand(...script(`console.log(${JSON.stringify(print(token))})`));
    expect(await source()).toBe(token);
  });

  it.each([
    { name: 'fails', code: 'console.log("secret"); process.exit(3)' },
    { name: 'prints something else', code: 'console.log("secret")' },
    { name: 'prints a list of nothing', code: 'console.log("[]")' },
    { name: 'prints half a list', code: 'console.log("[{")' },
    { name: 'prints without end', code: 'console.log("s".repeat(1e6))' },
  ])('does not take a program that $name', async ({ code }) => {
    const failure: unknown = await Promise.resolve(tokenFromCommand(...script(code))()).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject(noToken);
    expect(String(failure)).not.toContain('secret');
    await expect(tokenFromCommand(join(folder, 'none'), [])()).rejects.toMatchObject(noToken);
  });

  it('runs it again only when the token ends within a minute', async () => {
    const count = join(folder, 'count');
    const printing = (token: string) =>
      tokenFromCommand(
        ...script(`require('fs').appendFileSync(${JSON.stringify(count)}, 'x'); console.log('${token}')`),
      );
    const lasting = printing(jwt('lasting'));
    const ending = printing(jwt('ending', 30));
    const runs = async (source: () => unknown): Promise<number> => {
      writeFileSync(count, '');
      await source();
      await source();
      return (await import('node:fs')).statSync(count).size;
    };
    expect([await runs(lasting), await runs(ending)]).toEqual([1, 2]);
  });
});

describe('githubActionsToken', () => {
  const BROKER = 'https://broker.example';

  async function platform(answer: Parameters<typeof serve>[0]) {
    const seen: Seen[] = [];
    const origin = await serve((request, response) => {
      seen.push(request);
      answer(request, response);
    });
    const env = {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
    };
    return { seen, env };
  }

  it('asks for the audience with the token of the job, and keeps what it gets', async () => {
    const token = jwt('job');
    const { seen, env } = await platform(answers(200, { count: 1, value: token }));
    const source = githubActionsToken(env, { audience: BROKER });
    expect([await source(), await source()]).toEqual([token, token]);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'GET',
      url: `/token?api-version=2.0&audience=${encodeURIComponent(BROKER)}`,
      headers: { authorization: 'Bearer request-token' },
    });
  });

  it.each([
    { name: 'an error', answer: showsAnErrorPage(403) },
    { name: 'something else', answer: answers(200, { value: 7 }) },
    { name: 'nothing', answer: hangsUp },
  ])('fails when GitHub answers with $name', async ({ answer }) => {
    const { env } = await platform(answer);
    await expect(githubActionsToken(env, { audience: BROKER })()).rejects.toMatchObject(noToken);
  });

  it.each([
    { name: 'outside of a job', change: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined } },
    { name: 'over a plain connection', change: { ACTIONS_ID_TOKEN_REQUEST_URL: 'http://github.example/' } },
  ])('asks nobody $name', async ({ change }) => {
    const { env, seen } = await platform(answers(200, { value: jwt('job') }));
    await expect(githubActionsToken({ ...env, ...change }, { audience: BROKER })()).rejects.toMatchObject(
      noToken,
    );
    expect(seen).toEqual([]);
    await expect(githubActionsToken(env, { audience: BROKER })()).resolves.toMatch(/^head\./);
  });
});
