import type { Caller } from './caller.ts';

/** The positive control of a negative test: honest people still get a token, and the API that gets it hears `active`. */
export async function expectServed(caller: Caller): Promise<void> {
  const token = await caller.token();
  expect((await caller.introspect(token)).body['active']).toBe(true);
}
