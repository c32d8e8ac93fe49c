/** The resources of the admin API, and the member that names one of them. */
export const RESOURCES = [
  { path: 'identity-providers', id: 'id', shows: ['issuer'] },
  { path: 'event-transmitters', id: 'id', shows: ['issuer'] },
  { path: 'clients', id: 'client_id', shows: ['resource_servers'] },
  { path: 'resource-servers', id: 'id', shows: ['resource', 'binding', 'proof'] },
  { path: 'devices', id: 'id', shows: ['platform', 'attested_at'] },
  { path: 'role-bindings', id: 'id', shows: ['role', 'subject', 'group', 'issuer'] },
  { path: 'operations', id: 'id', shows: ['api', 'method', 'path', 'tags'] },
  { path: 'context-attributes', id: 'name', shows: ['type'] },
  { path: 'policies', id: 'id', shows: ['effect', 'owner', 'description'] },
  { path: 'policy-tests', id: 'id', shows: ['operation', 'name'] },
] as const satisfies readonly { path: string; id: string; shows: readonly string[] }[];

export type Resource = (typeof RESOURCES)[number];

/** Fails  Error when there is no such resource; the program lets no other through */
export function resourceOf(path: string): Resource {
  const found = RESOURCES.find((resource) => resource.path === path);
  if (found === undefined) throw new Error(`no resource ${path}`);
  return found;
}
