import { freshDatabase } from './fresh-database.ts';

/** Jest waits for the function that this module is: every test file finds a database of its own in DATABASE_URL. */
export = async function giveDatabase(): Promise<void> {
  const { url } = await freshDatabase();
  process.env['DATABASE_URL'] = url;
};
