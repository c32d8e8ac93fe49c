/** One row: the status, the only title a caller may read, and what it means to an operator. */
export interface AdminProblemRow {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 422 | 428 | 500 | 503;
  /** `title` of RFC 9457: the same for every occurrence. */
  title: string;
  means: string;
}

/** Every way an admin call can be refused after its token was spent. The key is the end of the problem's `type`. */
export const ADMIN_PROBLEMS = {
  'admin.malformed': {
    status: 400,
    title: 'the request is malformed',
    means: 'the body is no JSON object, or a parameter of the query is unknown, repeated or not of its shape',
  },
  'admin.bad_cursor': {
    status: 400,
    title: 'the cursor was not given out by this list',
    means: 'cursor is opaque; it goes back unchanged, with the same filters',
  },
  'admin.unauthorized': {
    status: 401,
    title: 'a one-time token for this request is required',
    means: 'no token, or one that does not permit this very request, or one that was used before',
  },
  'admin.forbidden': {
    status: 403,
    title: 'the act needs a right that no policy gives the caller',
    means: 'the call was permitted and what it asks for was not; `right` names what is missing',
  },
  'admin.own_rights': {
    status: 403,
    title: 'nobody changes their own rights',
    means: 'a role binding of the caller can be changed, and the caller be blocked, by somebody else alone',
  },
  'admin.own_approval': {
    status: 403,
    title: 'nobody approves what they asked for',
    means: 'the caller is who asked, or who acts for them; somebody else has to decide it',
  },
  'admin.not_approver': {
    status: 403,
    title: 'somebody else has to decide this',
    means: 'the caller is in none of the groups whose approval is wanted, or was not there in person',
  },
  'admin.enrolment_refused': {
    status: 403,
    title: 'the enrolment was not accepted',
    means: 'the code is unknown, used or expired, or the identity provider did not vouch for the subject',
  },
  'admin.not_found': { status: 404, title: 'there is no such resource', means: 'nothing has this id' },
  'admin.exists': {
    status: 409,
    title: 'one of its names is taken',
    means: 'another resource has this id, client id, issuer, URL or key',
  },
  'admin.referenced': {
    status: 409,
    title: 'something else refers to it',
    means: 'a client names it, or the live release or the draft has operations or policies for it',
  },
  'admin.lockout': {
    status: 409,
    title: 'nobody would be left to administer',
    means: 'with this change, no holder of a role could change policies, publish and bind roles',
  },
  'admin.tests_fail': {
    status: 409,
    title: 'a policy test fails',
    means: 'publishing waits until all stored tests pass; `errors` lists those that do not',
  },
  'admin.untested': {
    status: 409,
    title: 'a policy is not tested both ways',
    means: 'each policy needs a test that it allows and one that is denied; `errors` lists what is missing',
  },
  'admin.same_author': {
    status: 409,
    title: 'somebody else has to publish this',
    means: 'the caller has drafted what would be published, and no policy lets them publish it themselves',
  },
  'admin.approval_closed': {
    status: 409,
    title: 'it is not open any more',
    means:
      'it was decided, cancelled or fetched before, has expired, or stands on something that was cut off',
  },
  'admin.nothing_to_publish': {
    status: 409,
    title: 'the draft is what is live',
    means: 'a release would change nothing',
  },
  'admin.busy': {
    status: 409,
    title: 'the same request is being worked on',
    means: 'a request with this Idempotency-Key has not ended yet',
  },
  'admin.precondition_failed': {
    status: 412,
    title: 'it has changed in the meantime',
    means: 'If-Match names another version than the current one; read it again',
  },
  'admin.too_large': { status: 413, title: 'the body is too large', means: 'a body has at most 1 MiB' },
  'admin.wrong_media_type': {
    status: 415,
    title: 'application/json is required',
    means: 'the body was sent as something else; patches are not supported',
  },
  'admin.invalid': {
    status: 422,
    title: 'the document was not accepted',
    means: '`errors` says what is wrong, with a JSON pointer to each place',
  },
  'admin.idempotency_conflict': {
    status: 422,
    title: 'the Idempotency-Key was used for another request',
    means: 'the same key came with another method, path or body',
  },
  'admin.precondition_required': {
    status: 428,
    title: 'If-Match is required',
    means: 'changes name the version that they change, by its ETag',
  },
  'admin.unavailable': {
    status: 503,
    title: 'the admin API cannot answer now',
    means: 'the database, the broker or an identity provider did not answer; nothing has changed',
  },
  'admin.fault': {
    status: 500,
    title: 'the admin API could not answer',
    means: 'a defect; nothing has changed',
  },
} as const satisfies Record<string, AdminProblemRow>;

export type AdminReason = keyof typeof ADMIN_PROBLEMS;
