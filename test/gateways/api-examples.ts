import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Changes } from './changed-file.ts';

type Command = readonly [string, ...string[]];

/** An API of `examples` in another language. It is made and run in a copy of its folder. */
export interface ApiExample {
  readonly name: string;
  /** Below `examples`. */
  readonly folder: string;
  /** What it takes its key as. */
  readonly key: 'pem' | 'jwk';
  /** Gets what it is made with. It is not tested where one of these fails. */
  readonly needs: (copy: string) => readonly Command[];
  readonly build: readonly Command[];
  readonly start: (copy: string, port: number) => Command;
  /** A mistake that makes it keep answers. */
  readonly keepsAnswers?: { readonly file: string; readonly changes: Changes };
}

const QUIET = ['-q', '-B'] as const;

export const API_EXAMPLES: readonly ApiExample[] = [
  {
    name: 'Go',
    folder: 'go',
    key: 'pem',
    needs: () => [['go', 'version']],
    build: [['go', 'build', '-o', 'orders', '.']],
    start: (copy) => [join(copy, 'orders')],
  },
  {
    name: 'FastAPI with Authlib',
    folder: 'fastapi',
    key: 'pem',
    needs: (copy) => [
      ['python3', '-m', 'venv', '.venv'],
      [join(copy, '.venv/bin/pip'), 'install', '-q', '--disable-pip-version-check', '-r', 'requirements.txt'],
    ],
    build: [],
    start: (copy, port) => [
      join(copy, '.venv/bin/uvicorn'),
      ...['main:app', '--host', '127.0.0.1', '--port', String(port), '--log-level', 'warning'],
    ],
    keepsAnswers: {
      file: 'broker.py',
      changes: [
        ['    TOKEN_TYPE = "dpop"', '    TOKEN_TYPE = "dpop"\n    kept = {}'],
        [
          'return self.broker.introspect(token_string, self.told)',
          'return self.kept.get(token_string) or self.kept.setdefault(token_string, self.broker.introspect(token_string, self.told))',
        ],
      ],
    },
  },
  {
    name: 'Spring Security',
    folder: 'spring-security',
    key: 'jwk',
    needs: () => [
      ['java', '-version'],
      ['mvn', ...QUIET, 'dependency:resolve'],
    ],
    build: [['mvn', ...QUIET, 'package']],
    start: (copy) => ['java', '-jar', join(copy, 'target/orders.jar')],
  },
];

/** False, with a line that says so, where it cannot be made here. */
export function isAtHand({ name, needs }: ApiExample, copy: string): boolean {
  try {
    for (const [program, ...args] of needs(copy)) execFileSync(program, args, { cwd: copy, stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(`what the example of ${name} needs is not at hand: its tests are skipped\n`);
    return false;
  }
}
