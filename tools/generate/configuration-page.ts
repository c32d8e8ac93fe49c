interface DocumentedVariable {
  readonly name: string;
  readonly means: string;
  readonly fallback: string | null;
  readonly secret: boolean;
}

/** The environment variables of both processes as a page. */
export function configurationPage(
  processes: Readonly<Record<string, readonly DocumentedVariable[]>>,
): string {
  const sections = Object.entries(processes).flatMap(([name, variables]) => [
    `## ${name}`,
    '',
    '| variable | means | default |',
    '|---|---|---|',
    ...variables.map(
      ({ name: variable, means, fallback, secret }) =>
        `| \`${variable}\`${secret ? ' (secret)' : ''} | ${means} | ${fallback === null ? '' : `\`${fallback}\``} |`,
    ),
    '',
  ]);
  return ['# Configuration', '', ...sections].join('\n');
}
