/** Group roles that migrations make; each has what one process needs and nothing else. */
export type DatabaseRole = 'oncekey_broker' | 'oncekey_admin';

/**
 * A database URL whose connections take on a role when they begin. The server refuses a connection that cannot: there
 * is no moment at which one has the rights of the user who logged in.
 */
export function asRole(url: string, role: DatabaseRole | null): string {
  if (role === null) return url;
  const place = new URL(url);
  const options = place.searchParams.get('options') ?? '';
  place.searchParams.set('options', `${options} -c role=${role}`.trim());
  return place.href;
}
