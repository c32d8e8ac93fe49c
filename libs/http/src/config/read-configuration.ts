import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { ConfigurationError } from './configuration-error.ts';
import { variablesOf } from './variable.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A class whose properties are read from variables, and which knows what must not be combined. */
export interface Configuration {
  /** Faults that no single variable shows. Asked only when each variable by itself is sound. */
  faults(): readonly string[];
}

/**
 * Reads a configuration from the environment. An empty variable counts as one that is not set.
 *
 * Fails  ConfigurationError with every fault at once
 */
export function readConfiguration<C extends Configuration>(type: new () => C, environment: Environment): C {
  const variables = variablesOf(type);
  const values: Record<string, string> = {};
  for (const [property, { name, fallback }] of variables) {
    const value = environment[name]?.trim() || fallback;
    if (value !== null) values[property] = value;
  }
  const configuration = plainToInstance(type, values);
  const errors = validateSync(configuration, { forbidUnknownValues: true, stopAtFirstError: true });
  const faults =
    errors.length > 0
      ? errors.map((error) => describe(error, variables.get(error.property)?.name ?? error.property))
      : configuration.faults();
  if (faults.length > 0) throw new ConfigurationError(faults);
  return configuration;
}

function describe({ constraints, value }: ValidationError, name: string): string {
  const [message = 'is not usable'] = Object.values(constraints ?? {});
  return value === undefined ? `${name} is not set: it ${message}` : `${name} ${message}`;
}
