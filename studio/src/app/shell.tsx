// What is around every page: navigation at the left, on a phone at the bottom, and the command palette.

import { useHotkeys } from '@mantine/hooks';
import { lazy, Suspense, useState } from 'react';
import { useTokenWanted } from '../api/token.js';
import { Boundary } from '../parts/boundary.js';
import { LoadingPage } from '../parts/states.js';
import { Navigation } from './navigation.js';
import { PAGES } from './pages.js';
import { usePlace } from './place.js';
import classes from './shell.module.css';
import { AskForToken } from './token.js';
import { Unknown } from './unknown.js';

const Palette = lazy(() => import('./palette.js'));

export function Shell() {
  const [palette, setPalette] = useState<'never' | 'open' | 'closed'>('never');
  useHotkeys([['mod+K', () => setPalette('open')]], []);
  const [name = PAGES[0].name, ...rest] = usePlace().path;
  const isTokenWanted = useTokenWanted();
  const entry = PAGES.find((page) => page.name === name);
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        Skip to the page
      </a>
      <Navigation current={name} onPalette={() => setPalette('open')} />
      <main id="main" className={classes.main} tabIndex={-1}>
        {isTokenWanted ? (
          <AskForToken />
        ) : (
          <Boundary key={name}>
            <Suspense fallback={<LoadingPage />}>{entry ? <entry.Page rest={rest} /> : <Unknown />}</Suspense>
          </Boundary>
        )}
      </main>
      {palette !== 'never' && (
        <Suspense>
          <Palette opened={palette === 'open'} onClose={() => setPalette('closed')} />
        </Suspense>
      )}
    </div>
  );
}
