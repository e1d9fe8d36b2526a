// One statement per kind of nesting, `n` levels deep.
export interface Nested {
  readonly name: string;
  readonly language: 'sql' | 'native';
  readonly make: (n: number) => string;
}

const around = (open: string, inner: string, close: string) => (n: number) =>
  `${open.repeat(n)}${inner}${close.repeat(n)}`;
const selecting = (open: string, inner: string, close: string) => (n: number) =>
  `select ${around(open, inner, close)(n)}`;
const native = (open: string, inner: string, close: string) => (n: number) =>
  `select ${around(open, inner, close)(n)} > 1, project Events.x`;

const sql: readonly (readonly [string, (n: number) => string])[] = [
  ['parentheses', selecting('(', '1', ')')],
  ['rows', selecting('(1, ', '1', ')')],
  ['explicit rows', selecting('row(', '1', ')')],
  ['scalar subqueries', selecting('(select ', '1', ')')],
  ['exists', (n) => `select 1 where ${around('exists (select 1 where ', 'true', ')')(n)}`],
  ['in subqueries', selecting('true in (select ', 'true', ')')],
  ['in lists', selecting('true in (', 'true', ')')],
  ['any', (n) => selecting('true = any (array[', 'true', '])')(n / 2)],
  ['any subqueries', selecting('true = any (select ', 'true', ')')],
  ['from subqueries', (n) => around('select * from (', 'select 1', ') t')(n)],
  ['lateral subqueries', (n) => `select * from a, ${around('lateral (select * from a, ', 'b', ') t')(n)}`],
  ['with', (n) => around('with c as (', 'select 1', ') select * from c')(n)],
  ['bracketed queries', (n) => around('(', 'select 1', ')')(n)],
  ['unions', (n) => around('(select 2 union all ', 'select 1', ')')(n)],
  ['values', (n) => around('values ((', 'select 1', '))')(n / 2)],
  ['case', selecting('case when true then ', '1', ' end')],
  ['case of case', selecting('case ', '1', ' when 2 then 3 end')],
  ['else', selecting('case when true then 1 else ', '1', ' end')],
  ['lists', selecting('[', '1', ']')],
  ['arrays', (n) => `select array${around('[', '1', ']')(n)}`],
  ['array subqueries', selecting('array(select ', '1', ')')],
  ['structs', selecting("{'a': ", '1', '}')],
  ['subscripts', (n) => `${selecting('a[', '1', ']')(n)} from a`],
  ['slices', (n) => `${selecting('(a[1:', '2', '])[1]')(n / 2)} from a`],
  ['calls', selecting('abs(', '1', ')')],
  ['distinct arguments', selecting('count(distinct ', '1', ')')],
  ['named arguments', selecting('f(a => ', '1', ')')],
  ['sorted arguments', selecting('array_agg(1 order by ', '1', ')')],
  ['coalesce', selecting('coalesce(', '1', ')')],
  ['casts', selecting('cast(', '1', ' as int)')],
  ['substring', selecting("substring('a' from ", '1', ')')],
  ['overlay', (n) => selecting("overlay('a' placing 'b' from length(", "'1'", '))')(n / 2)],
  ['trim', selecting('trim(both from ', "'a'", ')')],
  ['extract', selecting('extract(year from ', "'a'", ')')],
  ['position', selecting("position('a' in ", "'a'", ')')],
  ['collation for', selecting('collation for (', "'a'", ')')],
  ['filter', selecting('count(*) filter (where 1 = ', '1', ')')],
  ['within group', selecting('mode() within group (order by ', '1', ')')],
  ['windows', selecting('sum(1) over (order by ', '1', ')')],
  ['overlaps', selecting('(1, 2) overlaps (1, ', '2', ')')],
  ['type modifiers', selecting('f(1) + numeric(', '1', ") '1'")],
  ['grouping sets', (n) => `select a from a group by ${around('grouping sets (', 'a', ')')(n)}`],
  ['joins in parentheses', (n) => `select * from ${around('(a join ', 'b', ' on true)')(n)}`],
  ['joins of joins', (n) => `select * from a ${around('join (b ', 'join c on true', ') on true ')(n)}`],
  ['pending joins', (n) => `select * from a ${around('join b ', '', 'on true ')(n)}`],
  ['lambdas', (n) => `${selecting('list_sum(list_transform(a, lambda x: ', '1', '))')(n / 2)} from a`],
  ['arrow lambdas', (n) => `${selecting('list_sum(list_transform(a, x -> ', '1', '))')(n / 2)} from a`],
  ['lambdas in lambdas', (n) => `select list_transform(a, ${around('lambda x: ', '1', '')(n - 1)}) from a`],
];

const inNative: readonly (readonly [string, (n: number) => string])[] = [
  ['parentheses', native('(', 'x', ')')],
  ['calls', native('abs(', 'x', ')')],
  ['lambdas', (n) => native('list_sum(list_transform(a, y -> ', 'y', '))')(n / 2)],
  ['case', native('case when x > 1 then ', 'x', ' end')],
];

export const nested: readonly Nested[] = [
  ...sql.map(([name, make]) => ({ name, language: 'sql' as const, make })),
  ...inNative.map(([name, make]) => ({ name: `native ${name}`, language: 'native' as const, make })),
];
