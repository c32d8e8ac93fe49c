import type { Judgement } from './judge.ts';
import type { NamedObligations } from './policy-test.ts';

/** What a judgement demands, by the names of annotations. A permit always has a life, named or not. */
export function namedObligations({
  decision,
  obligations,
  ttlSeconds,
}: Pick<Judgement, 'decision' | 'obligations' | 'ttlSeconds'>): NamedObligations {
  const { uses, digestRequired, acrValues, maxAuthAgeSeconds, proofRequired, exactTarget, approvers } =
    obligations;
  const ttl = decision === 'permit' ? ttlSeconds : obligations.ttlSeconds;
  return {
    ...(ttl === undefined ? {} : { ttl }),
    ...(uses === undefined ? {} : { uses }),
    ...(digestRequired === undefined ? {} : { digest: 'required' }),
    ...(acrValues === undefined ? {} : { acr: acrValues.join(' ') }),
    ...(maxAuthAgeSeconds === undefined ? {} : { max_auth_age: maxAuthAgeSeconds }),
    ...(proofRequired === undefined ? {} : { proof: 'dpop' }),
    ...(exactTarget === undefined ? {} : { target: 'exact' }),
    ...(approvers === undefined ? {} : { approval: approvers }),
  };
}
