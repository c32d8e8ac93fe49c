import { clientIp, peerIp } from './client-ip.ts';
import { readNetwork, TrustedProxies } from './trusted-proxies.ts';

type Case = { name: string; peer?: string; forwarded?: string[]; proxies?: string[]; expect: string | null };

const PROXIES = ['10.0.0.0/8', '192.0.2.1', 'fd00::/8'];

describe(clientIp.name, () => {
  it.each<Case>([
    { name: 'is the peer', peer: '203.0.113.5', expect: '203.0.113.5' },
    { name: 'shows IPv4 as IPv4', peer: '::ffff:203.0.113.5', expect: '203.0.113.5' },
    { name: 'names no zone', peer: 'fe80::1%eth0', expect: 'fe80::1' },
    { name: 'is unknown without a peer', expect: null },
    {
      name: 'does not believe a peer that is no proxy',
      peer: '203.0.113.5',
      forwarded: ['1.1.1.1'],
      expect: '203.0.113.5',
    },
    {
      name: 'believes nobody where none is configured',
      peer: '10.0.0.1',
      forwarded: ['1.1.1.1'],
      proxies: [],
      expect: '10.0.0.1',
    },
    { name: 'takes what a proxy says', peer: '10.0.0.1', forwarded: ['1.1.1.1'], expect: '1.1.1.1' },
    {
      name: 'takes the last, not what a stranger wrote before',
      peer: '10.0.0.1',
      forwarded: ['6.6.6.6, 1.1.1.1'],
      expect: '1.1.1.1',
    },
    {
      name: 'steps over further proxies of ours',
      peer: '10.0.0.1',
      forwarded: ['1.1.1.1, 192.0.2.1, 10.2.3.4'],
      expect: '1.1.1.1',
    },
    {
      name: 'reads several fields in order',
      peer: '10.0.0.1',
      forwarded: ['6.6.6.6', '1.1.1.1'],
      expect: '1.1.1.1',
    },
    {
      name: 'is the farthest proxy where all are ours',
      peer: '10.0.0.1',
      forwarded: ['10.0.0.3, 10.0.0.2'],
      expect: '10.0.0.3',
    },
    { name: 'is the proxy where it names nobody', peer: '10.0.0.1', forwarded: [], expect: '10.0.0.1' },
    {
      name: 'is unknown where a proxy of ours says nonsense',
      peer: '10.0.0.1',
      forwarded: ['1.1.1.1, unknown'],
      expect: null,
    },
    { name: 'is unknown for an empty entry', peer: '10.0.0.1', forwarded: ['1.1.1.1,'], expect: null },
    { name: 'drops a port', peer: '10.0.0.1', forwarded: ['1.1.1.1:4711'], expect: '1.1.1.1' },
    {
      name: 'drops a port of IPv6',
      peer: 'fd00::1',
      forwarded: ['[2001:DB8::1]:4711'],
      expect: '2001:db8::1',
    },
    {
      name: 'knows a proxy dressed as IPv6',
      peer: '::ffff:10.0.0.1',
      forwarded: ['1.1.1.1'],
      expect: '1.1.1.1',
    },
  ])('$name', ({ peer, forwarded = [], proxies = PROXIES, expect: expected }) => {
    const trusted = new TrustedProxies(proxies.flatMap((one) => readNetwork(one) ?? []));
    expect(clientIp(peer, () => forwarded, trusted)).toBe(expected);
  });
});

describe(readNetwork.name, () => {
  it.each([
    '',
    'proxy',
    '10.0.0',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '0.0.0.0/0',
    '128.0.0.0/1',
    '10.0.0.0/7',
    '::/0',
    '8000::/1',
    'fc00::/6',
    '::ffff:0:0/96',
    '::ffff:0:0/95',
    '::fffe:0:0/95',
    '::/64',
    '::ffff:10.0.0.0/103',
  ])('refuses %p', (text) => {
    expect(readNetwork(text)).toBeNull();
  });

  it.each(['10.0.0.0/8', '10.0.0.7', 'fc00::/7', '::1', '::ffff:10.0.0.0/104', '64:ff9b::/96'])(
    'takes %p',
    (text) => {
      expect(readNetwork(text)).not.toBeNull();
    },
  );
});

describe(peerIp.name, () => {
  const proxies = new TrustedProxies(PROXIES.flatMap((one) => readNetwork(one) ?? []));

  it.each<[string | undefined, string | null]>([
    ['203.0.113.5', '203.0.113.5'],
    ['::ffff:203.0.113.5', '203.0.113.5'],
    ['10.0.0.1', null],
    ['::ffff:10.0.0.1', null],
    ['fd00::1', null],
    [undefined, null],
  ])('of %s is %s: never whom a shared proxy passes on', (peer, expected) => {
    expect(peerIp(peer, proxies)).toBe(expected);
  });
});
