// Writes docs/recipe.md from the schema of recipes: npx tsx scripts/recipe-docs.ts

import { writeFileSync } from 'node:fs';
import { recipeDocs } from '../src/recipe/index.js';

writeFileSync(new URL('../docs/recipe.md', import.meta.url), recipeDocs());
