import type { DocumentProblem } from '../registry/documents.ts';

export class EnrolmentRefused extends Error {
  override readonly name = 'EnrolmentRefused';
}

/** The version that was named is not the current one. */
export class VersionMoved extends Error {
  override readonly name = 'VersionMoved';
}

export class NoSuchResource extends Error {
  override readonly name = 'NoSuchResource';
}

/** A name that may exist once is taken, or something refers to what would go. */
export class ResourceConflict extends Error {
  override readonly name = 'ResourceConflict';

  constructor(
    readonly why: 'exists' | 'referenced',
    readonly problems: readonly DocumentProblem[] = [],
  ) {
    super(why);
  }
}
