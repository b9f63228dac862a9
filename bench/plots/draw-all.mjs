import { costPlot } from './cost.mjs';
import { appsPlot, waitingPlot } from './growth.mjs';
import { memoryPlot } from './memory.mjs';
import { ratePlot } from './rate.mjs';

/** Plots of the parts that were measured, SVG by file name. */
export function drawAll({ rate, cost, growth, memory }) {
  return {
    ...(rate && { 'rate.svg': ratePlot(rate) }),
    ...(cost && { 'cost.svg': costPlot(cost) }),
    ...(growth && {
      'growth-apps.svg': appsPlot(growth),
      'growth-waiting.svg': waitingPlot(growth),
    }),
    ...(memory && { 'memory.svg': memoryPlot(memory) }),
  };
}
