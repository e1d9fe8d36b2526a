// A golden file: header, then sections `==== name`, so that readers of docs/architecture and EXPLAIN see one query whole.

export interface GoldenFile {
  readonly header: readonly string[];
  readonly sections: ReadonlyMap<string, string>;
}

export function parseGolden(text: string): GoldenFile {
  const header: string[] = [];
  const sections = new Map<string, string>();
  let name: string | undefined;
  for (const line of text.trimEnd().split('\n')) {
    const start = /^==== (.+)$/.exec(line);
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

/** The value of a header line `name: …`. */
export function headerLine({ header }: GoldenFile, name: string): string | undefined {
  return header
    .find((line) => line.startsWith(`${name}:`))
    ?.slice(name.length + 1)
    .trim();
}

/** `expect: A, B` in the header. */
export function expectedRules(golden: GoldenFile): readonly string[] {
  return (headerLine(golden, 'expect') ?? '')
    .split(',')
    .map((rule) => rule.trim())
    .filter(Boolean);
}
