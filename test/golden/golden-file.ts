// A golden file: header, then sections `==== name`, as docs/architecture and EXPLAIN readers see one query whole.

export interface GoldenFile {
  readonly header: readonly string[];
  readonly sections: ReadonlyMap<string, string>;
}

export function parseGolden(text: string): GoldenFile {
  const header: string[] = [];
  const sections = new Map<string, string>();
  let name: string | undefined;
  for (const line of text.trimEnd().split('\n')) {
    const start = /^==== (\w+)/.exec(line);
    if (start) {
      name = start[1]!;
      sections.set(name, '');
    } else if (name === undefined) header.push(line);
    else sections.set(name, sections.get(name) ? `${sections.get(name)}\n${line}` : line);
  }
  return { header, sections };
}

export function printGolden({ header, sections }: GoldenFile): string {
  const parts = [...sections].map(([name, body]) => `==== ${name}\n${body}`);
  return `${[...header, ...parts].join('\n')}\n`;
}

/** `expect: A, B` in the header. */
export function expectedRules({ header }: GoldenFile): readonly string[] {
  const line = header.find((l) => l.startsWith('expect:'));
  return line
    ? line
        .slice('expect:'.length)
        .split(',')
        .map((r) => r.trim())
        .filter(Boolean)
    : [];
}
