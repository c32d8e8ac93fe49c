import { randomBytes } from 'node:crypto';
import { sha256, type AdminStore } from '#core';

const TTL_SECONDS = 900;

/**
 * Where nobody is security-admin yet, makes a code and shows it, once; only its hash is stored.
 *
 * The link goes to standard error as it is, past the log: it is for whoever started the process, and what collects the
 * structured log must not keep it.
 */
export async function offerFirstEnrolment(
  store: Pick<AdminStore, 'offerFirstEnrolment'>,
  adminUrl: string,
  print: (line: string) => void = (line) => void process.stderr.write(line),
): Promise<void> {
  const code = randomBytes(32).toString('base64url');
  const isOffered = await store.offerFirstEnrolment({ codeHash: sha256(code), ttlSeconds: TTL_SECONDS });
  if (!isOffered) return;
  const link = `${adminUrl}/enroll#${code}`;
  print(`no security-admin yet; for the next ${TTL_SECONDS / 60} minutes, once: oncekey enroll '${link}'\n`);
}
