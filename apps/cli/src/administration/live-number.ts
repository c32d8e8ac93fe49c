import type { AdminClient } from './admin-client.ts';
import { AdminRefusal } from './admin-refusal.ts';

/** The number of the live release; 0 when none is. */
export async function liveNumber(admin: Pick<AdminClient, 'get'>): Promise<number> {
  try {
    const { body } = await admin.get('/releases/live');
    return body.number('number');
  } catch (error) {
    if (error instanceof AdminRefusal && error.status === 404) return 0;
    throw error;
  }
}
