// Adapters: all of them, or one in full.

import type { PageProps } from '../../app/pages.js';
import { Details } from './details.js';
import { List } from './list.js';

export default function AdaptersPage({ rest: [name] }: PageProps) {
  return name === undefined ? <List /> : <Details key={name} name={name} />;
}
