/** Groups of an IPv6 address, and how many of them name a subnet: the rest is for its owner to choose (RFC 4291 §2.5.4). */
const GROUPS = 8;
const SUBNET_GROUPS = 4;

/** Where a request comes from, as requests are counted: an IPv4 address, or the /64 of an IPv6 one. */
export function sourceOf(ip: string | null): string {
  if (ip === null) return 'unknown';
  if (!ip.includes(':')) return ip;
  // The last 32 bits may be written as IPv4; they are not in the first half.
  const [left = '', right] = ip.replace(/[0-9]+(?:\.[0-9]+){3}$/, '0:0').split('::');
  const before = groupsOf(left);
  const after = groupsOf(right ?? '');
  const between = Array.from({ length: GROUPS - before.length - after.length }, () => '0');
  return `${[...before, ...between, ...after]
    .slice(0, SUBNET_GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':');
}
