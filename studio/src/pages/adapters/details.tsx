// One adapter: what it is, what it changed and where, how it was made, its files.

import { Anchor, Button, Modal, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AdapterDetails } from '../../../../src/server/schema/index.js';
import { client } from '../../api/client.js';
import { adapterQuery } from '../../api/queries.js';
import { Link } from '../../app/link.js';
import { address, go } from '../../app/place.js';
import { Facts } from '../../parts/facts.js';
import { count, counted, day, percent, size } from '../../parts/format.js';
import { AskIcon, BackIcon, DeleteIcon, DownloadIcon, SearchIcon } from '../../parts/icons.js';
import { PageFrame } from '../../parts/page.js';
import { ErrorState, LoadingLines } from '../../parts/states.js';
import { TASKS } from '../../parts/tasks.js';
import classes from './adapters.module.css';
import { Changes } from './changes.js';
import { Modules } from './modules.js';
import { Recipe } from './recipe.js';
import { Scores } from './scores.js';
import { SizeBar } from './size-bar.js';

export function Details({ name }: { readonly name: string }) {
  const { data: adapter, error, isPending, refetch } = useQuery(adapterQuery(name));
  return (
    <PageFrame
      title={name}
      about={
        <Anchor component={Link} to="/adapters" size="sm" underline="hover" className={classes.back}>
          <BackIcon size={16} /> All adapters
        </Anchor>
      }
      actions={adapter && <Actions adapter={adapter} />}
    >
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {isPending && <LoadingLines lines={10} />}
      {adapter && <Body adapter={adapter} />}
    </PageFrame>
  );
}

function Actions({ adapter }: { readonly adapter: AdapterDetails }) {
  const { name, task, canDelete } = adapter;
  return (
    <>
      {task === 'retrieval' ? (
        <Button component={Link} to={address('/search', { with: name })} leftSection={<SearchIcon size={18} />}>
          Use it in Search
        </Button>
      ) : (
        <Button component={Link} to={address('/ask', { with: name })} leftSection={<AskIcon size={18} />}>
          Use it in Ask
        </Button>
      )}
      {canDelete && <Delete name={name} />}
    </>
  );
}

function Delete({ name }: { readonly name: string }) {
  const [isOpen, { open, close }] = useDisclosure();
  const cache = useQueryClient();
  const remove = useMutation({
    mutationFn: () => client.removeAdapter(name),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ['adapters'], exact: true });
      void cache.invalidateQueries({ queryKey: ['libraries'] });
    },
  });
  const leave = () => {
    go('/adapters');
    cache.removeQueries({ queryKey: ['adapters', name] });
  };
  return (
    <>
      <Button variant="default" leftSection={<DeleteIcon size={18} />} onClick={open}>
        Delete
      </Button>
      <Modal opened={isOpen} onClose={close} title={`Delete ${name}?`}>
        <Stack gap="md">
          <Text className={classes.long}>
            Its files and the indexes that were made with it are removed from the server. This cannot be undone;
            download its files first if you may want them again.
          </Text>
          {remove.error && <ErrorState error={remove.error} />}
          <div className={classes.choice}>
            <Button variant="default" data-autofocus onClick={close}>
              Keep it
            </Button>
            <Button
              color="red.8"
              loading={remove.isPending}
              onClick={() => remove.mutate(undefined, { onSuccess: leave })}
            >
              Delete
            </Button>
          </div>
        </Stack>
      </Modal>
    </>
  );
}

function Body({ adapter }: { readonly adapter: AdapterDetails }) {
  const { parameters, bytes, backbone, modules, recipe, files, scores } = adapter;
  return (
    <div className={classes.body}>
      <Section title="What it is">
        <Facts facts={factsOf(adapter)} />
      </Section>
      <Section title="Size">
        <SizeBar bytes={bytes} backbone={backbone.bytes} />
        <Text size="sm" mt={8}>
          {size(bytes)} beside the {size(backbone.bytes)} of {backbone.name}: {count(parameters.trainable)} of{' '}
          {count(parameters.all)} parameters were trained, {percent(parameters.trainable / parameters.all)}.
        </Text>
      </Section>
      <Section title="On the test split">
        <Scores scores={scores} />
      </Section>
      <Section title="How much it changed, layer by layer">
        <Changes modules={modules} />
      </Section>
      <Section title="Where its parameters are">
        <Modules modules={modules} all={parameters.trainable} />
      </Section>
      <Section title="Recipe">
        <Recipe recipe={recipe} />
      </Section>
      <Section title="Files">
        <Files adapter={adapter.name} files={files} />
      </Section>
    </div>
  );
}

const factsOf = (adapter: AdapterDetails): readonly (readonly [string, ReactNode])[] => [
  ['For', TASKS[adapter.task]],
  ['Method', adapter.bottleneck > 0 ? `${adapter.method}, R ${adapter.bottleneck}` : adapter.method],
  ['Looks at', adapter.frames === null ? 'images' : `clips, ${counted(adapter.frames, 'frame')}`],
  ['Trained on', adapter.data],
  ['Seed', adapter.seed],
  ['Created', day(adapter.created)],
  ['Origin', adapter.origin],
  ['Over the backbone', <Hash key="backbone" name={adapter.backbone.name} sha256={adapter.backbone.sha256} />],
  ['Fingerprint', <Hash key="own" sha256={adapter.sha256} />],
  ['In memory', adapter.isLoaded ? 'yes' : 'not now'],
];

/** The first digits; all of them under the pointer. */
function Hash({ name, sha256 }: { readonly name?: string; readonly sha256: string }) {
  return (
    <span title={`SHA-256 ${sha256}`}>
      {name} <code className={classes.hash}>{sha256.slice(0, 8)}</code>
    </span>
  );
}

function Files({ adapter, files }: { readonly adapter: string; readonly files: AdapterDetails['files'] }) {
  return (
    <ul className={classes.files}>
      {files.map(({ name, bytes }) => (
        <li key={name}>
          <Anchor
            href={client.adapterFileUrl(adapter, name)}
            download={name}
            underline="hover"
            className={classes.back}
          >
            <DownloadIcon size={16} /> {name}
          </Anchor>{' '}
          <span className={classes.dim}>{size(bytes)}</span>
        </li>
      ))}
    </ul>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      {children}
    </section>
  );
}
