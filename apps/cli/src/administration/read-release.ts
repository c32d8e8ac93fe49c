import { readReleaseDocument, type ReleaseDocument } from '#core';
import type { Answer } from '../answer.ts';
import { Failure } from '../failure.ts';

/** A release document of an answer. Fails  Failure when this program does not understand all of it */
export function releaseIn(answer: Answer): Required<ReleaseDocument> {
  const read = readReleaseDocument(answer.at('document').value);
  if ('document' in read) return read.document;
  const lines = read.problems.map(({ pointer, message }) => `\n  ${pointer} ${message}`);
  throw new Failure(`the server has a release that this program does not understand:${lines.join('')}`);
}
