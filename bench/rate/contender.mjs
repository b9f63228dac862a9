// One contender in a process of its own: asks for everything at once, and is ended by the judge.
import { task } from '../shared/process.mjs';
import { contenders } from './contenders/index.mjs';

const { name, setting } = task();
contenders.find((one) => one.name === name).ask(setting);
