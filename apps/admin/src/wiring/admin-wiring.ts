import { oncekeyDataSource, PostgresAdminStore } from '#postgres';
import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { AdminConfiguration } from '../config.ts';
import { POLICY_TOOLS } from '../policy/policy-tools.ts';
import { ADMIN_STATE, ADMIN_STORE, ENROL, PROVIDER_CHECK, TOKEN_GUARD, URI_RULES } from '../ports.ts';
import { AdminEngine } from './admin-engine.ts';
import { cedarPolicyTools } from './cedar-policy-tools.ts';
import { DatabaseState } from './database-state.ts';

/** The real things as a Nest module. The data source connects when the database is there. */
@Module({})
export class AdminWiring {
  static of(configuration: AdminConfiguration, log: Logger): DynamicModule {
    const dataSource = oncekeyDataSource({
      url: configuration.databaseUrl,
      poolSize: configuration.poolSize,
      applicationName: 'oncekey-admin',
      role: 'oncekey_admin',
      onIdleError: (error) => log.warn({ err: error }, 'an idle connection to the database broke'),
    });
    const store = new PostgresAdminStore(dataSource);
    const engine = new AdminEngine({ configuration, dataSource, store, log });
    const onConnected = (): Promise<void> => engine.onConnected();
    return {
      module: AdminWiring,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...dataSource.options, manualInitialization: true }),
          dataSourceFactory: async () => dataSource,
        }),
      ],
      providers: [
        { provide: AdminEngine, useValue: engine },
        {
          provide: ADMIN_STATE,
          inject: [DataSource],
          useFactory: (connected: DataSource) =>
            new DatabaseState(connected, { configuration, log, onConnected }),
        },
        { provide: ADMIN_STORE, useValue: store },
        { provide: TOKEN_GUARD, useValue: engine.guard },
        { provide: PROVIDER_CHECK, useValue: engine.providerCheck },
        { provide: URI_RULES, useValue: engine.rules },
        { provide: ENROL, useValue: engine.enrol },
        { provide: POLICY_TOOLS, useValue: cedarPolicyTools() },
      ],
      exports: [ADMIN_STATE, ADMIN_STORE, TOKEN_GUARD, PROVIDER_CHECK, URI_RULES, ENROL, POLICY_TOOLS],
    };
  }
}
