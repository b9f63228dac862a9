/** `apihydra plan`: what a job would take, before it is begun. */
import { Command, InvalidArgumentError } from 'commander';
import type { Scenario } from '../../simulation/scenario.js';
import { configuredApi, type ConfigFlags } from '../connection/configured-api.js';
import { configOptions } from '../connection/connection-options.js';
import { INPUT_HELP, inputOptions, type InputFlags } from '../input/input-options.js';
import { openInput } from '../input/input.js';
import { planBasis } from '../plan/configured-plan.js';
import { countInput } from '../plan/count-input.js';
import { limitFlag } from '../plan/limit-flag.js';
import { planText, type PlanFacts } from '../plan/plan-text.js';
import { makePlan } from '../plan/plan.js';
import { plannedApps, type AppFlags } from '../plan/planned-apps.js';
import {
  plannedScenario,
  SIMULATION_HELP,
  simulationMisuse,
  simulationOptions,
  type SimulationFlags,
} from '../plan/simulation-flags.js';
import {
  simulationJson,
  simulationText,
  type SimulatedJob,
  type SimulationJson,
} from '../plan/simulation-text.js';
import { wholeNumber } from '../whole-number.js';

interface PlanFlags extends InputFlags, AppFlags, SimulationFlags, ConfigFlags {
  readonly minRequestDelay?: number;
  readonly json?: true;
}

/** What `--json` prints. Durations are milliseconds. */
interface PlanJson {
  readonly requests: number;
  /** Requests that ask for the same as an earlier one. */
  readonly duplicates: number;
  readonly apps: number;
  /** Whether the number of apps was asked for, is that of the configuration or of the apps file, or is for want of all. */
  readonly appsFrom: 'flag' | 'config' | 'file' | 'default';
  readonly groups: PlanFacts['apps']['groups'];
  readonly durationMs: number;
  /** The limit or the delay that holds the job back. */
  readonly binding: PlanFacts['plan']['binding'] | null;
  readonly halving: PlanFacts['plan']['halving'] | null;
  /** What it takes with any number of apps. */
  readonly leastMs: number;
  readonly simulation?: SimulationJson;
}

const HELP = `${INPUT_HELP}
${SIMULATION_HELP}

Limits of scopes, and those that count what requests cost, are not looked at: with those, a job may take
longer.

--json prints {requests, duplicates, apps, appsFrom, groups: [{apps, limits}], durationMs,
binding: {kind: "limit", limit} | {kind: "delay", minRequestDelayMs} | null,
halving: {apps, durationMs} | null, leastMs}, with limits as {requests, perMs}. With --simulate, also
simulation: {seed, hasEnded, durationMs, succeeded, failed, attempts, accepted, refused, retries,
rate: {reached, allowed}, heldBackBy: [{what, share}], usesOfApp: {least, most}}.

Examples:
  $ apihydra plan requests.txt --apps 20
  $ apihydra plan --template '/users/{login}' --values logins.csv --limit 2/1s --limit 1200/1h
  $ apihydra plan requests.txt --apps 20 --simulate --error-rate 1% --outage 10min+90s`;

/** The command. */
export function planCommand(): Command {
  const command = inputOptions(new Command('plan'))
    .description(
      'Tells how long a job takes, what holds it back, and how many apps would halve it.',
    )
    .option(
      '--apps <n>',
      'how many apps (default: those in the configuration or the apps file, else 1)',
      wholeNumber(1, 1_000_000),
    )
    .option(
      '--apps-file <file>',
      "where the apps are (default: the configuration's, else ./apps.json)",
    )
    .option(
      '--limit <n/window>',
      "a limit of each app, repeatable (default: the app's, else the API's: of 42, 2/1s and 1200/1h)",
      limitFlag,
    )
    .option('--requests-per-second <n>', 'replaces the limit of one second', positiveNumber)
    .option(
      '--min-request-delay <ms>',
      "least delay between any two requests of all apps (default: the configuration's, else 10)",
      nonNegativeNumber,
    )
    .option('--json', 'prints JSON for scripts');
  return simulationOptions(configOptions(command)).addHelpText('after', HELP).action(run);
}

async function run(file: string | undefined, flags: PlanFlags, command: Command): Promise<void> {
  const misuse = simulationMisuse(flags);
  if (misuse !== undefined) command.error(`error: ${misuse}`);
  const basis = planBasis(await configuredApi(flags));
  const apps = plannedApps(flags, basis);
  const input = await openInput(file, flags);
  const counted = await countInput(input.requests);
  const { minRequestDelay: minRequestDelayMs = basis.minRequestDelayMs } = flags;
  const appsFile =
    apps.from === 'config' ? (basis.configFile ?? '') : (flags.appsFile ?? basis.appsFile);
  const { groups } = apps;
  const { requests } = counted;
  const plan = makePlan({ requests, groups, minRequestDelayMs });
  const facts = { input: input.name, appsFile, count: counted, apps, plan };
  const { durationMs } = plan;
  const simulated =
    flags.simulate === true
      ? await simulate(plannedScenario(flags, { requests, groups, minRequestDelayMs, durationMs }))
      : undefined;
  process.stdout.write(
    flags.json === true
      ? toJson(facts, simulated)
      : `${planText(facts)}${simulated === undefined ? '' : simulationText(simulated)}`,
  );
}

/** The simulator is loaded only where it is asked for. */
async function simulate(world: Scenario): Promise<SimulatedJob> {
  const { simulateJob } = await import('../../simulation/simulate-job.js');
  return { world, report: await simulateJob(world) };
}

function toJson({ count, apps, plan }: PlanFacts, simulated: SimulatedJob | undefined): string {
  const json: PlanJson = {
    requests: count.requests,
    duplicates: count.duplicates,
    apps: plan.apps,
    appsFrom: apps.from,
    groups: apps.groups,
    durationMs: plan.durationMs,
    binding: plan.binding ?? null,
    halving: plan.halving ?? null,
    leastMs: plan.leastMs,
    ...(simulated === undefined ? {} : { simulation: simulationJson(simulated) }),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (/^[\d.]+$/.test(text) && value > 0 && value <= 1e6) return value;
  throw new InvalidArgumentError('Expected a number above 0, of at most 1000000.');
}

function nonNegativeNumber(text: string): number {
  const value = Number(text);
  if (/^[\d.]+$/.test(text) && value <= 1e6) return value;
  throw new InvalidArgumentError('Expected a number from 0 to 1000000.');
}
