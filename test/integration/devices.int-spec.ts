import type { PermitVerdict } from '#core';
import { PostgresDevices } from '#postgres';
import { randomUUID } from 'node:crypto';
import { LedgerBuilder } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { ledgerOnDatabase, type LedgerOnDatabase } from '../support/ledger-on-database.ts';

const MDM = 'https://mdm.example';

describe('the registry of devices', () => {
  let under: LedgerOnDatabase;
  let devices: PostgresDevices;
  beforeAll(async () => {
    under = await ledgerOnDatabase((await freshDatabase()).url, 1);
    devices = new PostgresDevices(under.pools[0]);
  });
  afterAll(() => under.close());

  const sql = async (text: string, values: unknown[] = []): Promise<void> =>
    void (await under.pools[0].query(text, values));
  /** A device of Ada's with one key; both are told apart from all others. */
  async function register(): Promise<{ id: string; key: string }> {
    const [id, key] = [`laptop-${randomUUID()}`, randomUUID()];
    const owner = { issuer: 'https://idp.example', subject: 'ada' };
    await sql('INSERT INTO device (id, document) VALUES ($1, $2)', [id, { id, owner, platform: 'macos' }]);
    await sql('INSERT INTO device_key (thumbprint, device) VALUES ($1, $2)', [key, id]);
    return { id, key };
  }
  const report = (id: string, compliant: boolean | null, facts: object = {}, source = MDM): Promise<void> =>
    sql('SELECT report_device_posture($1, $2, $3, $4)', [id, source, compliant, facts]);
  async function hear(id: string, change: 'block' | 'lift', saidAt: number | null = null): Promise<void> {
    const ledger = under.ledgers[0];
    const cutOffs = [{ kind: 'device', id, change: { is: change } }] as const;
    const event = { issuer: MDM, jti: randomUUID() };
    await ledger.revoke({ source: MDM, saidAt, event, cutOffs }, new LedgerBuilder(under).entry());
  }
  const isFrozen = async (id: string): Promise<boolean> => {
    const since = (await under.now()) + 1_000;
    const entry = new LedgerBuilder(under).entry<PermitVerdict>();
    const heard = await under.ledgers[0].permit([{ kind: 'device', id, since }], entry);
    return heard.verdict === 'cut_off';
  };

  it('finds a device by each of its keys, and none by another', async () => {
    const { id, key } = await register();
    await sql('INSERT INTO device_key (thumbprint, device) VALUES ($1, $2)', [`${key}-2`, id]);
    const known = {
      id,
      enabled: true,
      owner: { issuer: 'https://idp.example', subject: 'ada' },
      platform: 'macos',
      posture: null,
    };
    expect(await Promise.all([key, `${key}-2`, 'x'].map((one) => devices.byKey(one)))).toEqual([
      known,
      known,
      null,
    ]);
    await sql('UPDATE device SET enabled = false WHERE id = $1', [id]);
    expect(await devices.byKey(key)).toEqual({ ...known, enabled: false });
  });

  it('X-27 tells the facts that are true, and takes nothing else for one', async () => {
    const { id, key } = await register();
    await report(id, true, {
      disk_encrypted: true,
      firewall: false,
      rooted: 'true',
      patched: null,
      count: 1,
    });
    const found = await devices.byKey(key);
    expect(found?.posture).toMatchObject({ compliant: true, facts: ['disk_encrypted'], learntFrom: MDM });
    expect(Math.abs((found?.posture?.learntAt ?? 0) - (await under.now()))).toBeLessThan(5_000);
    await report(id, null);
    expect((await devices.byKey(key))?.posture).toMatchObject({ compliant: null, facts: [] });
  });

  it('check 97: freezes a device that is reported as not compliant, until the same source says otherwise', async () => {
    const { id } = await register();
    await report(id, false);
    expect(await isFrozen(id)).toBe(true);
    await report(id, true, {}, 'somebody else');
    expect(await isFrozen(id)).toBe(true);
    await report(id, null);
    expect(await isFrozen(id)).toBe(true);
    await report(id, true);
    expect(await isFrozen(id)).toBe(false);
  });

  it('check 97: learns by an event whether a device is compliant, and keeps the other facts', async () => {
    const { id, key } = await register();
    await report(id, true, { firewall: true });
    await hear(id, 'block');
    expect((await devices.byKey(key))?.posture).toMatchObject({ compliant: false, facts: ['firewall'] });
    expect(await isFrozen(id)).toBe(true);
    await hear(id, 'lift', 1_000);
    expect((await devices.byKey(key))?.posture).toMatchObject({ compliant: false });
    await hear(id, 'lift');
    expect((await devices.byKey(key))?.posture).toMatchObject({ compliant: true, learntFrom: MDM });
    expect(await isFrozen(id)).toBe(false);
  });

  it('freezes a device that nobody has registered yet', async () => {
    const id = `laptop-${randomUUID()}`;
    await hear(id, 'block');
    expect(await isFrozen(id)).toBe(true);
    await expect(report(id, true)).resolves.toBeUndefined();
  });

  it('is not known to have no device when it does not answer', async () => {
    const gone = new PostgresDevices({ query: () => Promise.reject(new Error('gone')) } as never);
    await expect(gone.byKey('x')).rejects.toMatchObject({ reason: 'broker.unavailable' });
  });
});
