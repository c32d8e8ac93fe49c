/** What an identity provider publishes cannot be believed. Says what is wrong in our words, not in its. */
export class BadPublication extends Error {
  override readonly name = 'BadPublication';
}
