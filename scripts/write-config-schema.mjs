// Writes the JSON Schema of configuration files, for editors, from the schema that they are checked with.
import { writeFileSync } from 'node:fs';

const { configJsonSchema } = await import('../dist/config/index.js');
const file = new URL('../dist/config-schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
