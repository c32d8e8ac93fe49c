import type { MigrationInterface, QueryRunner } from 'typeorm';

/** On which URI a token was spent that names none itself, for as long as the token would have lived. */
export class AddSpentTarget1767400000050 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const table of RING) await db.query(`ALTER TABLE ledger_${table} ADD COLUMN target_uri text`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of RING) await db.query(`ALTER TABLE ledger_${table} DROP COLUMN target_uri`);
  }
}

const RING = [0, 1, 2, 3] as const;
