// What is searched and how: library, adapter, a second adapter, filters.

import { Button, Menu, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Library } from '../../../../src/server/schema/index.js';
import { librariesQuery } from '../../api/queries.js';
import { useAble } from '../../parts/able.js';
import { AdapterSelect, titleOf } from '../../parts/adapter-select.js';
import { CompareIcon } from '../../parts/icons.js';
import { Filters } from './filters.js';
import { NO_FILTERS, type SearchPlace, search } from './place.js';
import classes from './search.module.css';

const SEARCHES = ['retrieval'] as const;

export interface ToolsProps {
  readonly place: SearchPlace;
  readonly library: Library;
  readonly adapter: string;
}

export function Tools({ place, library, adapter }: ToolsProps) {
  const { data: libraries = [] } = useQuery(librariesQuery);
  return (
    <div className={classes.tools}>
      <Select
        className={classes.tool}
        aria-label="Library"
        data={libraries.map(({ name }) => name)}
        value={library.name}
        onChange={(name) => search(place, { library: name, ...NO_FILTERS })}
      />
      <div className={classes.tool}>
        <AdapterSelect
          hideLabel
          tasks={SEARCHES}
          value={adapter}
          onChange={(name) => search(place, { adapter: name, library: library.name })}
        />
      </div>
      <Compare place={place} adapter={adapter} />
      <Filters place={place} library={library} />
    </div>
  );
}

function Compare({ place, adapter }: Pick<ToolsProps, 'place' | 'adapter'>) {
  const others = useAble(SEARCHES)?.filter((name) => name !== adapter);
  return (
    <Menu>
      <Menu.Target>
        <Button variant={place.other ? 'light' : 'default'} leftSection={<CompareIcon size={18} />}>
          Compare
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Show the same search with</Menu.Label>
        {others?.map((name) => (
          <Menu.Item key={name} onClick={() => search(place, { other: name, adapter })}>
            {titleOf(name)}
          </Menu.Item>
        ))}
        {others?.length === 0 && (
          <Text size="sm" c="dimmed" px="sm" pb="xs">
            There is no second adapter for search yet.
          </Text>
        )}
        {place.other && <Menu.Divider />}
        {place.other && <Menu.Item onClick={() => search(place, { other: null })}>End the comparison</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
