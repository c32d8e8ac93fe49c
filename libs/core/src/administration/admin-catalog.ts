import type { CatalogApi, CatalogOperation } from '../operation/catalog.ts';

/** The admin API is a resource server of the broker; this is the name that its policies use. */
export const ADMIN_API_ID = 'oncekey-admin';

/** Everything below the admin API's own URL starts so. */
export const ADMIN_PREFIX = '/admin/v1';

/** What a call is about; policies permit by these tags. */
type Tag =
  | 'admin-read'
  | 'admin-draft'
  | 'admin-publish'
  | 'admin-register'
  | 'admin-security'
  | 'admin-enroll'
  | 'admin-approval'
  | 'admin-approve'
  | 'admin-right';

function operation(id: string, line: `${string} /${string}`, tag: Tag): CatalogOperation {
  const [method = '', path = ''] = line.split(' ');
  return { id: `admin.${id}`, method, path: `${ADMIN_PREFIX}${path}`, tags: [tag] };
}

/** List, create, read, replace and delete, under one path. */
function resource(path: string, tag: Tag): readonly CatalogOperation[] {
  return [
    operation(`${path}.list`, `GET /${path}`, 'admin-read'),
    operation(`${path}.create`, `POST /${path}`, tag),
    operation(`${path}.read`, `GET /${path}/{id}`, 'admin-read'),
    operation(`${path}.replace`, `PUT /${path}/{id}`, tag),
    operation(`${path}.delete`, `DELETE /${path}/{id}`, tag),
  ];
}

/**
 * The operations of the admin API. Every release has them, so that each admin call needs a token for exactly one.
 * The rights at the end are never called: an act that needs more than its own operation asks the policies for them.
 */
export const ADMIN_OPERATIONS: readonly CatalogOperation[] = [
  ...resource('identity-providers', 'admin-register'),
  ...resource('event-transmitters', 'admin-register'),
  operation('event-polls.list', 'GET /event-polls', 'admin-read'),
  ...resource('clients', 'admin-register'),
  ...resource('resource-servers', 'admin-register'),
  ...resource('devices', 'admin-register'),
  operation('devices.enroll', 'POST /device-enrolments', 'admin-enroll'),
  operation('devices.posture', 'GET /devices/{id}/posture', 'admin-read'),
  operation('devices.report-posture', 'PUT /devices/{id}/posture', 'admin-register'),
  operation('revocations.list', 'GET /revocations', 'admin-read'),
  operation('revocations.revoke', 'POST /revocations', 'admin-register'),
  operation('revocations.lift', 'POST /revocations/lift', 'admin-register'),
  operation('approvals.list', 'GET /approvals', 'admin-approval'),
  operation('approvals.read', 'GET /approvals/{id}', 'admin-approval'),
  operation('approvals.approve', 'POST /approvals/{id}/approve', 'admin-approve'),
  operation('approvals.deny', 'POST /approvals/{id}/deny', 'admin-approve'),
  ...resource('role-bindings', 'admin-security'),
  ...resource('operations', 'admin-draft'),
  ...resource('context-attributes', 'admin-draft'),
  ...resource('policies', 'admin-draft'),
  ...resource('policy-tests', 'admin-draft'),
  operation('operations-import.preview', 'POST /operations-import/preview', 'admin-read'),
  operation('operations-import.apply', 'POST /operations-import', 'admin-draft'),
  operation('draft.read', 'GET /draft', 'admin-read'),
  operation('draft.replace', 'PUT /draft', 'admin-draft'),
  operation('draft.schema', 'GET /draft/schema', 'admin-read'),
  operation('draft.format', 'POST /draft/format', 'admin-read'),
  operation('draft.test', 'POST /draft/test', 'admin-read'),
  operation('draft.simulate', 'POST /draft/simulate', 'admin-read'),
  operation('draft.replay', 'POST /draft/replay', 'admin-read'),
  operation('draft.plan', 'POST /draft/plan', 'admin-read'),
  operation('draft.reset', 'POST /draft/reset', 'admin-draft'),
  operation('releases.list', 'GET /releases', 'admin-read'),
  operation('releases.live', 'GET /releases/live', 'admin-read'),
  operation('releases.read', 'GET /releases/{number}', 'admin-read'),
  operation('releases.publish', 'POST /releases', 'admin-publish'),
  operation('releases.rollback', 'POST /releases/{number}/rollback', 'admin-publish'),
  operation('shadow.read', 'GET /shadow', 'admin-read'),
  operation('shadow.start', 'PUT /shadow', 'admin-publish'),
  operation('shadow.stop', 'DELETE /shadow', 'admin-publish'),
  operation('audit.search', 'GET /audit', 'admin-read'),
  operation('audit.read', 'GET /audit/{id}', 'admin-read'),
  operation('audit.export', 'GET /audit-export', 'admin-read'),
  operation('reports.unused', 'GET /reports/unused', 'admin-read'),
  operation('reports.standing', 'GET /reports/standing-privilege', 'admin-read'),
  operation('whoami', 'GET /whoami', 'admin-read'),
  operation('right.guard', 'POST /rights/guard', 'admin-right'),
  operation('right.publish-untested', 'POST /rights/publish-untested', 'admin-right'),
  operation('right.publish-own', 'POST /rights/publish-own', 'admin-right'),
];

export const ADMIN_API: CatalogApi = { id: ADMIN_API_ID, operations: ADMIN_OPERATIONS };

/** Rights that an act may need beside the operation of its own call. */
export const ADMIN_RIGHTS = {
  /** To change what can match the admin API: policies over it, and who has which role. */
  guard: 'admin.right.guard',
  /** To publish while a test fails, or a policy lacks an allowing or a denying one. */
  publishUntested: 'admin.right.publish-untested',
  /** To publish what one has drafted oneself. Without it, two people are needed. */
  publishOwn: 'admin.right.publish-own',
} as const;

/** What somebody must be able to do, so that administration is not locked out. */
export const ADMIN_ESSENTIALS: readonly string[] = [
  'admin.policies.replace',
  'admin.releases.publish',
  'admin.role-bindings.create',
  ADMIN_RIGHTS.guard,
];
