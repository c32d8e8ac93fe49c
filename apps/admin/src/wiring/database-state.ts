import { setTimeout as sleep } from 'node:timers/promises';
import { migrate } from '#postgres';
import { readinessOf, type Readiness } from '#http';
import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { AdminConfiguration } from '../config.ts';
import type { AdminState } from '../state.ts';

const RETRY_MS = 500;

/** A database that does not answer for this long is taken to be away. */
const PATIENCE_MS = 1_000;

/** Connects when the database is there, and asks it whenever somebody wants to know. */
export class DatabaseState
  implements AdminState, OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown
{
  private connecting: Promise<void> = Promise.resolve();
  private isStopping = false;
  private isConnected = false;
  private reported: string | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly options: {
      configuration: Pick<AdminConfiguration, 'databaseUrl' | 'migrate'>;
      log: Logger;
      /** What is to be done once the database is there; done again until it succeeds. */
      readonly onConnected: () => Promise<void>;
    },
  ) {}

  async readiness(): Promise<Readiness> {
    const database = (await this.answers()) ? 'ok' : 'unreachable';
    return readinessOf(this.isStopping ? { database, process: 'stopping' } : { database });
  }

  onApplicationBootstrap(): void {
    this.connecting = this.connect();
  }

  onModuleDestroy(): void {
    this.isStopping = true;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connecting;
  }

  private async answers(): Promise<boolean> {
    if (!this.isConnected) return false;
    const asked = this.dataSource.query('SELECT 1').then(
      () => true,
      (error: unknown) => {
        this.report(error);
        return false;
      },
    );
    return Promise.race([asked, sleep(PATIENCE_MS, false, { ref: false })]);
  }

  private async connect(): Promise<void> {
    const { configuration, log, onConnected } = this.options;
    while (!this.isStopping && !this.isConnected) {
      try {
        if (!this.dataSource.isInitialized) {
          if (configuration.migrate === 'auto') await migrate(configuration.databaseUrl);
          await this.dataSource.initialize();
        }
        await onConnected();
        this.isConnected = true;
        log.info('connected to the database');
      } catch (error) {
        this.report(error);
        await sleep(RETRY_MS);
      }
    }
  }

  /** Once per kind of trouble. */
  private report(error: unknown): void {
    const what = error instanceof Error ? `${error.name} ${error.message}` : String(error);
    if (what !== this.reported) this.options.log.warn({ err: error }, 'the database does not answer');
    this.reported = what;
  }
}
