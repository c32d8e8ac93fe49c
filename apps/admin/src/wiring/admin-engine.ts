import { NodeSignatureVerifier, GuardedFetch, RemoteIssuerKeys } from '#crypto';
import { enrol, type AdminStore, type UriRules } from '#core';
import { createGuard, type Guard } from '#resource-server';
import { announceAdminKey, poolOf } from '#postgres';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { AdminConfiguration } from '../config.ts';
import type { Enrol, ProviderCheck } from '../ports.ts';
import { makeAdminKey } from './admin-key.ts';
import { offerFirstEnrolment } from './first-enrolment.ts';
import { isOpenEnrolment } from './open-enrolments.ts';
import { providerCheck } from './provider-check.ts';

const CLIENT_ID = 'oncekey-admin';

/** A key that nobody announced for a while is forgotten by the broker. */
const ANNOUNCE_EVERY_MS = 5 * 60_000;

export interface AdminEngineParts {
  readonly configuration: AdminConfiguration;
  readonly dataSource: DataSource;
  readonly store: AdminStore;
  readonly log: Logger;
}

/** What the admin process does besides answering: it is a resource server with a key of its own. */
export class AdminEngine implements OnApplicationShutdown {
  readonly guard: Guard;
  readonly rules: UriRules;
  readonly providerCheck: ProviderCheck;
  readonly enrol: Enrol;
  private readonly key = makeAdminKey();
  private announcing: NodeJS.Timeout | null = null;

  constructor(private readonly parts: AdminEngineParts) {
    const { configuration, dataSource, store, log } = parts;
    const { issuer, adminUrl, development } = configuration;
    this.rules = { allowHttpLoopback: development };
    const { privateKey, kid } = this.key;
    this.guard = createGuard({
      issuer,
      resource: adminUrl,
      clientId: CLIENT_ID,
      privateKey,
      keyId: kid,
      metadata: false,
    });
    const fetchJson = new GuardedFetch(this.rules).json;
    this.providerCheck = providerCheck(fetchJson);
    const clock = { now: () => Date.now() };
    const onProblem = (what: string, cause: unknown): void =>
      log.warn(cause === null ? {} : { err: cause }, what);
    const ports = {
      clock,
      store,
      rules: this.rules,
      signatures: new NodeSignatureVerifier(),
      issuerKeys: new RemoteIssuerKeys({ fetchJson, clock, onProblem }),
      isOpen: (codeHash: Buffer) => isOpenEnrolment(dataSource, codeHash),
    };
    this.enrol = (request) => enrol(ports, request);
  }

  /** Fails  Unavailable: to be tried again */
  async onConnected(): Promise<void> {
    const { store, log, configuration } = this.parts;
    await this.announce();
    this.announcing ??= setInterval(() => {
      this.announce().catch((error: unknown) => log.warn({ err: error }, 'the key was not announced'));
    }, ANNOUNCE_EVERY_MS);
    await offerFirstEnrolment(store, configuration.adminUrl);
  }

  onApplicationShutdown(): void {
    if (this.announcing !== null) clearInterval(this.announcing);
    this.guard.close();
  }

  private async announce(): Promise<void> {
    const { kid, jwk } = this.key;
    const server = { resource: this.parts.configuration.adminUrl, clientId: CLIENT_ID };
    await announceAdminKey(poolOf(this.parts.dataSource), { kid, jwk, server });
  }
}
