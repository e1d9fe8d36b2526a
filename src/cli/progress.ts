// A progress bar on standard error; silent where that is not a terminal.

export interface Progress {
  update(done: number, total: number, what: string): void;
  finish(): void;
}

const bar = 24;
const everyMs = 80;

export function progressBar(stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { update() {}, finish() {} };
  let shown = 0;
  const started = performance.now();
  return {
    update(done, total, what) {
      const now = performance.now();
      if (now - shown < everyMs && done < total) return;
      shown = now;
      const part = total > 0 ? Math.min(1, done / total) : 0;
      const full = Math.round(part * bar);
      const left = part > 0.02 ? `, ${Math.ceil(((now - started) / 1000) * (1 / part - 1))} s left` : '';
      const line = `${'█'.repeat(full)}${'░'.repeat(bar - full)} ${String(Math.floor(part * 100)).padStart(3)} %${left}  ${what}`;
      stream.write(`\r\x1b[K${line.slice(0, (stream.columns ?? 80) - 1)}`);
    },
    finish() {
      stream.write('\r\x1b[K');
    },
  };
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
