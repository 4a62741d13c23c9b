// Which pictures and clips are looked through: by folder, kind and date.

import { Button, Group, Popover, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import type { Library } from '../../../../src/server/schema/index.js';
import { FilterIcon } from '../../parts/icons.js';
import { filtersSet, NO_FILTERS, type SearchPlace, search } from './place.js';

export interface FiltersProps {
  readonly place: SearchPlace;
  readonly library: Library;
}

export function Filters(props: FiltersProps) {
  const set = filtersSet(props.place);
  return (
    <Popover position="bottom-start" shadow="md" trapFocus width={340} withRoles>
      <Popover.Target>
        <Button variant={set > 0 ? 'light' : 'default'} leftSection={<FilterIcon size={18} />}>
          {set > 0 ? `Filters: ${set}` : 'Filters'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Filters">
        <Fields {...props} />
      </Popover.Dropdown>
    </Popover>
  );
}

const KINDS = [
  { value: 'all', label: 'All' },
  { value: 'image', label: 'Pictures' },
  { value: 'video', label: 'Clips' },
] as const;

function Fields({ place, library }: FiltersProps) {
  const folders = library.folders.filter(Boolean);
  return (
    <Stack gap="sm">
      {folders.length > 0 && (
        <Select
          label="Folder"
          placeholder="All"
          data={folders}
          clearable
          searchable={folders.length > 8}
          value={place.folder}
          onChange={(folder) => search(place, { folder })}
          comboboxProps={{ withinPortal: false }}
        />
      )}
      <div>
        <Text size="sm" fw={500} mb={4} id="filter-kind">
          Kind
        </Text>
        <SegmentedControl
          fullWidth
          aria-labelledby="filter-kind"
          data={[...KINDS]}
          value={place.kind ?? 'all'}
          onChange={(kind) => search(place, { kind: kind === 'all' ? null : kind })}
        />
      </div>
      <Group grow gap="xs">
        <Day label="Changed from" value={place.from} onChange={(from) => search(place, { from })} />
        <Day label="to" value={place.until} onChange={(until) => search(place, { until })} />
      </Group>
      <Button variant="subtle" size="xs" disabled={filtersSet(place) === 0} onClick={() => search(place, NO_FILTERS)}>
        Clear all
      </Button>
    </Stack>
  );
}

interface DayProps {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (day: string | null) => void;
}

function Day({ label, value, onChange }: DayProps) {
  return (
    <TextInput
      type="date"
      label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}
