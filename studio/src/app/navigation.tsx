// The links to all pages, and the switch between light and dark.

import { ActionIcon, Group, Kbd, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useOs } from '@mantine/hooks';
import { MoonIcon, SunIcon, SystemIcon } from '../parts/icons.js';
import { Link } from './link.js';
import { PAGES } from './pages.js';
import classes from './shell.module.css';

export interface NavigationProps {
  /** Name of the page that is shown. */
  readonly current: string;
  /** Opens the command palette. */
  readonly onPalette: () => void;
}

export function Navigation({ current, onPalette }: NavigationProps) {
  return (
    <nav className={classes.navigation} aria-label="Pages">
      <Link to="/search" className={classes.brand}>
        <img src="/icon.svg" width={26} height={26} alt="" />
        UniAdapter
      </Link>
      <ul className={classes.links}>
        {PAGES.map(({ name, title, icon: Icon }) => (
          <li key={name}>
            <Link to={`/${name}`} className={classes.link} aria-current={name === current ? 'page' : undefined}>
              <Icon />
              {title}
            </Link>
          </li>
        ))}
      </ul>
      <div className={classes.foot}>
        <PaletteButton onClick={onPalette} />
        <ThemeSwitch />
      </div>
    </nav>
  );
}

function PaletteButton({ onClick }: { readonly onClick: () => void }) {
  const os = useOs();
  return (
    <UnstyledButton className={classes.palette} onClick={onClick}>
      Go to
      <span>
        <Kbd size="xs">{os === 'macos' ? '⌘' : 'Ctrl'}</Kbd> <Kbd size="xs">K</Kbd>
      </span>
    </UnstyledButton>
  );
}

const SCHEMES = [
  { scheme: 'light', label: 'Light', icon: SunIcon },
  { scheme: 'dark', label: 'Dark', icon: MoonIcon },
  { scheme: 'auto', label: 'As the system', icon: SystemIcon },
] as const;

/** Light, dark, or as the system is. */
export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Group gap={4} role="group" aria-label="Colours" px={4}>
      {SCHEMES.map(({ scheme, label, icon: Icon }) => (
        <ActionIcon
          key={scheme}
          title={label}
          variant={scheme === colorScheme ? 'light' : 'subtle'}
          color={scheme === colorScheme ? 'pine' : 'gray'}
          aria-pressed={scheme === colorScheme}
          aria-label={label}
          onClick={() => setColorScheme(scheme)}
        >
          <Icon size={17} />
        </ActionIcon>
      ))}
    </Group>
  );
}
