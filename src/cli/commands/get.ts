/** `apihydra get`: one answer, or all items of a list. */
import { Command } from 'commander';
import { connectionOptions } from '../connection/connection-options.js';
import { openHydra } from '../connection/open-hydra.js';
import { parseJson, type JsonValue } from '../export/json-value.js';
import { ReaderGone, StreamOutput } from '../export/stream-output.js';
import { getOptions, paginationOf, postOf, type GetFlags } from '../get/get-flags.js';
import { printItems } from '../get/print-items.js';
import { followRun } from '../run/carry-out.js';

const HELP = `
Without --all, the body of the answer is written as it came. With --all, a page that fails ends it with
exit code 1; the items before it are there. With --out, start the same command again to go on; pages that
failed are asked for again, too, and \`apihydra export <directory> --each .\` writes the items (or --each
<path> where the list is not the body itself).

Examples:
  $ apihydra get /users/42
  $ apihydra get '/campus/51/users?sort=login' --all > users.jsonl
  $ apihydra get /campus/51/users --all --out ./users
  $ apihydra get /charges --all --cursor last:id --cursor-parameter starting_after --more has_more
  $ apihydra get /databases/1a2b/query --all --post '{"filter":{"property":"Done","checkbox":{"equals":true}}}'`;

/** The command. */
export function getCommand(): Command {
  const command = new Command('get')
    .description('Asks for one path, or for all items of a list that comes page by page.')
    .argument('<path>', 'begins with /, and may have a query');
  getOptions(command);
  connectionOptions(command);
  return command.addHelpText('after', HELP).action(async (path: string, flags: GetFlags) => {
    const misuse = findMisuse(flags);
    if (misuse !== undefined) command.error(`error: ${misuse}`);
    await (flags.all === true ? getAll(path, flags) : getOne(path, flags));
  });
}

/** Options of which one says nothing without the other, or the contrary. */
function findMisuse(flags: GetFlags): string | undefined {
  const { all, out, json, jsonl, uniqueBy, ahead, post } = flags;
  const isOfPages = Object.values(paginationOf(flags)).some((value) => value !== undefined);
  const wantsAll = [out, json, jsonl, uniqueBy, ahead, post].some((value) => value !== undefined);
  if (all !== true && (isOfPages || wantsAll)) return 'expected --all with options for lists';
  if (json === true && jsonl === true) return 'expected --json or --jsonl, got both';
  if (out === undefined) return undefined;
  const printed = [jsonl, uniqueBy, ahead].some((value) => value !== undefined);
  return printed
    ? 'expected no --jsonl, --unique-by or --ahead with --out, which records whole pages'
    : undefined;
}

async function getOne(path: string, flags: GetFlags): Promise<void> {
  await using hydra = await openHydra(flags, { store: false });
  const response = await hydra.get(path);
  try {
    await new StreamOutput(process.stdout).write(response.bytes());
  } catch (error) {
    if (!(error instanceof ReaderGone)) throw error;
  }
}

async function getAll(path: string, flags: GetFlags): Promise<void> {
  const { out, uniqueBy, ahead, compress, responsesPerFile, durability, json } = flags;
  const options = { responsesPerFile, durability, store: false };
  await using hydra = await openHydra(flags, options);
  const pagination = { ...paginationOf(flags), ...postOf(flags), parse: parseJson };
  if (out === undefined) {
    const pages = hydra.paginate<JsonValue>(path, {
      ...pagination,
      ...(uniqueBy === undefined ? {} : { uniqueBy }),
      ...(ahead === undefined ? {} : { ahead }),
    });
    return await printItems(hydra, pages, new StreamOutput(process.stdout), json === true);
  }
  const run = hydra.runPages(path, { ...pagination, directory: out, compress });
  await followRun(run, out, 'start it again to ask again', json === true);
}
