import type { Kek } from '#crypto';
import type { ProcessMetrics } from '#http';
import { oncekeyDataSource } from '#postgres';
import type { RedisAddress } from '#redis';
import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { BROKER } from '../broker.ts';
import { LEAST_POOL_SIZE, type BrokerConfiguration } from '../config.ts';
import { startEngine } from './engine.ts';
import { StartingBroker } from './starting-broker.ts';

export interface BrokerWiringParts {
  readonly configuration: BrokerConfiguration;
  readonly kek: Kek;
  /** Where tokens are spent; null: in the database. */
  readonly redis: RedisAddress | null;
  readonly log: Logger;
  readonly metrics: ProcessMetrics;
  /** Hears why the process can never be of use as it is configured. */
  readonly onHopeless: (error: unknown) => void;
}

/** The real broker as a Nest module. The data source is connected by the engine, which can wait for its database. */
@Module({})
export class BrokerWiring {
  static of({ configuration, kek, redis, log, metrics, onHopeless }: BrokerWiringParts): DynamicModule {
    const dataSource = oncekeyDataSource({
      url: configuration.databaseUrl,
      poolSize: configuration.poolSizeOfWorker,
      keptConnections: LEAST_POOL_SIZE,
      applicationName: 'oncekey-broker',
      role: 'oncekey_broker',
      onIdleError: (error) => log.warn({ err: error }, 'an idle connection to the database broke'),
    });
    return {
      module: BrokerWiring,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...dataSource.options, manualInitialization: true }),
          dataSourceFactory: async () => dataSource,
        }),
      ],
      providers: [
        {
          provide: BROKER,
          inject: [DataSource],
          useFactory: (connected: DataSource) =>
            new StartingBroker({
              start: () => startEngine({ configuration, kek, redis, dataSource: connected, log, metrics }),
              onHopeless,
              log,
            }),
        },
      ],
      exports: [BROKER],
    };
  }
}
