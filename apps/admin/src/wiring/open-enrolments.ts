import type { DataSource } from 'typeorm';

const IS_OPEN = `
  SELECT FROM enrolment WHERE code_hash = $1 AND used_at IS NULL AND expires_at > clock_timestamp()`;

/** Is there an enrolment under this code? Asked before anything is fetched for its holder; uses nothing up. */
export async function isOpenEnrolment(dataSource: DataSource, codeHash: Buffer): Promise<boolean> {
  return (await dataSource.query<object[]>(IS_OPEN, [codeHash])).length > 0;
}
