import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

/** What can be chosen about a quickstart. */
export interface QuickstartSettings {
  readonly ports: Ports;
  /** Private folder for `env.json` and the keys. */
  readonly folder: string;
}

export interface Ports {
  readonly broker: number;
  readonly admin: number;
  readonly identityProvider: number;
  readonly orders: number;
}

/** Each port: its default, how to choose another, and what it is in a sentence. */
export const PORTS = {
  broker: {
    default: 9400,
    flag: '--broker-port',
    variable: 'ONCEKEY_QUICKSTART_PORT_BROKER',
    is: 'the broker',
  },
  admin: {
    default: 9401,
    flag: '--admin-port',
    variable: 'ONCEKEY_QUICKSTART_PORT_ADMIN',
    is: 'the admin process',
  },
  identityProvider: {
    default: 9402,
    flag: '--identity-provider-port',
    variable: 'ONCEKEY_QUICKSTART_PORT_IDENTITY_PROVIDER',
    is: 'the toy identity provider',
  },
  orders: {
    default: 9403,
    flag: '--orders-port',
    variable: 'ONCEKEY_QUICKSTART_PORT_ORDERS',
    is: 'the toy Orders API',
  },
} as const satisfies Record<keyof Ports, { default: number; flag: string; variable: string; is: string }>;

export const PORT_NAMES = ['broker', 'admin', 'identityProvider', 'orders'] as const;

/** Settings, or a text and the exit code with which the process should end at once. */
export type ReadSettings =
  { readonly settings: QuickstartSettings } | { readonly text: string; readonly exitCode: number };

/** Reads the command line (without `node` and the script); what it does not say is taken from `environment`. */
export function readSettings(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  defaultFolder: string,
): ReadSettings {
  let text = '';
  const command = new Command('npm start --')
    .description(
      'Starts Oncekey with an embedded Postgres, a toy identity provider and a toy API, and tells its story.',
    )
    .addOption(
      new Option('--folder <path>', 'private folder for env.json and the keys')
        .env('ONCEKEY_QUICKSTART_DIR')
        .default(defaultFolder),
    )
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: (out) => (text += out), writeErr: (out) => (text += out) });
  for (const name of PORT_NAMES) {
    const { flag, variable, is, default: port } = PORTS[name];
    command.addOption(
      new Option(`${flag} <port>`, `port of ${is} (or ${variable})`).default(port).argParser(readPort),
    );
    const fromEnvironment = environment[variable];
    if (fromEnvironment !== undefined && fromEnvironment !== '') {
      try {
        command.setOptionValueWithSource(optionName(flag), readPort(fromEnvironment), 'env');
      } catch {
        return { text: `${variable} must be a port: a whole number from 1 to 65535\n`, exitCode: 2 };
      }
    }
  }
  const folder = environment['ONCEKEY_QUICKSTART_DIR'];
  if (folder !== undefined && folder !== '') command.setOptionValueWithSource('folder', folder, 'env');
  try {
    command.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { text, exitCode: error.exitCode === 0 ? 0 : 2 };
  }
  const options = command.opts<Record<string, unknown>>();
  const port = (name: keyof Ports): number => Number(options[optionName(PORTS[name].flag)]);
  const ports: Ports = {
    broker: port('broker'),
    admin: port('admin'),
    identityProvider: port('identityProvider'),
    orders: port('orders'),
  };
  if (new Set(Object.values(ports)).size !== PORT_NAMES.length) {
    return { text: 'the four ports must differ from each other\n', exitCode: 2 };
  }
  return { settings: { ports, folder: String(options['folder']) } };
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^[1-9][0-9]{0,4}$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError('a port is a whole number from 1 to 65535');
  }
  return port;
}

/** `--identity-provider-port` as commander names its value: `identityProviderPort`. */
function optionName(flag: string): string {
  return flag.slice(2).replaceAll(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());
}
