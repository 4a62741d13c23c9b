// A link to another page of the studio.

import type { ComponentPropsWithRef, MouseEvent } from 'react';
import { go } from './place.js';

export interface LinkProps extends Omit<ComponentPropsWithRef<'a'>, 'href'> {
  /** Path and query, such as `/adapters/red-cars`. */
  readonly to: string;
}

/** An ordinary link that can be opened in a tab of its own. As part of Mantine's: `<Button component={Link} to="…">`. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (event.defaultPrevented || !isPlain || rest.target) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={to} onClick={follow} />;
}
