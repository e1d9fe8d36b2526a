// From a statement's AST to its plan: what the binder is told, what is known of it from earlier, the planner's steps in order.
import { SystemCatalog } from '../catalog/index.js';
import type { QualifiedName, QueryStatement } from '../parser/index.js';
import {
  type BindEnvironment,
  type BoundQuery,
  bindStatement,
  optimize,
  planPhysical,
  relationsMentioned,
  statsNeeded,
} from '../planner/index.js';
import { findFile } from './find-file.js';
import { type Known, type KnownPlan, planKey, sameDatasets } from './plan-cache.js';
import type { PlannedQuery } from './planned-query.js';
import type { ReadView } from './read-view.js';
import type { Session } from './session.js';
import type { NativeTarget, QueryOptions } from './session-options.js';
import { holdObjects, needsNames, wantedDatasets } from './wanted-datasets.js';

/** A statement on its way: what it is about, and the versions it sees. */
export interface Run {
  readonly view: ReadView;
  readonly options: QueryOptions;
  readonly target?: NativeTarget;
  /** One answer per file. */
  readonly byFile?: boolean;
  /** What the binder is told, where that is known already. */
  readonly environment?: BindEnvironment;
  /** Instead of binding the statement as a query of its own. */
  readonly bind?: (environment: BindEnvironment) => BoundQuery;
  /** It is not to run: what changes settings does not. */
  readonly describing: boolean;
}

export class Planning {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** A plan as it was made for an earlier execution, where nothing has changed since; else a new one. */
  async knownPlan(statement: QueryStatement, run: Run): Promise<KnownPlan> {
    const { plans } = this.#session.database;
    const { parameters, pushdown, kernel } = run.options;
    const own = pushdown || kernel ? JSON.stringify([pushdown, kernel]) : '';
    const key = planKey(`${this.#session.variables.fingerprint}${own}`, parameters);
    const known = key === undefined ? undefined : plans.find(statement, key);
    if (known && (await this.stillKnown(known, run.view))) return known;
    let isMomentary = false;
    const onMoment = () => {
      isMomentary = true;
    };
    const environment = { ...(await this.environment(statement, run.view, false)), onMoment };
    const planned = await this.plan(statement, { ...run, environment });
    const found = { planned, ...knownOf(statement, environment) };
    if (key !== undefined && !isMomentary && !environment.system) plans.keep(statement, key, found);
    return found;
  }

  async stillKnown({ relations, datasets }: Known, view: ReadView): Promise<boolean> {
    return relations.length === 0 || sameDatasets(datasets, (await this.datasets(relations, view)).datasets);
  }

  async plan(statement: QueryStatement, run: Run): Promise<PlannedQuery> {
    const started = performance.now();
    const { catalog, store, engine } = this.#session.database;
    const { view, options, target, byFile } = run;
    const { pushdown = this.#session.settings.pushdown, kernel = this.#session.settings.kernel } = options;
    const snapshot = target && (await view.dataset(target.dataset));
    const environment: BindEnvironment = {
      ...(target && snapshot
        ? { datasets: new Map([[target.dataset, snapshot]]), datasetNames: [] }
        : (run.environment ?? (await this.environment(statement, view, run.describing)))),
      ...(target && {
        native: {
          dataset: target.dataset,
          ...(target.file !== undefined && { files: [findFile(snapshot!, target.file).ordinal] }),
        },
      }),
      ...(options.parameters && { parameters: options.parameters }),
    };
    const bound = run.bind ? run.bind(environment) : bindStatement(statement, environment);
    const { query: optimized, fired } = optimize(bound, { disabledRules: this.#session.settings.disabledRules });
    const stats = new Map();
    for (const { table, columns } of statsNeeded(optimized)) stats.set(table, await catalog.stats(table, columns));
    const physical = planPhysical(optimized, {
      stats,
      settings: { pushdown, kernel },
      storeExecutes: store.execute !== undefined,
      ...(engine.speed && { speed: engine.speed }),
      ...(byFile && { byFile: snapshot!.files.map(({ ordinal }) => ordinal) }),
    });
    const objects = environment.system && { objects: environment.system };
    return { bound, fired, optimized, physical, ...objects, milliseconds: performance.now() - started };
  }

  async environment(statement: QueryStatement, view: ReadView, describing = true): Promise<BindEnvironment> {
    const { searchPath } = this.#session.settings;
    const relations = relationsMentioned(statement);
    const user = this.#session.variables.get('session_authorization') || 'skyhook';
    const { ofCatalogue, ...found } = await this.datasets(relations, view);
    const isAboutCatalogue = ofCatalogue || needsNames(statement) || holdObjects(relations, found.datasets);
    const names = isAboutCatalogue ? await view.names() : [];
    const { dataset: temporary } = this.#session.temporary;
    const start = this.#session.transaction.startMicros;
    const own = temporary === undefined ? [] : [temporary];
    return {
      ...found,
      ...(searchPath.length > 0 && { searchPath }),
      ...(isAboutCatalogue && {
        system: new SystemCatalog({
          datasets: await Promise.all([...own, ...names].map((name) => view.dataset(name))),
          database: this.#session.databaseName,
          user,
          settings: this.#session.variables.facts(),
          backends: this.#session.database.backends,
        }),
      }),
      session: {
        database: this.#session.databaseName,
        user,
        schemas: searchPath.length > 0 ? searchPath : ['public'],
        version: `PostgreSQL ${this.#session.variables.get('server_version')} (Skyhook), compatible by protocol`,
        processId: this.#session.processId,
        signal: (processId, what) => {
          const found = this.#session.signal(processId, what);
          if (!found) this.#session.warn('warning', `PID ${processId} is not a PostgreSQL backend process`);
          return found;
        },
        ...(start !== undefined && { transactionStart: start }),
        setting: (name) => this.#session.setting(name),
        listening: () => this.#session.notifications.channels,
        ...(!describing && {
          notify: (channel, payload) => this.#session.say((notifications) => notifications.notify(channel, payload)),
        }),
        ...(!describing && { wait: (milliseconds: number) => this.#session.delay.add(milliseconds) }),
        ...(!describing && { configure: (name, value, local) => this.#session.configure(name, value, local) }),
      },
    };
  }

  datasets(relations: readonly QualifiedName[], view: ReadView) {
    const { searchPath } = this.#session.settings;
    return wantedDatasets(relations, view, {
      searchPath,
      temporary: this.#session.temporary.dataset,
      staged: this.#session.staged,
      storeUrl: this.#session.database.store.url,
    });
  }
}

export const knownOf = (statement: QueryStatement, { datasets }: BindEnvironment): Known => ({
  relations: relationsMentioned(statement),
  datasets,
});
