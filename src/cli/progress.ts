// A progress bar on standard error; silent where that is not a terminal.

export interface ProgressState {
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly rowsDone: number;
  /** Of the files opened so far. */
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

export interface Progress {
  update(state: ProgressState): void;
  finish(): void;
}

const bar = 24;
const everyMs = 80;
/** Before this much is done a forecast is noise. */
const forecastFrom = 0.02;

export function progressBar(stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { update() {}, finish() {} };
  let shown = 0;
  const started = performance.now();
  return {
    update(state) {
      const now = performance.now();
      if (now - shown < everyMs) return;
      shown = now;
      stream.write(`\r\x1b[K${progressLine(state, (now - started) / 1000).slice(0, (stream.columns ?? 80) - 1)}`);
    },
    finish() {
      stream.write('\r\x1b[K');
    },
  };
}

/** `█████░░░  62 %  file 2 of 3  120 MB of 190 MB  45 MB/s  2 s left`; files that are not open yet count as the average of the others. */
export function progressLine(state: ProgressState, seconds: number): string {
  const { filesDone, filesTotal, bytesDone, bytesTotal } = state;
  const opened = Math.min(filesTotal, filesDone + 1);
  const expected = (bytesTotal / Math.max(opened, 1)) * filesTotal;
  const part = expected > 0 ? Math.min(1, bytesDone / expected) : 0;
  const full = Math.round(part * bar);
  const files = filesTotal > 1 ? [`file ${opened} of ${filesTotal}`] : [];
  const left = part > forecastFrom ? [`${Math.ceil(seconds * (1 / part - 1))} s left`] : [];
  return [
    `${'█'.repeat(full)}${'░'.repeat(bar - full)} ${String(Math.floor(part * 100)).padStart(3)} %`,
    ...files,
    `${printBytes(bytesDone)} of ${filesTotal > opened ? 'about ' : ''}${printBytes(expected)}`,
    `${printBytes(bytesDone / Math.max(seconds, 1e-3))}/s`,
    `${state.rowsDone} rows`,
    ...left,
  ].join('  ');
}

/** `1.4 GB`, decimal. */
export function printBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
