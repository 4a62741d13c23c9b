// All adapters of the server, each in a row: what it is for, how large it is beside the backbone, what it scores.

import { Badge, Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Adapter, Info } from '../../../../src/server/schema/index.js';
import { adaptersQuery, infoQuery } from '../../api/queries.js';
import { Link } from '../../app/link.js';
import { ago, percent, short, size } from '../../parts/format.js';
import { AdaptersIcon, UploadIcon } from '../../parts/icons.js';
import { PageFrame } from '../../parts/page.js';
import { EmptyState, ErrorState, LoadingLines } from '../../parts/states.js';
import { TASKS } from '../../parts/tasks.js';
import { useDrop } from '../../parts/upload.js';
import classes from './adapters.module.css';
import { Add } from './add.js';
import { Headlines } from './scores.js';
import { SizeBar } from './size-bar.js';

export function List() {
  const adapters = useQuery(adaptersQuery);
  const { data: info } = useQuery(infoQuery);
  const [isAdding, { open, close }] = useDisclosure();
  const [files, setFiles] = useState<readonly File[]>([]);
  const drop = useDrop((dropped) => {
    setFiles(dropped);
    open();
  });
  return (
    <>
      <div className={classes.drop} data-over={drop.isOver || undefined} {...drop.props}>
        <PageFrame
          title="Adapters"
          about="Small files that each teach the one frozen backbone something. They are swapped from request to request."
          actions={
            <Button variant="default" leftSection={<UploadIcon size={18} />} onClick={open}>
              Add an adapter
            </Button>
          }
        >
          {adapters.error && <ErrorState error={adapters.error} onRetry={() => void adapters.refetch()} />}
          {adapters.isPending && <LoadingLines lines={8} />}
          {adapters.data?.length === 0 && <NoAdapters onAdd={open} />}
          <ul className={classes.list}>
            {adapters.data?.map((adapter) => (
              <li key={adapter.name}>
                <Row adapter={adapter} info={info} />
              </li>
            ))}
          </ul>
        </PageFrame>
      </div>
      {/* not inside: what is dropped on the dialog is not dropped on the page as well */}
      <Add
        opened={isAdding}
        files={files}
        onFiles={setFiles}
        onClose={() => {
          close();
          setFiles([]);
        }}
      />
    </>
  );
}

interface RowProps {
  readonly adapter: Adapter;
  readonly info: Info | undefined;
}

function Row({ adapter, info }: RowProps) {
  const { name, task, method, bottleneck, parameters, created, origin } = adapter;
  return (
    <Link to={`/adapters/${name}`} className={classes.row}>
      <div className={classes.name}>
        <Text fw={600} className={classes.long}>
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {TASKS[task]} · {method}
          {bottleneck > 0 && ` R ${bottleneck}`}
        </Text>
      </div>
      <div>
        <SizeBar bytes={adapter.bytes} backbone={info?.backbone.bytes} />
        <Text size="xs" c="dimmed" mt={4}>
          {size(adapter.bytes)} · {percent(parameters.trainable / parameters.all)} of {short(parameters.all)} parameters
        </Text>
      </div>
      <Headlines scores={adapter.scores} />
      <div className={classes.when}>
        <Badge variant="light" color="gray" tt="none" fw={500}>
          {origin}
        </Badge>
        <Text size="xs" c="dimmed">
          {ago(created)}
        </Text>
      </div>
    </Link>
  );
}

function NoAdapters({ onAdd }: { readonly onAdd: () => void }) {
  return (
    <EmptyState
      icon={<AdaptersIcon size={26} />}
      title="No adapters yet"
      action={
        <>
          <Button component={Link} to="/train">
            Train one
          </Button>
          <Button variant="subtle" onClick={onAdd}>
            Add one that you have
          </Button>
        </>
      }
    >
      An adapter is a folder with <code>adapter.json</code> and <code>adapter.safetensors</code>.
    </EmptyState>
  );
}
