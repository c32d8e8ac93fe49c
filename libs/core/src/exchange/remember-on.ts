import type { Trail } from '../audit/trail.ts';
import type { ExchangePorts } from './exchange.ports.ts';
import type { Remember } from './steps/decide.ts';

/** Puts a decision on the trail before its outcome is known, and before the release that is tried out in the shadow. */
export function rememberOn(trail: Trail, { shadow }: Pick<ExchangePorts, 'shadow'>): Remember {
  return ({ trust, question, judgement }) => {
    trail.saw({ release: trust.release.number, question, policies: judgement.policies });
    shadow.watch(trust.shadow, { question, judgement, reasonId: trail.reasonId });
  };
}
