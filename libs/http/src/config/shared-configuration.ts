import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { Switch, WholeNumber } from './from-text.ts';
import { FromEnvironment } from './variable.ts';
import { IsPostgresUrl } from './rules.ts';
import type { Configuration } from './read-configuration.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** What every process of ours reads. */
export class SharedConfiguration implements Configuration {
  @FromEnvironment({
    name: 'DATABASE_URL',
    means: 'the Postgres database, with user and password',
    secret: true,
  })
  @IsPostgresUrl()
  readonly databaseUrl: string;

  @FromEnvironment({
    name: 'ONCEKEY_HOST',
    means: 'address to listen on; 0.0.0.0 or :: for every interface',
    fallback: '127.0.0.1',
  })
  @Matches(/^[A-Za-z0-9.:_-]{1,253}$/, { message: 'must be an IP address or a host name' })
  readonly host: string;

  @FromEnvironment({
    name: 'ONCEKEY_POOL_SIZE',
    means: 'connections to the database that one process keeps',
    fallback: '16',
  })
  @WholeNumber()
  @IsInt({ message: 'must be a whole number' })
  @Min(2, { message: 'must be at least 2' })
  @Max(500, { message: 'must be at most 500' })
  readonly poolSize: number;

  @FromEnvironment({
    name: 'ONCEKEY_MIGRATE',
    means: 'auto: bring the schema up to date at start, one process at a time; off: somebody else does it',
    fallback: 'auto',
  })
  @IsIn(['auto', 'off'], { message: 'must be auto or off' })
  readonly migrate: 'auto' | 'off';

  @FromEnvironment({
    name: 'ONCEKEY_LOG_LEVEL',
    means: `the least important lines that are logged: ${LOG_LEVELS.join(', ')}`,
    fallback: 'info',
  })
  @IsIn(LOG_LEVELS, { message: `must be one of ${LOG_LEVELS.join(', ')}` })
  readonly logLevel: LogLevel;

  @FromEnvironment({
    name: 'ONCEKEY_DEVELOPMENT',
    means: 'true: allow plain http on loopback addresses for the issuer, identity providers and APIs',
    fallback: 'false',
  })
  @Switch()
  @IsBoolean({ message: 'must be true or false' })
  readonly development: boolean;

  @FromEnvironment({
    name: 'NODE_ENV',
    means: 'production: refuse every setting that is only fit for a quickstart',
  })
  @IsOptional()
  @IsString()
  readonly nodeEnv?: string;

  get isProduction(): boolean {
    return this.nodeEnv === 'production';
  }

  /** Values that must never be printed, in full or as a part. */
  get secrets(): readonly string[] {
    const { password } = new URL(this.databaseUrl);
    return [this.databaseUrl, password, decodeURIComponent(password)];
  }

  faults(): readonly string[] {
    return this.isProduction && this.development
      ? ['ONCEKEY_DEVELOPMENT must not be on where NODE_ENV is production']
      : [];
  }
}
