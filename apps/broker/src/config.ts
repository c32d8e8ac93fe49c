import { APPROVAL_SECONDS } from '#core';
import {
  AreNetworks,
  FromEnvironment,
  IsIssuer,
  List,
  readConfiguration,
  variablesOf,
  WholeNumber,
  type Environment,
} from '#http';
import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { LoadConfiguration } from './load-configuration.ts';

/**
 * The ledger uses three at a time, and somebody has to answer for the rest. So many stay open: whoever comes after a
 * pause does not wait for a server process to start.
 */
export const LEAST_POOL_SIZE = 4;

const PORT_RANGE = { message: 'must be a port from 0 to 65535' };

const APPROVAL_RANGE = {
  message: `must be a whole number from ${APPROVAL_SECONDS.least} to ${APPROVAL_SECONDS.most}`,
};

export class BrokerConfiguration extends LoadConfiguration {
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
    name: 'ONCEKEY_CLIENT_CERTIFICATE_PROXIES',
    means:
      'addresses and networks of proxies that end mutual TLS and set Client-Cert (RFC 9440), taking out what callers write there; nobody else is believed',
    fallback: '',
  })
  @List()
  @AreNetworks()
  readonly clientCertificateProxies: readonly string[];

  @FromEnvironment({
    name: 'ONCEKEY_MTLS_PORT',
    means: 'port on which the broker ends TLS itself and asks for client certificates; none when not set',
  })
  @IsOptional()
  @WholeNumber()
  @IsInt(PORT_RANGE)
  @Min(0, PORT_RANGE)
  @Max(65_535, PORT_RANGE)
  readonly mtlsPort?: number;

  @FromEnvironment({
    name: 'ONCEKEY_MTLS_CERTIFICATE_FILE',
    means: 'PEM file with the certificate of ONCEKEY_MTLS_PORT and its chain',
  })
  @IsOptional()
  @IsString()
  readonly mtlsCertificateFile?: string;

  @FromEnvironment({
    name: 'ONCEKEY_MTLS_KEY_FILE',
    means: 'PEM file with the private key of that certificate',
  })
  @IsOptional()
  @IsString()
  readonly mtlsKeyFile?: string;

  @FromEnvironment({
    name: 'ONCEKEY_MTLS_URL',
    means:
      'the public URL for clients with certificates, where it is another than ONCEKEY_ISSUER; goes into mtls_endpoint_aliases (RFC 8705)',
  })
  @IsOptional()
  @IsIssuer()
  readonly mtlsUrl?: string;

  @FromEnvironment({
    name: 'ONCEKEY_LEDGER_NAME',
    means: 'name of the ledger that spends the tokens of this broker; brokers with one ledger share it',
    fallback: 'main',
  })
  @Matches(/^[a-z][a-z0-9-]{0,31}$/, {
    message: 'must be 1 to 32 characters of a-z, 0-9 and -, a letter first',
  })
  readonly ledgerName: string;

  @FromEnvironment({
    name: 'ONCEKEY_LEDGER_URL',
    means:
      'Redis or Valkey on which tokens are spent, redis://[user:password@]host[:port][/database] or redis+cluster://[user:password@]host[:port],..., rediss for TLS; the database when not set',
    secret: true,
  })
  @IsOptional()
  @Matches(/^rediss?(?:\+cluster)?:\/\/\S+$/, {
    message: 'must be a redis, rediss, redis+cluster or rediss+cluster URL',
  })
  readonly ledgerUrl?: string;

  @FromEnvironment({
    name: 'ONCEKEY_APPROVAL_SECONDS',
    means: 'how long a request waits for its approval, and for its client to fetch the token; seconds',
    fallback: String(APPROVAL_SECONDS.default),
  })
  @WholeNumber()
  @IsInt(APPROVAL_RANGE)
  @Min(APPROVAL_SECONDS.least, APPROVAL_RANGE)
  @Max(APPROVAL_SECONDS.most, APPROVAL_RANGE)
  readonly approvalSeconds: number;

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
    return [...super.secrets, ...[this.kek, this.ledgerUrl].flatMap((secret) => secret ?? [])];
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
    return [...faults, ...this.mtlsFaults()];
  }

  private mtlsFaults(): readonly string[] {
    const own = [this.mtlsPort, this.mtlsCertificateFile, this.mtlsKeyFile];
    const faults: string[] = [];
    if (own.some((one) => one === undefined) && own.some((one) => one !== undefined)) {
      faults.push(
        'ONCEKEY_MTLS_PORT, ONCEKEY_MTLS_CERTIFICATE_FILE and ONCEKEY_MTLS_KEY_FILE belong together',
      );
    }
    if (this.mtlsUrl === undefined) return faults;
    if (!takesCertificates(this)) {
      faults.push('ONCEKEY_MTLS_URL is set, and nothing that certificates could arrive by');
    }
    if (new URL(this.mtlsUrl).pathname !== new URL(this.issuer).pathname) {
      faults.push('ONCEKEY_MTLS_URL must have the path of ONCEKEY_ISSUER');
    }
    if (this.mtlsUrl.startsWith('http:') && (this.isProduction || !this.development)) {
      faults.push('ONCEKEY_MTLS_URL must be an https URL; plain http is for ONCEKEY_DEVELOPMENT alone');
    }
    return faults;
  }
}

/** Is there a way for certificates of callers to get here? */
export function takesCertificates({
  clientCertificateProxies,
  mtlsPort,
}: Pick<BrokerConfiguration, 'clientCertificateProxies'> & {
  readonly mtlsPort?: number | undefined;
}): boolean {
  return clientCertificateProxies.length > 0 || mtlsPort !== undefined;
}

/** Every variable that the broker reads. */
export const CONFIGURATION = [...variablesOf(BrokerConfiguration).values()];

/** Fails  ConfigurationError */
export function readBrokerConfiguration(environment: Environment = process.env): BrokerConfiguration {
  return readConfiguration(BrokerConfiguration, environment);
}
