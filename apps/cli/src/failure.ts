/** How a command ends; listed in `oncekey help`. */
export const EXIT = { done: 0, refused: 1, usage: 2, unavailable: 3 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command that cannot go on, in words for whoever typed it. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.refused,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
