/** `apihydra init`: writes a configuration to begin with. */
import * as fs from 'node:fs';
import { Command, Option } from 'commander';
import { CONFIG_NAME, findConfigFile } from '../../config/find-config.js';
import { HydraError } from '../../errors.js';
import { ask, isTerminal } from '../connection/ask.js';
import { chooseApi } from '../init/choose-api.js';
import { OWN_API, templateNames, templateOf } from '../init/template.js';
import { templateFormats, writeTemplate, type TemplateFormat } from '../init/write-template.js';

interface InitFlags {
  readonly api?: string;
  readonly format: TemplateFormat;
  readonly force?: true;
}

/** The command. */
export function initCommand(): Command {
  return new Command('init')
    .description('Writes a configuration, apihydra.config.*, to begin with. It holds no secrets.')
    .addOption(
      new Option(
        '--api <name>',
        `a ready definition, or ${OWN_API} (default: asked for on a terminal, else ${OWN_API})`,
      ).choices(templateNames()),
    )
    .addOption(
      new Option('--format <format>', 'the format').choices(templateFormats).default('yaml'),
    )
    .option('--force', 'write over the file that is there')
    .addHelpText('after', '\nExample:\n  $ apihydra init --api github --format ts')
    .action(run);
}

async function run(flags: InitFlags): Promise<void> {
  const file = `${CONFIG_NAME}.${flags.format}`;
  const present = findConfigFile('.');
  if (present !== undefined && (present !== file || flags.force !== true)) {
    const way = present === file ? '--force writes over it' : 'remove it first';
    throw new HydraError('HYDRA_CONFIG', `There is a configuration already, ${present}: ${way}.`, {
      file: present,
    });
  }
  const api = flags.api ?? (isTerminal() ? await chooseApi(ask) : OWN_API);
  const text = writeTemplate(templateOf(api), flags.format);
  // Should one have been made meanwhile, it stays.
  fs.writeFileSync(file, text, { flag: flags.force === true ? 'w' : 'wx' });
  process.stderr.write(`Wrote ${file}. Next: fill it in, and \`apihydra check\`.\n`);
}
