/** A template in each format. */
import type { TemplateLine } from './template.js';

type Template = readonly TemplateLine[];

/** The formats. */
export const templateFormats = ['yaml', 'ts', 'js', 'json'] as const;

/** One of them; also the ending of the file. */
export type TemplateFormat = (typeof templateFormats)[number];

const SCHEMA = './node_modules/apihydra/dist/config-schema.json';

const ABOUT = [
  'What apihydra asks, and with which apps. `apihydra check` proves each app.',
  'Several APIs stand under `apis:`, each under a name, and --api names one. No secrets in this file.',
];

/** The text of the file. */
export function writeTemplate(template: Template, format: TemplateFormat): string {
  switch (format) {
    case 'yaml':
      return writeYaml(template);
    case 'json':
      return writeJson(template);
    case 'ts':
      return writeCode(
        template,
        ["import { defineConfig } from 'apihydra/config';", '', 'export default defineConfig({'],
        '});',
      );
    case 'js':
      return writeCode(
        template,
        ["/** @type {import('apihydra/config').Config} */", 'export default {'],
        '};',
      );
  }
}

/** JSON is YAML, too: so values are written nearly as JSON. */
function writeYaml(lines: Template): string {
  return [
    `# yaml-language-server: $schema=${SCHEMA}`,
    ...ABOUT.map((line) => `# ${line}`),
    ...lines.flatMap((line) => ['', `# ${line.comment}`, ...yamlLines(line)]),
    '',
  ].join('\n');
}

/** What there are several of stands below each other. */
function yamlLines({ key, value, isOptional }: TemplateLine): string[] {
  if (Array.isArray(value) && value.length > 1) {
    return [`${key}:`, ...value.map((item) => `  - ${inOneLine(item)}`)];
  }
  return [`${isOptional ? '# ' : ''}${key}: ${inOneLine(value)}`];
}

function codeLines({ key, value, isOptional }: TemplateLine): string[] {
  if (Array.isArray(value) && value.length > 1) {
    return [`  ${key}: [`, ...value.map((item) => `    ${inOneLine(item)},`), '  ],'];
  }
  return [`  ${isOptional ? '// ' : ''}${key}: ${inOneLine(value)},`];
}

/** JSON has no comments: editors show what the schema says. */
function writeJson(lines: Template): string {
  const api = Object.fromEntries(
    lines.filter((line) => !line.isOptional).map(({ key, value }) => [key, value]),
  );
  return `${JSON.stringify({ $schema: SCHEMA, ...api }, null, 2)}\n`;
}

function writeCode(lines: Template, head: readonly string[], end: string): string {
  return [
    ...ABOUT.map((line) => `// ${line}`),
    ...head,
    ...lines.flatMap((line) => [`  // ${line.comment}`, ...codeLines(line)]),
    end,
    '',
  ].join('\n');
}

/** JSON without what needs none: names of keys are bare in YAML and in code. */
function inOneLine(value: unknown): string {
  return JSON.stringify(value, null, 1)
    .replaceAll(/\n\s*/g, ' ')
    .replaceAll('[ ', '[')
    .replaceAll(' ]', ']')
    .replaceAll(/"(\w+)":/g, '$1:');
}
