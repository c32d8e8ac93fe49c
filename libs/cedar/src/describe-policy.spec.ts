import { describePolicy } from './describe-policy.ts';

it('tells what a policy says of itself, in any catalog', () => {
  const cedar = '@name("n") @owner("team-a") forbid (principal, action == Action::"x", resource);';
  expect(describePolicy({ id: 'a', cedar })).toEqual({
    effect: 'forbid',
    name: 'n',
    description: null,
    owner: 'team-a',
  });
});

it('has nothing to tell of what is no policy', () => {
  expect(describePolicy({ id: 'a', cedar: 'permit (principal' })).toBeNull();
});
