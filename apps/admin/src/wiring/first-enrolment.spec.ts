import { sha256 } from '#core';
import { offerFirstEnrolment } from './first-enrolment.ts';

async function offered(isTaken: boolean): Promise<{ lines: string[]; hashes: Buffer[] }> {
  const lines: string[] = [];
  const hashes: Buffer[] = [];
  const store = {
    offerFirstEnrolment: async ({ codeHash, ttlSeconds }: { codeHash: Buffer; ttlSeconds: number }) => {
      expect(ttlSeconds).toBe(900);
      hashes.push(codeHash);
      return isTaken;
    },
  };
  await offerFirstEnrolment(store, 'https://admin.example', (line) => void lines.push(line));
  return { lines, hashes };
}

it('prints the link whose code the database knows by its hash', async () => {
  const { lines, hashes } = await offered(true);
  const shown =
    /^no security-admin yet; for the next 15 minutes, once: oncekey enroll 'https:\/\/admin\.example\/enroll#([\w-]{43})'\n$/;
  expect(lines).toEqual([expect.stringMatching(shown)]);
  expect(hashes).toEqual([sha256(shown.exec(lines[0] ?? '')?.[1] ?? '')]);
});

it('prints nothing where somebody is there, or another code is open', async () => {
  expect((await offered(false)).lines).toEqual([]);
});
