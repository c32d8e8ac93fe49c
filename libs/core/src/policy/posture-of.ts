import type { PolicyRequest, ReportedPosture } from './policy-request.ts';

/** What policies see of the device's posture: one whole report, and never parts of two. */
export function postureOf({
  attested,
  registered,
}: PolicyRequest['context']['device']): ReportedPosture | null {
  return attested ?? registered?.posture ?? null;
}
