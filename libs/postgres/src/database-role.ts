/** Group roles that migrations make; each has what one process needs and nothing else. */
export type DatabaseRole = 'oncekey_broker' | 'oncekey_admin';

/**
 * A database URL whose connections take on a role when they begin. The server refuses a connection that cannot: there
 * is no moment at which one has the rights of the user who logged in.
 */
export function asRole(url: string, role: DatabaseRole | null): string {
  return role === null ? url : withSettings(url, { role });
}

/** A database URL whose connections begin with these settings of the server, beside those that it names already. */
export function withSettings(url: string, settings: Readonly<Record<string, string>>): string {
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  if (options.length === 0) return url;
  const place = new URL(url);
  place.searchParams.set('options', [place.searchParams.get('options') ?? '', ...options].join(' ').trim());
  return place.href;
}
