import { oncekeyDataSource } from '#postgres';
import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { AdminConfiguration } from '../config.ts';
import { ADMIN_STATE } from '../state.ts';
import { DatabaseState } from './database-state.ts';

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
    return {
      module: AdminWiring,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...dataSource.options, manualInitialization: true }),
          dataSourceFactory: async () => dataSource,
        }),
      ],
      providers: [
        {
          provide: ADMIN_STATE,
          inject: [DataSource],
          useFactory: (connected: DataSource) => new DatabaseState(connected, { configuration, log }),
        },
      ],
      exports: [ADMIN_STATE],
    };
  }
}
