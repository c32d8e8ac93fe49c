import { isInNetwork, readIpNetwork } from './ip-network.ts';

it.each<[string, readonly string[], readonly string[]]>([
  ['10.0.3.0/24', ['10.0.3.0', '10.0.3.255'], ['10.0.2.255', '10.0.4.0', '::ffff:10.0.3.1', 'a00:300::']],
  ['192.0.2.7', ['192.0.2.7'], ['192.0.2.6', '192.0.2.70', '192.0.2.07', '']],
  ['10.0.0.0/8', ['10.255.0.1'], ['11.0.0.0', '1.0.0.0']],
  [
    '2001:db8::/32',
    ['2001:db8::1', '2001:DB8:ffff::', '2001:db8:0:0:0:0:0:1'],
    ['2001:db9::', '32.1.13.184'],
  ],
  ['::1', ['::1', '0:0:0:0:0:0:0:1'], ['::', '::2', '127.0.0.1']],
])('%s holds its own addresses and no others', (text, inside, outside) => {
  const network = readIpNetwork(text)!;
  expect(inside.filter((ip) => !isInNetwork(ip, network))).toEqual([]);
  expect(outside.filter((ip) => isInNetwork(ip, network))).toEqual([]);
});

it.each([
  '',
  '10.0.3',
  '10.0.3.0/33',
  '10.0.3.0/024',
  '10.0.3.0/',
  '10.0.3.0/24/24',
  '10.0.3.1/24',
  '10.0.3.256',
  '010.0.3.0',
  '::/129',
  '1::2::3',
  ':::',
  ':1',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4::5:6:7:8',
  '::ffff:10.0.0.1',
  'fe80::1%eth0',
  'gateway.example',
])('%j is no network', (text) => {
  expect(readIpNetwork(text)).toBeNull();
});
