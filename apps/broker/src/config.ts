import {
  AreNetworks,
  FromEnvironment,
  IsIssuer,
  List,
  readConfiguration,
  SharedConfiguration,
  variablesOf,
  WholeNumber,
  type Environment,
} from '#http';
import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';

/** The ledger uses three at a time, and somebody has to answer for the rest. */
const LEAST_POOL_SIZE = 4;

const PORT_RANGE = { message: 'must be a port from 0 to 65535' };

export class BrokerConfiguration extends SharedConfiguration {
  @FromEnvironment({
    name: 'ONCEKEY_ISSUER',
    means: 'the public URL of the broker, which names it in tokens and metadata',
  })
  @IsIssuer()
  readonly issuer: string;

  @FromEnvironment({ name: 'ONCEKEY_PORT', means: 'port of the broker', fallback: '8080' })
  @WholeNumber()
  @IsInt(PORT_RANGE)
  @Min(0, PORT_RANGE)
  @Max(65_535, PORT_RANGE)
  readonly port: number;

  @FromEnvironment({
    name: 'ONCEKEY_KEK',
    means: 'the key-encryption key: 32 random bytes in base64; this or ONCEKEY_KEK_FILE',
    secret: true,
  })
  @IsOptional()
  @IsString()
  readonly kek?: string;

  @FromEnvironment({
    name: 'ONCEKEY_KEK_FILE',
    means: 'a file that holds the key-encryption key; this or ONCEKEY_KEK',
  })
  @IsOptional()
  @IsString()
  readonly kekFile?: string;

  @FromEnvironment({
    name: 'ONCEKEY_TRUSTED_PROXIES',
    means: 'addresses and networks of proxies whose X-Forwarded-For is believed, separated by commas',
    fallback: '',
  })
  @List()
  @AreNetworks()
  readonly trustedProxies: readonly string[];

  @FromEnvironment({
    name: 'ONCEKEY_LEDGER_NAME',
    means: 'name of the ledger that spends the tokens of this broker; brokers of one database share it',
    fallback: 'main',
  })
  @Matches(/^[a-z][a-z0-9-]{0,31}$/, {
    message: 'must be 1 to 32 characters of a-z, 0-9 and -, a letter first',
  })
  readonly ledgerName: string;

  @FromEnvironment({
    name: 'ONCEKEY_WORKERS',
    means: 'processes that share the port; one for each core, when the database has cores of its own',
    fallback: '1',
  })
  @WholeNumber()
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(64, { message: 'must be at most 64' })
  readonly workers: number;

  @FromEnvironment({
    name: 'ONCEKEY_METRICS_PORT',
    means: 'port of GET /metrics, on the same address, for all workers; not served when it is not set',
  })
  @IsOptional()
  @WholeNumber()
  @IsInt(PORT_RANGE)
  @Min(0, PORT_RANGE)
  @Max(65_535, PORT_RANGE)
  readonly metricsPort?: number;

  /** The connections of a process are shared among its workers; with fewer than these one cannot work. */
  get poolSizeOfWorker(): number {
    return Math.max(Math.floor(this.poolSize / this.workers), LEAST_POOL_SIZE);
  }

  override get secrets(): readonly string[] {
    return [...super.secrets, ...(this.kek === undefined ? [] : [this.kek])];
  }

  override faults(): readonly string[] {
    const faults = [...super.faults()];
    if (this.kek === undefined && this.kekFile === undefined) {
      faults.push('ONCEKEY_KEK and ONCEKEY_KEK_FILE are not set: one of them must be');
    }
    if (this.kek !== undefined && this.kekFile !== undefined) {
      faults.push('ONCEKEY_KEK and ONCEKEY_KEK_FILE are both set: only one of them may be');
    }
    if (this.issuer.startsWith('http:') && (this.isProduction || !this.development)) {
      faults.push('ONCEKEY_ISSUER must be an https URL; plain http is for ONCEKEY_DEVELOPMENT alone');
    }
    return faults;
  }
}

/** Every variable that the broker reads. */
export const CONFIGURATION = [...variablesOf(BrokerConfiguration).values()];

/** Fails  ConfigurationError */
export function readBrokerConfiguration(environment: Environment = process.env): BrokerConfiguration {
  return readConfiguration(BrokerConfiguration, environment);
}
