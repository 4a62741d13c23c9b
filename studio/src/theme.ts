// One accent colour, neutral surroundings so that pictures look as they are, and the type of the reader's own system.

import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const PINE: MantineColorsTuple = [
  '#eef8f6',
  '#d7eeea',
  '#abdcd4',
  '#7ac8bc',
  '#4fb4a6',
  '#2f9f91',
  '#178579',
  '#0f6f66',
  '#0b5a53',
  '#07443f',
];

/** From text to the deepest ground. */
const DARK: MantineColorsTuple = [
  '#e9eaeb',
  '#c3c6c9',
  '#a0a5aa',
  '#7b8187',
  '#4a4f54',
  '#383d41',
  '#2a2e32',
  '#191c1f',
  '#131618',
  '#0d0f11',
];

/** Buttons that show but a cross. */
const CLOSING = { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } };

const SYSTEM = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif';

export const theme = createTheme({
  colors: { pine: PINE, dark: DARK },
  primaryColor: 'pine',
  primaryShade: 7,
  fontFamily: SYSTEM,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontFamily: SYSTEM, fontWeight: '620', textWrap: 'balance' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Anchor: { defaultProps: { underline: 'always' } },
    Button: { styles: { label: { fontWeight: 520 } } },
    Drawer: CLOSING,
    Modal: CLOSING,
    Pagination: {
      defaultProps: {
        getItemProps: (page: number) => ({ 'aria-label': `Page ${page}` }),
        getControlProps: (control: string) => ({ 'aria-label': `${control} page` }),
      },
    },
    Progress: { defaultProps: { color: 'var(--studio-accent)' } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    Select: { defaultProps: { allowDeselect: false, comboboxProps: { shadow: 'md' } } },
    Skeleton: { defaultProps: { radius: 'md' } },
  },
});

/** What Mantine leaves too pale to read, and the grounds of the studio; style.css and the pages use the same names. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1b1f22',
    '--mantine-color-dimmed': '#5b6268',
    '--mantine-color-placeholder': '#6b7278',
    '--mantine-color-default-border': '#dfe2e4',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#0f6f66',
    '--mantine-color-pine-light': '#e4f3f0',
    '--mantine-color-pine-light-hover': '#d7ede8',
    '--mantine-color-pine-light-color': '#0f6f66',
    '--studio-sunken': '#f5f6f7',
    '--studio-line': '#e6e8ea',
    '--studio-accent': '#0f6f66',
    '--studio-accent-soft': '#e4f3f0',
    '--studio-up': '#0f6f66',
    '--studio-down': '#9a4a12',
  },
  dark: {
    '--mantine-color-body': '#131618',
    '--mantine-color-text': '#e6e8ea',
    '--mantine-color-dimmed': '#9ba1a7',
    '--mantine-color-placeholder': '#8d949a',
    '--mantine-color-default-border': '#33383c',
    '--mantine-color-error': '#ff8a80',
    '--mantine-color-anchor': '#5cc4b5',
    '--mantine-color-pine-light': '#14322f',
    '--mantine-color-pine-light-hover': '#1a3f3b',
    '--mantine-color-pine-light-color': '#5cc4b5',
    '--mantine-color-gray-light': '#24292d',
    '--mantine-color-default': '#1b1f22',
    '--mantine-color-default-hover': '#24292d',
    '--studio-sunken': '#1b1f22',
    '--studio-line': '#272b2f',
    '--studio-accent': '#5cc4b5',
    '--studio-accent-soft': '#14322f',
    '--studio-up': '#5cc4b5',
    '--studio-down': '#e5a06a',
  },
});
