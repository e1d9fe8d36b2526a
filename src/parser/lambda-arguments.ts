// Which arguments `x -> body` may stand in; elsewhere `->` is JSON's operator.

const functions = [
  'transform',
  'filter',
  'any',
  'all',
  'count',
  'sum',
  'min',
  'max',
  'avg',
  'reduce',
  'product',
  'argmin',
  'argmax',
];

/** Function names, lower case, to the positions of their lambda arguments. */
export const lambdaArguments: ReadonlyMap<string, readonly number[]> = new Map([
  ...functions.flatMap((name) => [[`list_${name}`, [1]] as const, [`array_${name}`, [1]] as const]),
  ['list_apply', [1]],
  ['array_apply', [1]],
  ['apply', [1]],
  ['filter', [1]],
  ['reduce', [1]],
]);

export type IsLambdaArgument = (functionName: string, argIndex: number) => boolean;

export const isLambdaArgument: IsLambdaArgument = (functionName, argIndex) =>
  lambdaArguments.get(functionName.toLowerCase())?.includes(argIndex) ?? false;
