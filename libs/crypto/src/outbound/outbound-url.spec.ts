import { readOutboundUrl } from './outbound-url.ts';

const STRICT = { allowHttpLoopback: false };
const LENIENT = { allowHttpLoopback: true };

function refusalOf(url: string, rules = STRICT): string | null {
  try {
    readOutboundUrl(url, rules);
    return null;
  } catch (thrown) {
    return thrown instanceof Error && 'refusal' in thrown ? String(thrown.refusal) : 'another error';
  }
}

describe(readOutboundUrl.name, () => {
  test.each([
    'https://idp.example/.well-known/openid-configuration',
    'https://idp.example:443/keys',
    'https://idp.example:8443/keys?tenant=a',
    'https://idp.example:10443/realms/corp/keys',
    'https://8.8.8.8/keys',
    'https://[2606:4700:4700::1111]/keys',
    'https://xn--bcher-kva.example/keys',
  ])('%s may be fetched from', (url) => {
    expect(refusalOf(url)).toBeNull();
    expect(refusalOf(url, LENIENT)).toBeNull();
  });

  test.each([
    ['K-10: metadata', 'https://169.254.169.254/latest/meta-data', 'forbidden_address'],
    ['K-10: loopback', 'https://127.0.0.1/keys', 'forbidden_address'],
    ['K-10: loopback v6', 'https://[::1]/keys', 'forbidden_address'],
    ['K-10: mapped loopback', 'https://[::ffff:7f00:1]/keys', 'forbidden_address'],
    ['K-10: mapped loopback, dotted', 'https://[::ffff:127.0.0.1]/keys', 'bad_url'],
    ['K-10: zero', 'https://0/keys', 'bad_url'],
    ['K-10: a number', 'https://2130706433/keys', 'bad_url'],
    ['K-10: hexadecimal', 'https://0x7f.1/keys', 'bad_url'],
    ['K-10: hexadecimal number', 'https://0x7f000001/keys', 'bad_url'],
    ['K-10: octal', 'https://0177.0.0.1/keys', 'bad_url'],
    ['K-10: short form', 'https://127.1/keys', 'bad_url'],
    ['K-10: out of range', 'https://256.256.256.256/keys', 'bad_url'],
    ['K-10: localhost', 'https://localhost/keys', 'bad_url'],
    ['K-10: localhost with a dot', 'https://localhost./keys', 'bad_url'],
    ['K-10: a name below localhost', 'https://idp.localhost/keys', 'bad_url'],
    ['K-10: a public name with a dot at its end', 'https://idp.example./keys', 'bad_url'],
    ['K-10: fullwidth digits', 'https://\uFF11\uFF12\uFF17.0.0.1/keys', 'bad_url'],
    ['K-10: a circled digit', 'https://\u2460.1.1.1/keys', 'bad_url'],
    ['K-10: a percent-encoded host', 'https://%31%32%37.0.0.1/keys', 'bad_url'],
    ['K-10: metadata by name', 'https://metadata.google.internal/computeMetadata', 'bad_url'],
    ['K-10: a multicast name', 'https://printer.local/keys', 'bad_url'],
    ['K-10: a name without a dot', 'https://intranet/keys', 'bad_url'],
    ['K-10: a private address', 'https://10.1.2.3:8443/keys', 'forbidden_address'],
    ['K-10: a link-local address', 'https://[fe80::1]/keys', 'forbidden_address'],
    ['K-10: a zone', 'https://[fe80::1%25lo]/keys', 'bad_url'],
    ['K-10: NAT64', 'https://[64:ff9b::a9fe:a9fe]/keys', 'forbidden_address'],
    ['K-10: 6to4', 'https://[2002:7f00:1::]/keys', 'forbidden_address'],
    ['K-15: plain http', 'http://idp.example/keys', 'bad_url'],
    ['K-15: a file', 'file:///etc/passwd', 'bad_url'],
    ['K-15: data', 'data:application/json,{}', 'bad_url'],
    ['K-15: gopher', 'gopher://idp.example/1', 'bad_url'],
    ['K-15: ftp', 'ftp://idp.example/keys', 'bad_url'],
    ['K-15: a socket', 'unix:/var/run/docker.sock', 'bad_url'],
    ['K-15: userinfo', 'https://user:secret@idp.example/keys', 'bad_url'],
    ['K-15: a host after userinfo', 'https://idp.example@127.0.0.1/keys', 'bad_url'],
    ['K-15: a database', 'https://idp.example:5432/keys', 'bad_url'],
    ['K-15: a cache', 'https://idp.example:6379/keys', 'bad_url'],
    ['K-15: mail', 'https://idp.example:25/keys', 'bad_url'],
    ['K-15: port 80', 'https://idp.example:80/keys', 'bad_url'],
    ['K-15: port 0', 'https://idp.example:0/keys', 'bad_url'],
    ['K-15: port 65536', 'https://idp.example:65536/keys', 'bad_url'],
    ['a fragment', 'https://idp.example/keys#x', 'bad_url'],
    ['a backslash', 'https://idp.example\\@127.0.0.1/keys', 'bad_url'],
    ['a line break', 'https://idp.example/ke\nys', 'bad_url'],
    ['a blank before it', ' https://idp.example/keys', 'bad_url'],
    ['no scheme', '//idp.example/keys', 'bad_url'],
    ['nothing', '', 'bad_url'],
    ['a megabyte', `https://idp.example/${'a'.repeat(1_000_000)}`, 'bad_url'],
    ['an empty label', 'https://idp..example/keys', 'bad_url'],
    ['a broken v6 address', 'https://[::1::]/keys', 'bad_url'],
  ])('%s: %s is refused', (_, url, refusal) => {
    expect(refusalOf(url)).toBe(refusal);
  });

  test.each([
    'http://localhost:3000/keys',
    'http://127.0.0.1:3000/keys',
    'http://[::1]:3000/',
    'https://localhost:3000/',
  ])('%s is this machine, where that is allowed and nowhere else', (url) => {
    expect(readOutboundUrl(url, LENIENT)).toMatchObject({ isLoopback: true });
    expect(refusalOf(url)).not.toBeNull();
  });

  test.each([
    'http://idp.example/keys',
    'http://10.0.0.1/keys',
    'http://127.0.0.2/keys',
    'http://2130706433/keys',
    'http://0x7f.1/keys',
    'http://localhost./keys',
    'http://idp.localhost/keys',
    'http://[::ffff:7f00:1]/keys',
    'http://0.0.0.0/keys',
    'http://[::]/keys',
    'http://169.254.169.254/latest',
    'https://10.0.0.1/keys',
  ])('%s is refused even there', (url) => {
    expect(refusalOf(url, LENIENT)).not.toBeNull();
  });
});
