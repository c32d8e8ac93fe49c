import { readFile } from 'node:fs/promises';

/** The members of a JWK that are texts: all that a key consists of (RFC 7517 §4). */
export type JwkTexts = Readonly<Record<string, string>> & { readonly kty: string };

/**
 * Reads a private key out of a file that holds one JWK.
 *
 * Fails  Error that names the file, and nothing of what is in it
 */
export async function readPrivateJwk(file: string): Promise<JwkTexts> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`${file} cannot be read`, { cause });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own error quotes the text, which is a secret.
    throw new Error(`${file} is not JSON`);
  }
  const members = Object.entries(value ?? {}).flatMap(([name, member]: [string, unknown]) =>
    typeof member === 'string' ? [[name, member] as const] : [],
  );
  const { kty, ...others }: Record<string, string> = Object.fromEntries(members);
  if (kty === undefined || others['d'] === undefined) throw new Error(`${file} holds no private JWK`);
  return { ...others, kty };
}
