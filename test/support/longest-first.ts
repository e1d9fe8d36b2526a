// The order of test files: those that take or wait longest first, so that none of them is left over at the end. Most of the rest is short.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const longest = [
  'test/store/rados-faults',
  'test/planner/rules-off',
  'test/api/ceph',
  'test/store/rados-class',
  'test/golden/ceph',
  'test/fragment/kernel-build',
  'test/differential/random',
  'test/api/bad-input',
  'test/store/rados',
  'test/pgwire/replay',
  'test/exec/duckdb-pool',
  'test/store/busy',
  'test/store/crash',
  'test/pgwire/clients.test',
  'test/differential/differential',
  'test/pgwire/system-clients',
  'test/ingest/memory',
  'test/root/conformance',
  'test/api/package',
  'test/exec/',
  'test/session/',
];

const rank = ({ moduleId }: TestSpecification): number => {
  const found = longest.findIndex((path) => moduleId.includes(`/${path}`));
  return found < 0 ? longest.length : found;
};

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}
