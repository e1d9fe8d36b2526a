// A plan as JSON, YAML or XML: the same properties, as PostgreSQL writes them.
import { fail } from '../core/index.js';

export type StructuredFormat = 'json' | 'yaml' | 'xml';

type Json = unknown;
type Fields = Readonly<Record<string, Json>>;

const isFields = (value: Json): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

export function formatPlan(plan: Fields, format: StructuredFormat): string {
  switch (format) {
    case 'json':
      return JSON.stringify([plan], undefined, 2);
    case 'yaml':
      return `- ${yamlFields(plan, '  ')}`;
    case 'xml':
      return `<explain xmlns="http://www.postgresql.org/2009/explain">\n  <Query>\n${xmlFields(plan, '    ')}  </Query>\n</explain>`;
  }
}

/** Lines of a mapping; the first is not indented. */
function yamlFields(fields: Fields, indent: string): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      const deeper = `${indent}  `;
      if (isFields(value)) return `${name}: \n${deeper}${yamlFields(value, deeper)}`;
      if (!Array.isArray(value)) return `${name}: ${yamlScalar(value)}`;
      if (value.length === 0) return `${name}: []`;
      const items = value.map((item: Json) =>
        isFields(item) ? `${deeper}- ${yamlFields(item, `${deeper}  `)}` : `${deeper}- ${yamlScalar(item)}`,
      );
      return `${name}: \n${items.join('\n')}`;
    })
    .join(`\n${indent}`);
}

const yamlScalar = (value: Json): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));

function xmlFields(fields: Fields, indent: string): string {
  return Object.entries(fields)
    .map(([name, value]) => xmlElement(name.replaceAll(/[^A-Za-z0-9_.-]/g, '-'), value, indent))
    .join('');
}

function xmlElement(tag: string, value: Json, indent: string): string {
  const deeper = `${indent}  `;
  if (isFields(value)) return `${indent}<${tag}>\n${xmlFields(value, deeper)}${indent}</${tag}>\n`;
  if (!Array.isArray(value)) return `${indent}<${tag}>${xmlText(value)}</${tag}>\n`;
  const each = tag === 'Plans' ? 'Plan' : 'Item';
  return `${indent}<${tag}>\n${value.map((item: Json) => xmlElement(each, item, deeper)).join('')}${indent}</${tag}>\n`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const xmlText = (value: Json): string => String(value).replaceAll(/[&<>"]/g, (c) => entities[c]!);

export function explainFormat(word: string): 'text' | StructuredFormat {
  const format = word.toLowerCase();
  if (format === 'text' || format === 'json' || format === 'yaml' || format === 'xml') return format;
  throw fail('invalid_parameter_value', `unrecognized value for EXPLAIN option "format": "${word}"`);
}
