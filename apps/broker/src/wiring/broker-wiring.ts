import { LEDGER_SESSION, oncekeyDataSource } from '#postgres';
import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { BROKER } from '../broker.ts';
import { LEAST_POOL_SIZE } from '../config.ts';
import { startEngine, type EngineParts } from './engine.ts';
import { StartingBroker } from './starting-broker.ts';

export interface BrokerWiringParts extends Omit<EngineParts, 'dataSource'> {
  /** Hears why the process can never be of use as it is configured. */
  readonly onHopeless: (error: unknown) => void;
}

/** The real broker as a Nest module. The data source is connected by the engine, which can wait for its database. */
@Module({})
export class BrokerWiring {
  static of(parts: BrokerWiringParts): DynamicModule {
    const { onHopeless, ...ofEngine } = parts;
    const { configuration, log } = ofEngine;
    const dataSource = oncekeyDataSource({
      url: configuration.databaseUrl,
      poolSize: configuration.poolSizeOfWorker,
      keptConnections: LEAST_POOL_SIZE,
      applicationName: 'oncekey-broker',
      role: 'oncekey_broker',
      settings: LEDGER_SESSION,
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
              start: () => startEngine({ dataSource: connected, ...ofEngine }),
              onHopeless,
              log,
            }),
        },
      ],
      exports: [BROKER],
    };
  }
}
