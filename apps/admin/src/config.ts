import {
  FromEnvironment,
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
}

/** Every variable that the admin process reads. */
export const CONFIGURATION = [...variablesOf(AdminConfiguration).values()];

/** Fails  ConfigurationError */
export function readAdminConfiguration(environment: Environment = process.env): AdminConfiguration {
  return readConfiguration(AdminConfiguration, environment);
}
