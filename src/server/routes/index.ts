// All routes, in the order in which they are documented.

import { adapterRoutes } from './adapters.js';
import { jobRoutes } from './jobs.js';
import { libraryRoutes } from './libraries.js';
import { modelRoutes } from './models.js';
import type { Route } from './route.js';
import { serverRoutes } from './server.js';
import { uploadRoutes } from './uploads.js';
import { worldRoutes } from './world.js';

export type { Group, Incoming, Route } from './route.js';
export { GROUPS, json } from './route.js';

export const ROUTES: readonly Route[] = [
  ...modelRoutes,
  ...libraryRoutes,
  ...uploadRoutes,
  ...adapterRoutes,
  ...jobRoutes,
  ...worldRoutes,
  ...serverRoutes,
];
