import { openAccount, type AdminAccount, type AdminOptions } from '../administration/open-admin.ts';
import { BrokerAnswers } from '../doctor/broker-answers.ts';
import { checkAccount } from '../doctor/check-account.ts';
import { checkBroker } from '../doctor/check-broker.ts';
import { formatFindings, skipped } from '../doctor/finding.ts';
import { EXIT, Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

export interface DoctorOptions extends AdminOptions {
  readonly issuer?: string;
  readonly via?: string;
}

/** Names each fault of a running set-up that can be seen from here, with what to do. Out: 1 when there is one. */
export async function doctor(terminal: Terminal, options: DoctorOptions): Promise<number> {
  for (const url of [options.issuer, options.via]) {
    if (url !== undefined && !URL.canParse(url)) throw new Failure(`"${url}" is not a URL`, EXIT.usage);
  }
  const account: AdminAccount | null =
    options.issuer === undefined ? await openAccount(terminal, options) : null;
  const issuer = new URL(options.issuer ?? account?.issuer ?? '');
  const findings = [
    ...(await checkBroker(new BrokerAnswers(issuer, options.via))),
    ...(account === null
      ? [skipped('admin', 'with --issuer, only what anybody can see is looked at')]
      : await checkAccount(account.admin)),
  ];
  const isWell = findings.every(({ state }) => state !== 'failed');
  if (options.json === true)
    terminal.print(JSON.stringify({ issuer: issuer.href, passed: isWell, findings }));
  else for (const line of formatFindings(findings, terminal.colours)) terminal.print(line);
  return isWell ? EXIT.done : EXIT.refused;
}
