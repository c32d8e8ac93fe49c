/** What of a text is something else here. */
export type Changes = readonly (readonly [string | RegExp, string])[];

/** Fails  Error when the text has not got what is to be changed: the test would test nothing */
export function changed(text: string, changes: Changes): string {
  return changes.reduce((before, [from, to]) => {
    const after = before.replace(from, () => to);
    if (after === before) throw new Error(`there is no ${String(from)}`);
    return after;
  }, text);
}
