// Times of day with a time zone: texts such as `10:00:00+02`, each of them written in one way alone.
import { printOffset, printTime } from './print-datetime.js';

export interface Timetz {
  /** Microseconds of the local day. */
  readonly time: bigint;
  /** Seconds east of Greenwich. */
  readonly offset: number;
}

export const printTimetz = ({ time, offset }: Timetz): string => printTime(time) + printOffset(offset);

/** The inverse of {@link printTimetz}. */
export function parseTimetzText(text: string): Timetz {
  const [, h, m, s, fraction = '', sign, zh, zm = '0', zs = '0'] =
    /^(\d\d):(\d\d):(\d\d)(?:\.(\d+))?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/.exec(text)!;
  const time = BigInt((Number(h) * 60 + Number(m)) * 60 + Number(s)) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  const size = (Number(zh) * 60 + Number(zm)) * 60 + Number(zs);
  return { time, offset: sign === '-' ? 0 - size : size };
}

/** By the moment, and where that is the same, from east to west. */
export function timetzSortKey(text: string): string {
  const { time, offset } = parseTimetzText(text);
  const moment = time - BigInt(offset) * 1_000_000n + 200_000_000_000n;
  return `${String(moment).padStart(13, '0')}${String(100_000 - offset).padStart(6, '0')}`;
}

const day = 86_400_000_000n;
export const withinDay = (micros: bigint): bigint => ((micros % day) + day) % day;
