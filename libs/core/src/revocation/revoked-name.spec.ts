import { cutOffsOf, problemOfName, type RevokedName } from './revoked-name.ts';

const DOMAIN = 'spiffe://prod.example';
const BILLER = `${DOMAIN}/ns/pay/sa/biller`;
const CLUSTER = 'https://oidc.cluster.example';

describe('cutOffsOf', () => {
  it.each<{ name: string; of: RevokedName; cuts: readonly string[] }>([
    {
      name: 'a workload, whatever it does',
      of: { issuer: DOMAIN, subject: BILLER },
      cuts: [`subject ${DOMAIN} ${BILLER}`, `workload ${DOMAIN} ${BILLER}`],
    },
    {
      name: 'all workloads of a trust domain',
      of: { issuer: DOMAIN, subject: null },
      cuts: [`identity_provider ${DOMAIN}`, `workload_issuer ${DOMAIN}`],
    },
    {
      name: 'all workloads of a platform, and none of the users that it signs in',
      of: { issuer: CLUSTER, subject: null },
      cuts: [`workload_issuer ${CLUSTER}`],
    },
  ])('takes with it $name', ({ of, cuts }) => {
    expect(cutOffsOf(of).map(({ kind, id }) => `${kind} ${id}`)).toEqual(cuts);
  });
});

describe('problemOfName', () => {
  it.each<[string, RevokedName]>([
    ['a workload', { issuer: DOMAIN, subject: BILLER }],
    ['a trust domain', { issuer: DOMAIN, subject: null }],
    ['a pod', { issuer: CLUSTER, subject: 'system:serviceaccount:pay:biller' }],
    ['a user with a blank in the name', { issuer: CLUSTER, subject: 'Ada L.' }],
    ['a platform', { issuer: CLUSTER, subject: null }],
  ])('finds none in the name of %s', (_, name) => expect(problemOfName(name)).toBeNull());

  it.each<{ name: string; issuer?: string; subject?: string; pointer: string }>([
    { name: 'an uppercase trust domain', issuer: 'spiffe://PROD.example', pointer: '#/issuer' },
    { name: 'a trust domain with a path', issuer: BILLER, pointer: '#/issuer' },
    { name: 'a trust domain without its scheme', issuer: 'prod.example', pointer: '#/issuer' },
    { name: 'no trust domain', issuer: 'spiffe://', pointer: '#/issuer' },
    { name: 'a blank in the issuer', issuer: 'https://a.example b', pointer: '#/issuer' },
    { name: 'NUL in the issuer', issuer: 'https://a.example/\0', pointer: '#/issuer' },
    { name: 'a workload of another trust domain', subject: 'spiffe://test.example/a', pointer: '#/subject' },
    { name: 'a trust domain for a workload', subject: DOMAIN, pointer: '#/subject' },
    { name: 'a wildcard', subject: `${DOMAIN}/ns/*`, pointer: '#/subject' },
    { name: 'a user of a trust domain', subject: 'ada', pointer: '#/subject' },
    { name: 'nobody', issuer: CLUSTER, subject: '', pointer: '#/subject' },
    { name: 'NUL in a name', issuer: CLUSTER, subject: 'a\0b', pointer: '#/subject' },
    { name: 'half a character', issuer: CLUSTER, subject: 'a\ud800', pointer: '#/subject' },
    { name: 'a name too long', issuer: CLUSTER, subject: 'a'.repeat(2049), pointer: '#/subject' },
  ])('finds $name', ({ issuer = DOMAIN, subject = null, pointer }) => {
    expect(problemOfName({ issuer, subject })?.pointer).toBe(pointer);
  });
});
