import { DocumentReader, REGISTRATION_ID } from '../registry/document-reader.ts';
import type { Read } from '../registry/read-registrations.ts';
import { ROLE_GROUP_PREFIX, ROLES, type RoleBinding } from './roles.ts';

/** Reads a role binding: `id`, `role`, and either `issuer` with `subject`, or `group`. */
export function readRoleBinding(document: unknown): Read<RoleBinding> {
  const read = new DocumentReader(document, ['id', 'role', 'issuer', 'subject', 'group']);
  const id = read.text('id', REGISTRATION_ID);
  const role = ROLES.find((one) => one === read.value('role'));
  if (role === undefined) read.refuse('role', `must be one of ${ROLES.join(', ')}`);
  const group = read.optionalText('group', /^[!-~]{1,256}$/);
  const issuer = group === null ? read.text('issuer', /^https?:\/\/[^\s?#]+$/) : '';
  const subject = group === null ? read.text('subject', /^[ -~]{1,255}$/) : '';
  if (group !== null && (read.value('issuer') !== undefined || read.value('subject') !== undefined)) {
    read.refuse('group', 'must stand alone, without issuer and subject');
  }
  if (group?.startsWith(ROLE_GROUP_PREFIX) === true) read.refuse('group', 'must not be a role itself');
  if (read.problems.length > 0 || role === undefined) return { problems: read.problems };
  return { registration: { id, role, holder: group === null ? { issuer, subject } : { group } } };
}
