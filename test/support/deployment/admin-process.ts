import { eventually } from '../eventually.ts';
import { AdminCaller } from './admin-caller.ts';
import type { Deployment } from './deployment.ts';
import { freePort } from './free-port.ts';
import { NodeProcess } from './node-process.ts';
import { makeSigningKey } from './signing-key.ts';

const PATIENCE_MS = 20_000;

/** An admin process beside the brokers of a deployment, with its first admin. */
export interface Administration {
  /** The public URL of the admin API. */
  readonly url: string;
  readonly node: NodeProcess;
  /** Holds every role: `ada`, enrolled with the link that the process printed. */
  readonly admin: AdminCaller;
  /** Somebody else at the same client: `subject` of the deployment's identity provider. */
  readonly as: (subject: string) => AdminCaller;
  stop(): Promise<void>;
}

/** Starts an admin process, enrols the first admin, and waits until its calls are permitted. */
export async function startAdministration(
  deployment: Deployment,
  env: Readonly<Record<string, string>> = {},
): Promise<Administration> {
  const { node, url } = await startAdminProcess(deployment, env);
  const stop = async (): Promise<void> => void (await node.stop());
  const key = makeSigningKey();
  const as = (subject: string): AdminCaller => new AdminCaller(deployment, { url, key, subject });
  const admin = as('ada');
  try {
    const enrolled = await admin.enroll(await enrolmentCode(node));
    if (enrolled.status !== 201) throw new Error(`not enrolled: ${enrolled.text}`);
    await waitUntilPermitted(admin);
    return { url, node, admin, as, stop };
  } catch (error) {
    await stop();
    throw new Error(`the administration did not start: ${String(error)}\n${node.output}`, { cause: error });
  }
}

/** Resolves when it is ready. */
export async function startAdminProcess(
  deployment: Deployment,
  env: Readonly<Record<string, string>> = {},
): Promise<{ node: NodeProcess; url: string }> {
  const port = Number(env['ONCEKEY_ADMIN_PORT'] ?? (await freePort()));
  const url = `http://127.0.0.1:${port}`;
  const node = NodeProcess.start(['apps/admin/src/main.js'], {
    ...deployment.env,
    ONCEKEY_HOST: '127.0.0.1',
    ONCEKEY_ADMIN_PORT: String(port),
    ONCEKEY_ADMIN_URL: url,
    ...env,
  });
  try {
    await eventually(() => isReady(url), PATIENCE_MS);
  } catch (error) {
    await node.stop();
    throw new Error(`the admin process did not become ready\n${node.output}`, { cause: error });
  }
  return { node, url };
}

/** The code of the link that it prints once. */
export async function enrolmentCode(node: NodeProcess): Promise<string> {
  const code = (): string | undefined => /oncekey enroll '[^'#]*#([\w-]{43})'/.exec(node.output)?.[1];
  await eventually(() => code() !== undefined, PATIENCE_MS);
  return code() ?? '';
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}

/** Brokers hear of the enrolment a moment after it was answered. */
async function waitUntilPermitted(admin: AdminCaller): Promise<void> {
  let last = '';
  const isPermitted = async (): Promise<boolean> => {
    const { status, text } = await admin.exchange('GET', '/role-bindings');
    last = text;
    return status === 200;
  };
  await eventually(isPermitted, PATIENCE_MS).catch((error: unknown) => {
    throw new Error(`the broker says ${last}`, { cause: error });
  });
}
