/** Somebody who can sign in at the toy identity provider, with any password. */
export interface ToyUser {
  readonly name: string;
  readonly email: string;
  readonly groups: readonly string[];
}

export const TOY_USERS: readonly ToyUser[] = [
  { name: 'ada', email: 'ada@toy.example', groups: ['support'] },
  { name: 'bob', email: 'bob@toy.example', groups: [] },
];

export function findToyUser(name: string): ToyUser | null {
  return TOY_USERS.find((user) => user.name === name) ?? null;
}
