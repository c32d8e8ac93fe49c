import { readFileSync } from 'node:fs';
import { readKek, type Kek } from '#crypto';
import { ConfigurationError } from '#http';
import type { BrokerConfiguration } from '../config.ts';

export interface ConfiguredKek {
  readonly kek: Kek;
  /** As it was given: a secret, for the log to leave out. */
  readonly text: string;
}

/** Fails  ConfigurationError when the file, or the key in it, cannot be used here */
export function configuredKek(configuration: BrokerConfiguration): ConfiguredKek {
  const name = configuration.kek === undefined ? 'ONCEKEY_KEK_FILE' : 'ONCEKEY_KEK';
  const text = configuration.kek ?? readFile(configuration.kekFile ?? '');
  const kek = parse(text, name);
  if (configuration.isProduction && kek.generatedByQuickstart) {
    throw new ConfigurationError([
      `${name} holds a key that a quickstart generated, which NODE_ENV=production refuses; make another with: openssl rand -base64 32`,
    ]);
  }
  return { kek, text: text.trim() };
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), 'code');
    throw new ConfigurationError([
      `ONCEKEY_KEK_FILE cannot be read: ${typeof code === 'string' ? code : 'no file'}`,
    ]);
  }
}

function parse(text: string, name: string): Kek {
  try {
    return readKek(text);
  } catch (error) {
    throw new ConfigurationError([`${name}: ${error instanceof Error ? error.message : 'not usable'}`]);
  }
}
