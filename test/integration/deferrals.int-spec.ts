import { oncekeyDataSource, PostgresAdminStore } from '#postgres';
import {
  describeDeferralLedger,
  type DeferralsUnderTest,
} from '../../libs/testing/src/contracts/deferral-ledger.contract.ts';
import { aCaller } from '../support/admin-store-on-database.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { ledgerOnDatabase } from '../support/ledger-on-database.ts';

/** Brokers and an admin process, each with its role, on one database. */
async function open(brokers: number): Promise<DeferralsUnderTest> {
  const { url } = await freshDatabase();
  const ledgers = await ledgerOnDatabase(url, brokers);
  const role = 'oncekey_admin';
  const dataSource = oncekeyDataSource({ url, poolSize: 5, applicationName: 'approvals', role });
  await dataSource.initialize();
  const store = new PostgresAdminStore(dataSource);
  return {
    ...ledgers,
    decide: async (id, decision) => {
      const caller = decision === 'deny' ? aCaller('grace') : { ...aCaller('grace'), ...decision };
      const result = await store.change({
        caller,
        idempotency: null,
        work: async (transaction) => {
          const decided = await transaction.decideApproval(
            id,
            decision === 'deny' ? { is: 'deny' } : { is: 'approve', groups: decision.groups },
          );
          return { outcome: decided !== null, acts: [], answer: { status: 200, headers: {}, body: '' } };
        },
      });
      return 'done' in result && result.done;
    },
    close: async () => {
      await dataSource.destroy();
      await ledgers.close();
    },
  };
}

describeDeferralLedger('Postgres', () => open(1));
describeDeferralLedger('Postgres, two brokers', () => open(2));
