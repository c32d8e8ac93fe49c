import { describeJournal } from '../../libs/testing/src/contracts/journal.contract.ts';
import { describeRevocationLedger } from '../../libs/testing/src/contracts/revocation-ledger.contract.ts';
import { describeSpendLedger } from '../../libs/testing/src/contracts/spend-ledger.contract.ts';
import { describeSpendLookup } from '../../libs/testing/src/contracts/spend-lookup.contract.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { ledgerOnDatabase } from '../support/ledger-on-database.ts';

for (const [name, brokers] of [
  ['Postgres', 1],
  ['Postgres, two brokers', 2],
] as const) {
  const open = async () => ledgerOnDatabase((await freshDatabase()).url, brokers);
  describeSpendLedger(name, open);
  describeSpendLookup(name, open);
  describeJournal(name, open);
  describeRevocationLedger(name, open);
}
