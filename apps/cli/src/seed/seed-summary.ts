import type { SeedRegistrations } from '#postgres';

/** What a seed changed, in lines. */
export function seedSummary(
  registrations: SeedRegistrations,
  { published, live }: { published: number | null; live: number | null },
): readonly string[] {
  const lines = [
    ...registrations.identityProviders.map(({ id }) => `identity provider ${id}`),
    ...(registrations.eventTransmitters ?? []).map(({ id }) => `event transmitter ${id}`),
    ...registrations.resourceServers.map(({ id }) => `resource server ${id}`),
    ...registrations.clients.map(({ client_id: id }) => `client ${id}`),
    ...(registrations.roleBindings ?? []).map(({ id, role }) => `role binding ${id}: ${role}`),
    ...(published === null ? [] : [`release ${published} is live`]),
  ];
  if (lines.length > 0) return lines;
  return [`nothing to change${live === null ? '' : `; release ${live} is live`}`];
}
