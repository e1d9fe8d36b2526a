// Fragments: bound to partitions, run, and merged.
export { answerFragment } from './answer-fragment.js';
export { bindFragment, encodePartition } from './bind-fragment.js';
export { createFragmentRunner, FragmentRunner, type FragmentRunnerOptions } from './fragment-runner.js';
export { GroupTable } from './group-table.js';
export { grown } from './grown.js';
export { columnsFrom, type FragmentResult, runFragment } from './run-fragment.js';
export { keyOrder, rowOrder, topRows } from './top-rows.js';
