// What is around every page: navigation at the left, on a phone at the bottom, and the command palette.

import { Suspense } from 'react';
import { Boundary } from '../parts/boundary.js';
import { LoadingPage } from '../parts/states.js';
import { Navigation } from './navigation.js';
import { PAGES } from './pages.js';
import { Palette } from './palette.js';
import { usePlace } from './place.js';
import classes from './shell.module.css';
import { Unknown } from './unknown.js';

export function Shell() {
  const [name = PAGES[0].name, ...rest] = usePlace().path;
  const entry = PAGES.find((page) => page.name === name);
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        Skip to the page
      </a>
      <Navigation current={name} />
      <main id="main" className={classes.main} tabIndex={-1}>
        <Boundary key={name}>
          <Suspense fallback={<LoadingPage />}>{entry ? <entry.Page rest={rest} /> : <Unknown />}</Suspense>
        </Boundary>
      </main>
      <Palette />
    </div>
  );
}
