import { preparsePolicySet, statefulIsAuthorized } from './engine.ts';

class Shape {
  size(): number {
    return 1;
  }
}

describe('the engine', () => {
  it('survives that its caller is deoptimised in the middle of a call', () => {
    const policy = 'permit(principal, action, resource);';
    preparsePolicySet('engine-spec', { staticPolicies: { policy } });
    const shape = new Shape();
    const call = {
      principal: { type: 'User', id: '' },
      action: { type: 'Action', id: 'a' },
      resource: { type: 'Api', id: 'b' },
      entities: [],
      preparsedPolicySetId: 'engine-spec',
    };
    const ask = (context: object): number => {
      const size = shape.size();
      const answer = statefulIsAuthorized({ ...call, context: context as Record<string, number> });
      return answer.type === 'success' && answer.response.decision === 'allow' ? size : 0;
    };

    for (let round = 2; round < 5; round++) {
      for (let i = 0; i < 6000; i++) ask({ a: 1 });
      // The engine turns the context into JSON, and what runs there takes away what the compiled caller relies on.
      const toJSON = (): object => {
        Shape.prototype.size = () => round;
        return { a: 1 };
      };
      ask({ toJSON });
      expect(ask({ a: 1 })).toBe(round);
    }
  });
});
