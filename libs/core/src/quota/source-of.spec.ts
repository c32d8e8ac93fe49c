import { sourceOf } from './source-of.ts';

it.each<[string, string | null, string]>([
  ['an IPv4 address is itself', '203.0.113.9', '203.0.113.9'],
  ['nobody is nobody', null, 'unknown'],
  ['of IPv6 it is the subnet', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['zeros that were left out are there', '2001:db8::7', '2001:db8:0:0::/64'],
  ['also at the beginning', '::1', '0:0:0:0::/64'],
  ['also at the end', 'fe80::', 'fe80:0:0:0::/64'],
  ['a single zero that was left out too', '1::2:3:4:5:6:7', '1:0:2:3::/64'],
  ['leading zeros make no other subnet', '2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
  ['an IPv4 address at the end counts as two groups', '64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ['whoever owns a subnet has one bucket', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
])('%s', (_, ip, source) => {
  expect(sourceOf(ip)).toBe(source);
});
