// Dropping a dataset: one more version, which says that there is nothing. Readers of older versions keep them until `gc`.
import { fail } from '../../core/index.js';
import type { ObjectStore } from '../object-store.js';
import { updateCatalogue } from './catalogue.js';
import { createRoot, newestRoot } from './dataset-root.js';

/** @throws DiagnosticError invalid_schema_name where it is not there */
export async function dropDataset(store: ObjectStore, dataset: string): Promise<void> {
  for (;;) {
    const newest = await newestRoot(store, dataset);
    if (newest?.state !== 'live') throw fail('invalid_schema_name', `dataset "${dataset}" does not exist`);
    const { version, nextSequence } = newest;
    const dropped = await createRoot(store, {
      format: 1,
      dataset,
      version: version + 1,
      created: Date.now(),
      state: 'dropped',
      segments: [],
      nextSequence,
    });
    if (dropped) break;
  }
  await updateCatalogue(store, { remove: [dataset] });
  // Someone may have made it anew before its name went off the list.
  if ((await newestRoot(store, dataset))?.state === 'live') await updateCatalogue(store, { add: [dataset] });
}
