// Help: what this is, what it runs on, and the keys that make it quick.

import { Anchor, Kbd, Stack, Table, Text, Title } from '@mantine/core';
import { useOs } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Info } from '../../../../src/server/schema/index.js';
import { infoQuery } from '../../api/queries.js';
import { ThemeSwitch } from '../../app/navigation.js';
import type { PageProps } from '../../app/pages.js';
import { Facts } from '../../parts/facts.js';
import { count, duration, size } from '../../parts/format.js';
import { PageFrame } from '../../parts/page.js';
import { ErrorState, LoadingLines } from '../../parts/states.js';
import classes from './help.module.css';

export default function HelpPage(_: PageProps) {
  const { data: info, error, isPending, refetch } = useQuery(infoQuery);
  return (
    <PageFrame title="Help">
      <div className={classes.help}>
        <section>
          <Text>
            A frozen vision–language model finds, answers and captions. A small file beside it, an adapter, teaches it
            your pictures, clips and questions without changing the model itself. Here you can use adapters, compare
            them, and train your own. Nothing leaves the machine that the server runs on.
          </Text>
        </section>
        <Section title="Keys">
          <Keys />
        </Section>
        <Section title="Colours">
          <ThemeSwitch />
        </Section>
        <Section title="This server">
          {error && <ErrorState error={error} onRetry={() => void refetch()} />}
          {isPending && <LoadingLines lines={4} />}
          {info && <Server info={info} />}
        </Section>
        <Section title="For programs">
          <Text>
            Everything that is done here, a program can do: the <Anchor href="/docs">API</Anchor> is described by{' '}
            <Anchor href="/openapi.json">OpenAPI</Anchor>, and the package exports a client for it,{' '}
            <code>createClient</code>.
          </Text>
        </Section>
      </div>
    </PageFrame>
  );
}

function Server({ info: { version, backbone, limits } }: { readonly info: Info }) {
  return (
    <Facts
      facts={[
        ['Version', version],
        ['Backbone', backbone.name],
        ['Parameters', count(backbone.parameters)],
        ['Size', size(backbone.bytes)],
        ['Looks at pictures of', `${backbone.imageSize} × ${backbone.imageSize} pixels`],
        ['Largest file', size(limits.uploadBytes)],
        ['Longest clip', duration(limits.clipSeconds)],
        ['Gives up after', duration(limits.seconds)],
      ]}
    />
  );
}

function Keys() {
  const mod = useOs() === 'macos' ? '⌘' : 'Ctrl';
  const keys: readonly (readonly [readonly string[], string])[] = [
    [['/'], 'Type what to search for'],
    [['↓'], 'From the field into the results'],
    [['←', '→', '↑', '↓'], 'Move through results; in an opened one, to its neighbours'],
    [['Enter'], 'Open a result'],
    [['Esc'], 'Close it'],
    [[mod, 'K'], 'Go to any page, library or adapter'],
    [[mod, 'V'], 'Search or ask by a picture that was copied'],
  ];
  return (
    <Table className={classes.keys}>
      <Table.Tbody>
        {keys.map(([names, about]) => (
          <Table.Tr key={about}>
            <Table.Td className={classes.key}>
              {names.map((name) => (
                <Kbd key={name} mr={4}>
                  {name}
                </Kbd>
              ))}
            </Table.Td>
            <Table.Td>{about}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h4">
        {title}
      </Title>
      {children}
    </Stack>
  );
}
