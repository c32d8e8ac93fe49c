import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { CONFIGURATION as ADMIN, readAdminConfiguration } from '../apps/admin/src/config.ts';
import { CONFIGURATION as BROKER, readBrokerConfiguration } from '../apps/broker/src/config.ts';

interface Service {
  readonly build?: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: readonly string[];
  readonly secrets?: readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

const text = readFileSync('docker-compose.yml', 'utf8');
const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };
const dockerfile = readFileSync('Dockerfile', 'utf8');

/** The last stage: what runs. */
const image = dockerfile.slice(dockerfile.lastIndexOf('\nFROM ') + 1);
const imageEnvironment = Object.fromEntries(
  [...image.matchAll(/^ENV (\w+)=(\S+)$/gm)].map(([, name = '', value = '']) => [name, value]),
);

/** What an operator exports before the first start, as the comment on top of the file says. */
const EXPORTED: Record<string, string> = {
  ONCEKEY_ISSUER: 'https://broker.example',
  ONCEKEY_ADMIN_URL: 'https://admin.example',
  POSTGRES_PASSWORD: '0123456789abcdef',
};

function environmentOf({ environment }: Service): Record<string, string> {
  const filledIn = Object.entries(environment).map(([name, value]) => [
    name,
    value.replaceAll(/\$\{(\w+)(?::\?[^}]*)?\}/g, (_, variable: string) => EXPORTED[variable] ?? ''),
  ]);
  return { ...imageEnvironment, ...(Object.fromEntries(filledIn) as Record<string, string>) };
}

const OURS = [
  { name: 'broker', table: BROKER, read: readBrokerConfiguration, entry: 'apps/broker/src/main' },
  { name: 'admin', table: ADMIN, read: readAdminConfiguration, entry: 'apps/admin/src/main' },
] as const;

function serviceOf(name: string): Service {
  const service = services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return service;
}

describe.each(OURS)('the $name of docker-compose.yml', ({ name, table, read, entry }) => {
  const service = serviceOf(name);
  const environment = environmentOf(service);

  it('sets no variable that its process does not read', () => {
    const known = table.map((variable) => variable.name);
    expect(Object.keys(environment).filter((variable) => !known.includes(variable))).toEqual([]);
  });

  it('sets every variable that its process needs, for production', () => {
    const configuration = read(environment);
    expect(configuration.isProduction).toBe(true);
    expect(configuration.host).toBe('0.0.0.0');
    expect(configuration.databaseUrl).toBe('postgres://oncekey:0123456789abcdef@postgres:5432/oncekey');
  });

  it('asks its own process on its own port whether it is ready', () => {
    const { port } = read(environment);
    expect(service.healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${port}/readyz`);
    expect(service.ports).toEqual([`127.0.0.1:${port}:${port}`]);
    expect(image).toMatch(new RegExp(`^EXPOSE .*\\b${port}\\b`, 'm'));
  });

  it('runs a program that is there', () => {
    const command = service.command ?? (JSON.parse(/^CMD (.*)$/m.exec(image)?.[1] ?? '[]') as string[]);
    expect(command).toEqual(['node', `dist/${entry}.js`]);
    expect(existsSync(`${entry}.ts`)).toBe(true);
  });

  it('runs without rights: no root, no capabilities, nothing to write to', () => {
    expect(service.user).toBe('node');
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
  });

  it('has the key-encryption key only where it is read', () => {
    const readsKey = table.some((variable) => variable.name === 'ONCEKEY_KEK_FILE');
    expect(service.secrets ?? []).toEqual(readsKey ? ['kek'] : []);
    if (readsKey) expect(environment['ONCEKEY_KEK_FILE']).toBe('/run/secrets/kek');
  });
});

describe('docker-compose.yml and the Dockerfile', () => {
  it('hold no secret: passwords come from outside, and start fails without them', () => {
    expect(services['postgres']?.environment['POSTGRES_PASSWORD']).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
    expect(text).not.toMatch(/ONCEKEY_KEK:/);
    expect(dockerfile).not.toMatch(/ONCEKEY_KEK|DATABASE_URL/);
  });

  it('watch every service', () => {
    expect(Object.keys(services).filter((name) => services[name]?.healthcheck === undefined)).toEqual([]);
  });

  it('name only services of the file, and no image without a version', () => {
    expect(Object.keys(services).sort()).toEqual(['admin', 'broker', 'postgres']);
    expect(services['postgres']?.image).toMatch(/^postgres:[0-9]+/);
    for (const from of dockerfile.match(/^FROM .*$/gm) ?? []) expect(from).toMatch(/^FROM node:[0-9]+-slim/);
  });

  it('build an image for production that is not root', () => {
    expect(imageEnvironment).toEqual({ NODE_ENV: 'production' });
    expect(image).toMatch(/^USER node$/m);
    expect(image.indexOf('USER node')).toBeLessThan(image.indexOf('CMD '));
  });
});
