/** A template in each format. */
import type { Template, TemplateLine } from './template.js';

/** The formats. */
export const templateFormats = ['yaml', 'ts', 'js', 'json'] as const;

/** One of them; also the ending of the file. */
export type TemplateFormat = (typeof templateFormats)[number];

const SCHEMA = './node_modules/apihydra/dist/config-schema.json';

const ABOUT = [
  'What apihydra asks, and with which apps. `apihydra check` proves each app.',
  'Several APIs may stand here; --api names one. No secrets in this file.',
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

/** JSON is YAML, too: so values are written as JSON. */
function writeYaml({ name, lines }: Template): string {
  return [
    `# yaml-language-server: $schema=${SCHEMA}`,
    ...ABOUT.map((line) => `# ${line}`),
    'apis:',
    `  ${name}:`,
    ...lines.flatMap((line) => [
      `    # ${line.comment}`,
      `    ${line.isOptional ? '# ' : ''}${line.key}: ${inOneLine(line)}`,
    ]),
    '',
  ].join('\n');
}

/** JSON has no comments: editors show what the schema says. */
function writeJson({ name, lines }: Template): string {
  const api = Object.fromEntries(
    lines.filter((line) => !line.isOptional).map(({ key, value }) => [key, value]),
  );
  return `${JSON.stringify({ $schema: SCHEMA, apis: { [name]: api } }, null, 2)}\n`;
}

function writeCode({ name, lines }: Template, head: readonly string[], end: string): string {
  return [
    ...ABOUT.map((line) => `// ${line}`),
    ...head,
    '  apis: {',
    `    ${name}: {`,
    ...lines.flatMap((line) => [
      `      // ${line.comment}`,
      `      ${line.isOptional ? '// ' : ''}${line.key}: ${inOneLine(line)},`,
    ]),
    '    },',
    '  },',
    end,
    '',
  ].join('\n');
}

function inOneLine({ value }: TemplateLine): string {
  return JSON.stringify(value, null, 1)
    .replace(/\n\s*/g, ' ')
    .replaceAll('[ ', '[')
    .replaceAll(' ]', ']');
}
