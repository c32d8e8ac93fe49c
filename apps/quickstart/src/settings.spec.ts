import { readSettings } from './settings.ts';

const DEFAULTS = { broker: 9400, admin: 9401, identityProvider: 9402, orders: 9403 };

describe('readSettings', () => {
  it.each<{
    name: string;
    args?: string[];
    environment?: Record<string, string>;
    ports?: object;
    folder?: string;
  }>([
    { name: 'has defaults for everything' },
    { name: 'takes a port from a flag', args: ['--broker-port', '9000'], ports: { broker: 9000 } },
    {
      name: 'takes a flag of several words',
      args: ['--identity-provider-port=9000'],
      ports: { identityProvider: 9000 },
    },
    {
      name: 'takes a port from the environment',
      environment: { ONCEKEY_QUICKSTART_PORT_IDENTITY_PROVIDER: '9000' },
      ports: { identityProvider: 9000 },
    },
    {
      name: 'lets a flag win over the environment',
      args: ['--orders-port', '9001'],
      environment: { ONCEKEY_QUICKSTART_PORT_ORDERS: '9000' },
      ports: { orders: 9001 },
    },
    { name: 'counts an empty variable as none', environment: { ONCEKEY_QUICKSTART_PORT_ADMIN: '' } },
    {
      name: 'takes the folder from the environment',
      environment: { ONCEKEY_QUICKSTART_DIR: '/x' },
      folder: '/x',
    },
    {
      name: 'takes the folder from a flag',
      args: ['--folder', '/y'],
      environment: { ONCEKEY_QUICKSTART_DIR: '/x' },
      folder: '/y',
    },
  ])('$name', ({ args = [], environment = {}, ports = {}, folder = '/default' }) => {
    expect(readSettings(args, environment, '/default')).toEqual({
      settings: { ports: { ...DEFAULTS, ...ports }, folder },
    });
  });

  it.each<{
    name: string;
    args?: string[];
    environment?: Record<string, string>;
    says: RegExp;
    exitCode?: number;
  }>([
    { name: 'refuses a port that is none', args: ['--broker-port', '0'], says: /--broker-port/ },
    { name: 'refuses a port beyond the last', args: ['--broker-port', '65536'], says: /1 to 65535/ },
    {
      name: 'refuses a word for a port',
      environment: { ONCEKEY_QUICKSTART_PORT_ORDERS: 'x' },
      says: /PORT_ORDERS must/,
    },
    { name: 'refuses one port for two', args: ['--orders-port', '9400'], says: /must differ/ },
    { name: 'refuses a flag that it does not know', args: ['--brokerport', '1'], says: /unknown option/ },
    { name: 'refuses words that mean nothing', args: ['now'], says: /too many arguments/ },
    { name: 'explains itself', args: ['--help'], says: /--identity-provider-port/, exitCode: 0 },
  ])('$name', ({ args = [], environment = {}, says, exitCode = 2 }) => {
    const read = readSettings(args, environment, '/default');
    expect(read).toEqual({ text: expect.stringMatching(says), exitCode });
  });
});
