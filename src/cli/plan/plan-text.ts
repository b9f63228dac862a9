/** A plan in words. */
import type { Limit } from '../../limits/limit.js';
import type { AppGroup } from '../../limits/makespan.js';
import { count, counted, duration, threeDigits } from '../report/format.js';
import type { InputCount } from './count-input.js';
import type { Binding, Plan } from './plan.js';
import type { PlannedApps } from './planned-apps.js';

/** All that is told. */
export interface PlanFacts {
  /** The file, or `stdin`. */
  readonly input: string;
  /** The file that the apps are from. */
  readonly appsFile: string;
  readonly count: InputCount;
  readonly apps: PlannedApps;
  readonly plan: Plan;
}

/** A line for each fact. */
export function planText(facts: PlanFacts): string {
  const { count: requests, plan } = facts;
  const lines = [
    `${counted(requests.requests, 'request')} in ${facts.input}${duplicatesText(requests)}.`,
    `${counted(plan.apps, 'app')} (${originText(facts)})${allowanceText(facts.apps.groups)}.`,
    `It takes at least ${duration(plan.durationMs)}${rateText(facts)}.`,
    ...(plan.binding === undefined ? [] : [`${bindingText(plan.binding)} holds it back.`]),
    halvingText(facts),
  ];
  // Spaces that do not break are for pages; a terminal's are searched.
  return `${lines.join('\n')}\n`.replaceAll('\u00a0', ' ');
}

function duplicatesText({ duplicates, areAllCompared }: InputCount): string {
  if (duplicates === 0 && areAllCompared) return '';
  const atLeast = areAllCompared ? '' : 'at least ';
  return `, ${atLeast}${count(duplicates)} of them the same as an earlier one`;
}

function originText({ apps, appsFile }: PlanFacts): string {
  switch (apps.from) {
    case 'flag':
      return 'as asked';
    case 'config':
    case 'file':
      return `from ${appsFile}`;
    case 'default':
      return `for want of apps in ${appsFile}; say --apps for more`;
  }
}

function allowanceText(groups: readonly AppGroup[]): string {
  const [only, ...others] = groups;
  if (only !== undefined && others.length === 0) {
    return `${only.apps === 1 ? '' : ', each'} allowed ${limitsText(only.limits)}`;
  }
  return `: ${groups.map(({ apps, limits }) => `${count(apps)} allowed ${limitsText(limits)}`).join('; ')}`;
}

function limitsText(limits: readonly Limit[]): string {
  return limits.map(limitText).join(' and ');
}

const WINDOWS: ReadonlyMap<number, string> = new Map([
  [1000, 'a second'],
  [60_000, 'a minute'],
  [3_600_000, 'an hour'],
  [86_400_000, 'a day'],
]);

function limitText({ requests, perMs }: Limit): string {
  return `${count(requests)} ${WINDOWS.get(perMs) ?? `in ${duration(perMs)}`}`;
}

function rateText({ count: { requests }, plan: { durationMs } }: PlanFacts): string {
  if (durationMs === 0) return '';
  return `, ${threeDigits((requests / durationMs) * 1000)} requests a second on average`;
}

function bindingText(binding: Binding): string {
  if (binding.kind === 'limit') return `The limit of ${limitText(binding.limit)}`;
  return `The delay of ${duration(binding.minRequestDelayMs)} between any two requests (minRequestDelayMs)`;
}

function halvingText({ count: { requests }, plan }: PlanFacts): string {
  const { halving, leastMs, durationMs, apps } = plan;
  if (halving !== undefined) {
    return `${counted(halving.apps, 'app')} would halve that: ${duration(halving.durationMs)}.`;
  }
  if (requests <= apps) return 'More apps are of no use: there is one for each request.';
  const because =
    leastMs > durationMs / 2
      ? `: the delay between any two requests (minRequestDelayMs) alone makes ${duration(leastMs)}`
      : '';
  return `No number of apps would halve that${because}.`;
}
