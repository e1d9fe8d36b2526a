// How values are read and written while a statement is bound.
import type { SystemCatalog } from '../../catalog/index.js';
import { currentStyle, type ObjectNames, styleOf, withStyle } from '../../core/index.js';
import { typeNumber } from './bind-type-name.js';
import { type BindEnvironment, sinceStart } from './environment.js';

/** Binds in the session's time zone and styles, with the names of its catalogue. */
export function inStyle<T>({ session, onMoment, system }: BindEnvironment, work: () => T): T {
  return sinceStart((start) => {
    const now = () => {
      onMoment?.();
      return start;
    };
    const style = session ? styleOf(session.setting, now) : { ...currentStyle(), now };
    return withStyle(system ? { ...style, objects: objectNames(system) } : style, work);
  });
}

/** Types in SQL's spellings too, which the catalogue does not know. */
const objectNames = (system: SystemCatalog): ObjectNames => ({
  nameOf: (type, oid) => system.nameOf(type, oid),
  oidOf: (type, name) => system.oidOf(type, name) ?? (type === 'regtype' ? typeNumber(name) : undefined),
});
