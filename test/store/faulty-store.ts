// A store in which each operation can be made to fail, or the process to die, at a chosen moment. Tests only.
import type { ObjectStore } from '../../src/store/index.js';

export type StoreOperation = 'read' | 'readRanges' | 'stat' | 'write' | 'create' | 'delete' | 'list';

/** Called before and after each operation; what it throws is what the operation throws. */
export type Fault = (operation: StoreOperation, name: string, moment: 'before' | 'after') => void;

export function faultyStore(inner: ObjectStore, fault: Fault): ObjectStore {
  const around = async <T>(operation: StoreOperation, name: string, run: () => Promise<T>): Promise<T> => {
    fault(operation, name, 'before');
    const result = await run();
    fault(operation, name, 'after');
    return result;
  };
  return {
    url: inner.url,
    read: (name, options) => around('read', name, () => inner.read(name, options)),
    readRanges: (name, ranges, options) => around('readRanges', name, () => inner.readRanges(name, ranges, options)),
    stat: (name) => around('stat', name, () => inner.stat(name)),
    write: (name, bytes) => around('write', name, () => inner.write(name, bytes)),
    create: (name, bytes) => around('create', name, () => inner.create(name, bytes)),
    delete: (name) => around('delete', name, () => inner.delete(name)),
    list: (prefix) => {
      fault('list', prefix, 'before');
      return inner.list(prefix);
    },
    close: () => inner.close(),
  };
}
