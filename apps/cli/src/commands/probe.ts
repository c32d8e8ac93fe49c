import { openAccount, type AdminAccount, type AdminOptions } from '../administration/open-admin.ts';
import { EXIT, Failure } from '../failure.ts';
import type { GatewayProduct } from '../gateways/gateway-setups.ts';
import { driveProbe } from '../probe/drive-probe.ts';
import { findServer } from '../probe/find-server.ts';
import { formatProbe, hasPassed, probeDocument, type ProbeReport } from '../probe/format-probe.ts';
import { gatewayOf } from '../probe/gateway-product.ts';
import { ProbeCaller } from '../probe/probe-caller.ts';
import { newProbeName } from '../probe/probe-operation.ts';
import { ProbeSession } from '../probe/probe-session.ts';
import { findProber } from '../probe/prober.ts';
import { withRegisteredProbe } from '../probe/registered-probe.ts';
import { newDeviceKey, publicHalf } from '../profile/device-key.ts';
import type { Terminal } from '../terminal.ts';

export interface ProbeOptions extends AdminOptions {
  readonly via?: string;
  readonly gateway?: GatewayProduct;
}

/** Shows whether the gateway of an API lets in what it must, and nothing else. Out: 1 when it does not. */
export async function probe(terminal: Terminal, url: string, options: ProbeOptions): Promise<number> {
  const { via } = options;
  if (via !== undefined && !URL.canParse(via)) throw new Failure(`"${via}" is not a URL`, EXIT.usage);
  const account = await openAccount(terminal, options);
  const interrupted = new AbortController();
  const interrupt = (): void => {
    terminal.remark('the probe is being taken away again');
    interrupted.abort(new Failure('the probe was interrupted'));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  const report = await probed(account, url, { ...options, signal: interrupted.signal });
  if (options.json === true) terminal.print(JSON.stringify(probeDocument(report)));
  else for (const line of formatProbe(report, terminal.colours)) terminal.print(line);
  return hasPassed(report) ? EXIT.done : EXIT.refused;
}

async function probed(
  account: AdminAccount,
  url: string,
  { via, gateway, signal }: ProbeOptions & { signal: AbortSignal },
): Promise<ProbeReport> {
  const { admin, issuer, subjectToken } = account;
  const { id, resource, below, registration } = await findServer(admin, url);
  const { provider, ...prober } = await findProber(account);
  const name = newProbeName(Math.floor(Date.now() / 1000));
  const key = newDeviceKey();
  const scheme = registration.text('proof') === 'none' ? 'bearer' : 'dpop';
  const caller = new ProbeCaller({
    issuer,
    clientId: name,
    clientKey: key,
    subjectToken,
    resource,
    scheme,
    signal,
  });
  const session = new ProbeSession({
    admin,
    caller,
    scheme,
    url: `${resource.replace(/\/$/, '')}${below}/${name}`,
    via,
    signal,
  });
  const forwardAuth = registration.at('forward_auth');
  const passesBodies = forwardAuth.value === null || ['gateway', 'api'].includes(forwardAuth.text('body'));
  const operation = { name, api: id, path: `${below}/${name}`, ...prober };
  const { rows, headers } = await withRegisteredProbe(
    admin,
    { operation, publicKey: publicHalf(key), provider },
    () => driveProbe(session, { passesBodies }),
  );
  return { url, server: id, gateway: gateway ?? gatewayOf(headers, registration), rows };
}
