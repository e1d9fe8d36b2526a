// The system relations as rows of pg_class and pg_attribute, with PostgreSQL's own numbers: `\\d pg_class`, and the Tab key behind `FROM pg_`.
import { attributeRow, bareClassRow } from './class-rows.js';
import { informationSchema, pgCatalog } from './object-ids.js';
import { layoutOf, type SystemRow } from './system-table.js';

type SystemSchema = 'pg_catalog' | 'information_schema';

/** `name oid`, and `v` where PostgreSQL has a view. */
const numbers: Readonly<Record<SystemSchema, string>> = {
  pg_catalog: `
pg_default_acl 826, pg_tablespace 1213, pg_shdepend 1214, pg_type 1247, pg_attribute 1249, pg_proc 1255, pg_class 1259, pg_authid 1260,
pg_auth_members 1261, pg_database 1262, pg_foreign_server 1417, pg_sequence 2224, pg_foreign_data_wrapper 2328, pg_shdescription 2396,
pg_aggregate 2600, pg_am 2601, pg_amop 2602, pg_amproc 2603, pg_attrdef 2604, pg_cast 2605, pg_constraint 2606, pg_conversion 2607, pg_depend 2608,
pg_description 2609, pg_index 2610, pg_inherits 2611, pg_language 2612, pg_namespace 2615, pg_opclass 2616, pg_operator 2617, pg_rewrite 2618,
pg_trigger 2620, pg_opfamily 2753, pg_db_role_setting 2964, pg_largeobject_metadata 2995, pg_extension 3079, pg_foreign_table 3118, pg_policy 3256,
pg_partitioned_table 3350, pg_statistic_ext 3381, pg_statistic_ext_data 3429, pg_collation 3456, pg_event_trigger 3466, pg_enum 3501, pg_range 3541,
pg_shseclabel 3592, pg_seclabel 3596, pg_ts_dict 3600, pg_ts_parser 3601, pg_ts_config 3602, pg_ts_template 3764, pg_subscription 6100,
pg_publication 6104, pg_publication_rel 6106, pg_publication_namespace 6237, pg_parameter_acl 6243, pg_roles 12000 v, pg_shadow 12005 v,
pg_group 12010 v, pg_user 12014 v, pg_policies 12018 v, pg_rules 12023 v, pg_views 12028 v, pg_tables 12033 v, pg_matviews 12038 v,
pg_indexes 12043 v, pg_sequences 12048 v, pg_publication_tables 12068 v, pg_locks 12073 v, pg_cursors 12077 v, pg_available_extensions 12081 v,
pg_available_extension_versions 12085 v, pg_prepared_xacts 12090 v, pg_prepared_statements 12095 v, pg_seclabels 12099 v, pg_settings 12104 v,
pg_timezone_abbrevs 12122 v, pg_timezone_names 12126 v, pg_stat_all_tables 12142 v, pg_stat_user_tables 12161 v, pg_statio_user_tables 12179 v,
pg_stat_user_indexes 12192 v, pg_stat_activity 12222 v, pg_replication_slots 12257 v, pg_stat_database 12266 v, pg_stat_user_functions 12275 v,
pg_user_mappings 12327 v`,
  information_schema: `
character_sets 13250 v, column_privileges 13285 v, columns 13295 v, constraint_column_usage 13300 v, domains 13320 v, key_column_usage 13329 v,
parameters 13334 v, referential_constraints 13339 v, routines 13377 v, schemata 13382 v, sequences 13386 v, table_constraints 13411 v,
table_privileges 13416 v, tables 13425 v, triggers 13440 v, views 13483 v, element_types 13493 v`,
};

interface SystemRelation {
  readonly schema: SystemSchema;
  readonly name: string;
  readonly oid: bigint;
  readonly isView: boolean;
}

const relationsOf = (schema: SystemRelation['schema']): SystemRelation[] =>
  numbers[schema]
    .trim()
    .split(/,\s+/)
    .map((entry) => {
      const [name, oid, view] = entry.split(' ') as [string, string, string?];
      return { schema, name, oid: BigInt(oid), isView: view !== undefined };
    });

const relations: readonly SystemRelation[] = [...relationsOf('pg_catalog'), ...relationsOf('information_schema')];
const byName = new Map(relations.map((relation) => [`${relation.schema}.${relation.name}`, relation.oid]));

export const systemRelationOid = (schema: string, name: string): bigint | undefined => byName.get(`${schema}.${name}`);

let classes: readonly SystemRow[] | undefined;
let attributes: readonly SystemRow[] | undefined;

/** The same objects each time. */
export const systemClassRows = (): readonly SystemRow[] =>
  (classes ??= relations.map(({ schema, name, oid, isView }) => ({
    ...bareClassRow({
      oid,
      schema: schema === 'pg_catalog' ? pgCatalog : informationSchema,
      name,
      kind: isView ? 'v' : 'r',
    }),
    relnatts: layoutOf(schema, name)!.length,
    _name: schema === 'pg_catalog' ? name : `${schema}.${name}`,
  })));

/** The same objects each time. */
export const systemAttributeRows = (): readonly SystemRow[] =>
  (attributes ??= relations.flatMap(({ schema, name, oid }) =>
    layoutOf(schema, name)!.map((column, i) => attributeRow(oid, column, i + 1)),
  ));
