import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where tests are. */
const TESTED = ['apps', 'libs', 'test', 'tools', 'migrations'];

/** Its tests have names of others in them. */
const SELF = 'tools/generate/';

/** Tests, contracts that several of them share, and tables of cases that they run through. */
const IS_TEST = /(?:spec|contract)\.ts$|^test\/support\/.*\.ts$/;

export interface TestFile {
  /** With slashes, so that it is the same everywhere. */
  readonly file: string;
  readonly text: string;
}

const isTest = (path: string): boolean =>
  IS_TEST.test(path) && !path.includes('node_modules') && !path.startsWith(SELF);

/** Every source file in which tests have their names. */
export function testFiles(): readonly TestFile[] {
  return TESTED.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path).replaceAll('\\', '/'))
      .filter((path) => isTest(path))
      .toSorted()
      .map((file) => ({ file, text: readFileSync(file, 'utf8') })),
  );
}
