import {
  FromEnvironment,
  IsIssuer,
  readConfiguration,
  SharedConfiguration,
  variablesOf,
  WholeNumber,
  type Environment,
} from '#http';
import { IsInt, Max, Min } from 'class-validator';

const PORT_RANGE = { message: 'must be a port from 0 to 65535' };

export class AdminConfiguration extends SharedConfiguration {
  @FromEnvironment({ name: 'ONCEKEY_ADMIN_PORT', means: 'port of the admin process', fallback: '8081' })
  @WholeNumber()
  @IsInt(PORT_RANGE)
  @Min(0, PORT_RANGE)
  @Max(65_535, PORT_RANGE)
  readonly port: number;

  @FromEnvironment({
    name: 'ONCEKEY_ISSUER',
    means: 'the public URL of the broker, whose tokens the admin API takes',
  })
  @IsIssuer()
  readonly issuer: string;

  @FromEnvironment({
    name: 'ONCEKEY_ADMIN_URL',
    means: 'the public URL of the admin API, which names it in tokens; /admin/v1 lies below',
  })
  @IsIssuer()
  readonly adminUrl: string;

  override faults(): readonly string[] {
    const mayBePlain = this.development && !this.isProduction;
    const plain = [
      { name: 'ONCEKEY_ISSUER', url: this.issuer },
      { name: 'ONCEKEY_ADMIN_URL', url: this.adminUrl },
    ].filter(({ url }) => url.startsWith('http:') && !mayBePlain);
    return [
      ...super.faults(),
      ...plain.map(({ name }) => `${name} must be an https URL; plain http is for ONCEKEY_DEVELOPMENT alone`),
    ];
  }
}

/** Every variable that the admin process reads. */
export const CONFIGURATION = [...variablesOf(AdminConfiguration).values()];

/** Fails  ConfigurationError */
export function readAdminConfiguration(environment: Environment = process.env): AdminConfiguration {
  return readConfiguration(AdminConfiguration, environment);
}
