/** What a token of the test broker says besides the request; each has a default. */
export interface TestGrant {
  /** Default `ada`. */
  readonly subject?: string;
  readonly subjectIssuer?: string;
  readonly clientId?: string;
  /** The catalog operation that policies would have been asked about. Default `test.operation`. */
  readonly operation?: string;
  readonly transactionId?: string;
  /** Who acts for the user, current actor first. */
  readonly actors?: readonly { readonly issuer: string; readonly subject: string }[];
  readonly acr?: string;
  readonly amr?: readonly string[];
  /** Epoch seconds. */
  readonly authTime?: number;
}

type Act = { readonly iss: string; readonly sub: string; readonly act?: Act };

/** The same as members of an introspection answer. */
export function membersOf(grant: TestGrant): Readonly<Record<string, unknown>> {
  const { acr, amr, authTime, operation = 'test.operation', actors = [] } = grant;
  const act = actors.reduceRight<Act | undefined>(
    (before, { issuer: iss, subject: sub }) => ({
      iss,
      sub,
      ...(before === undefined ? {} : { act: before }),
    }),
    undefined,
  );
  return {
    sub: grant.subject ?? 'ada',
    sub_iss: grant.subjectIssuer ?? 'https://idp.test',
    client_id: grant.clientId ?? 'test-client',
    txn: grant.transactionId ?? crypto.randomUUID(),
    scope: operation,
    authorization_details: [{ type: 'http_operation' }],
    ...(act === undefined ? {} : { act }),
    ...(acr === undefined ? {} : { acr }),
    ...(amr === undefined ? {} : { amr }),
    ...(authTime === undefined ? {} : { auth_time: authTime }),
  };
}
