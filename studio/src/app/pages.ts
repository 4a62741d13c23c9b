// The pages of the studio; each is loaded when it is first gone to.

import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { AdaptersIcon, AskIcon, HelpIcon, type IconProps, SearchIcon, TrainIcon, WorldIcon } from '../parts/icons.js';

export interface PageProps {
  /** Parts of the path after the page's own: `/adapters/red-cars` → ['red-cars']. */
  readonly rest: readonly string[];
}

export interface PageEntry {
  /** First part of the path. */
  readonly name: string;
  readonly title: string;
  /** What one does there, for the command palette. */
  readonly about: string;
  readonly icon: ComponentType<IconProps>;
  readonly Page: LazyExoticComponent<ComponentType<PageProps>>;
}

export const PAGES: readonly [PageEntry, ...PageEntry[]] = [
  {
    name: 'search',
    title: 'Search',
    about: 'Find pictures and clips by words or by a picture',
    icon: SearchIcon,
    Page: lazy(() => import('../pages/search/page.js')),
  },
  {
    name: 'ask',
    title: 'Ask',
    about: 'Ask questions about a picture or clip',
    icon: AskIcon,
    Page: lazy(() => import('../pages/ask/page.js')),
  },
  {
    name: 'train',
    title: 'Train',
    about: 'Teach an adapter on your own pictures and clips',
    icon: TrainIcon,
    Page: lazy(() => import('../pages/train/page.js')),
  },
  {
    name: 'adapters',
    title: 'Adapters',
    about: 'See what each adapter changed, add and remove them',
    icon: AdaptersIcon,
    Page: lazy(() => import('../pages/adapters/page.js')),
  },
  {
    name: 'world',
    title: 'World',
    about: 'Draw scenes and see what the model says',
    icon: WorldIcon,
    Page: lazy(() => import('../pages/world/page.js')),
  },
  {
    name: 'help',
    title: 'Help',
    about: 'What this is, and keyboard shortcuts',
    icon: HelpIcon,
    Page: lazy(() => import('../pages/help/page.js')),
  },
];
