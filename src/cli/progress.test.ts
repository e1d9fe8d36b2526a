import { describe, expect, it } from 'vitest';
import { parseBytes } from './commands/ingest-command.js';
import { progressBar, progressLine } from './progress.js';

describe('progress', () => {
  it('says how far, how fast and how long', () => {
    const state = { filesDone: 0, filesTotal: 1, rowsDone: 5000, bytesDone: 30e6, bytesTotal: 120e6 };
    expect(progressLine(state, 2)).toBe(
      '██████░░░░░░░░░░░░░░░░░░  25 %  30.0 MB of 120 MB  15.0 MB/s  5000 rows  6 s left',
    );
  });

  it('counts files that are not open yet as the average of the others', () => {
    const state = { filesDone: 1, filesTotal: 4, rowsDone: 9, bytesDone: 50e6, bytesTotal: 100e6 };
    expect(progressLine(state, 1)).toMatch(/ {2}25 % {2}file 2 of 4 {2}50.0 MB of about 200 MB .* 3 s left$/);
  });

  it('makes no forecast at the start', () => {
    expect(progressLine({ filesDone: 0, filesTotal: 1, rowsDone: 0, bytesDone: 0, bytesTotal: 0 }, 0)).not.toMatch(
      /left|NaN|Infinity/,
    );
  });

  it('is drawn on a terminal only', () => {
    const written: string[] = [];
    const stream = (isTTY: boolean) =>
      ({ isTTY, columns: 40, write: (text: string) => written.push(text) }) as unknown as NodeJS.WriteStream;
    const state = { filesDone: 0, filesTotal: 1, rowsDone: 1, bytesDone: 1, bytesTotal: 2 };
    progressBar(stream(false)).update(state);
    expect(written).toEqual([]);
    const bar = progressBar(stream(true));
    bar.update(state);
    bar.finish();
    expect(written).toHaveLength(2);
    // Erases the line, and stays one column short of wrapping.
    expect(written[0]!.replace('\r\x1b[K', '').length).toBeLessThan(40);
  });
});

describe('sizes', () => {
  it.each([
    ['512MB', 512e6],
    ['1GiB', 2 ** 30],
    ['1.5 gb', 1.5e9],
    ['200000000', 2e8],
    ['64k', 64e3],
  ])('%s', (text, bytes) => expect(parseBytes(text)).toBe(bytes));

  it.each(['', 'much', '-1MB', '1XB', '0'])('%s is none', (text) => expect(() => parseBytes(text)).toThrow(/size/));
});
