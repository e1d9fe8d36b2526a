// Units of times and intervals, as PostgreSQL spells them: words are cut to ten characters.

const spellings = {
  microsecond: 'us usec usecs useconds microsecon',
  millisecond: 'ms msec msecs mseconds millisecon',
  second: 's sec secs second seconds',
  minute: 'm min mins minute minutes',
  hour: 'h hr hrs hour hours',
  day: 'd day days',
  week: 'w week weeks',
  month: 'mon mons month months',
  quarter: 'qtr quarter',
  year: 'y yr yrs year years',
  decade: 'dec decs decade decades',
  century: 'c cent century centuries',
  millennium: 'mil mils millennia millennium',
} as const;

export type DateTimeUnit = keyof typeof spellings;

const units = new Map(
  Object.entries(spellings).flatMap(([unit, words]) => words.split(' ').map((word) => [word, unit as DateTimeUnit])),
);

/** @param word in small letters */
export const dateTimeUnit = (word: string): DateTimeUnit | undefined => units.get(word.slice(0, 10));
