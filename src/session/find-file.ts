// A file of a dataset by what its user calls it.
import type { DatasetSnapshot, FileEntry } from '../catalog/index.js';
import { fail, suggest } from '../core/index.js';

/**
 * By source first, then by name where that is the only one, then by position from 0.
 * @throws DiagnosticError undefined_file, with a suggestion; ambiguous_parameter where several have that name
 */
export function findFile(snapshot: DatasetSnapshot, wanted: string): FileEntry {
  const { files, name: dataset } = snapshot;
  const found = files.find(({ source }) => source === wanted);
  if (found) return found;
  const named = files.filter(({ name }) => name === wanted);
  if (named.length > 1)
    throw fail('ambiguous_parameter', `dataset "${dataset}" has ${named.length} files called "${wanted}"`, {
      hint: `Give the source of one: ${named.map(({ source }) => `"${source}"`).join(', ')}.`,
    });
  const numbered = /^\d+$/.test(wanted) ? files[Number(wanted)] : undefined;
  const one = named[0] ?? numbered;
  if (one) return one;
  const near = suggest(
    wanted,
    files.flatMap(({ name, source }) => [name, source]),
  );
  throw fail('undefined_file', `dataset "${dataset}" has no file "${wanted}"`, {
    hint: near === undefined ? undefined : `perhaps "${near}"?`,
  });
}
