// World: draws pictures and clips with captions and questions, and shows what the model says about them.

import { Button, Code, CopyButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { WorldOptions } from '../../../../src/server/schema/index.js';
import { client } from '../../api/client.js';
import type { PageProps } from '../../app/pages.js';
import { WorldIcon } from '../../parts/icons.js';
import { PageFrame } from '../../parts/page.js';
import { EmptyState, ErrorState, LoadingLines } from '../../parts/states.js';
import { Theatre } from './theatre.js';
import classes from './world.module.css';

const ABOUT =
  'Drawn scenes whose captions, questions and answers are known, so that it shows at once what a model gets right.';

export default function WorldPage(_: PageProps) {
  const options = useQuery({ queryKey: ['world'], queryFn: ({ signal }) => client.worldOptions(signal) });
  return (
    <PageFrame title="World" about={ABOUT}>
      {options.error ? (
        <ErrorState error={options.error} onRetry={() => void options.refetch()} />
      ) : options.data ? (
        <Contents options={options.data} />
      ) : (
        <LoadingLines lines={8} label="Looking what can be drawn" />
      )}
    </PageFrame>
  );
}

const Contents = ({ options }: { readonly options: WorldOptions }) =>
  options.domains.length > 0 ? <Theatre options={options} /> : <MissingArt missing={options.missing} />;

function MissingArt({ missing }: Pick<WorldOptions, 'missing'>) {
  const command = `npm install ${missing.join(' ')}`;
  const copying = (
    <CopyButton value={command}>
      {({ copied, copy }) => (
        <Button variant="default" onClick={copy}>
          {copied ? 'Copied' : 'Copy the command'}
        </Button>
      )}
    </CopyButton>
  );
  return (
    <EmptyState title="The art is not installed" icon={<WorldIcon size={28} />} action={copying}>
      Scenes are drawn from emoji and faces that come in packages of their own. Install them where the server runs, then
      start it again:
      <Code block className={classes.command}>
        {command}
      </Code>
    </EmptyState>
  );
}
