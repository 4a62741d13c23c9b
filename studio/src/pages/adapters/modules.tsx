// A table of the modules of an adapter by role; a role opens to its modules.

import { Table, UnstyledButton } from '@mantine/core';
import { Fragment, useState } from 'react';
import { count, percent } from '../../parts/format.js';
import { NextIcon } from '../../parts/icons.js';
import classes from './adapters.module.css';
import { type Module, type Role, rolesOf } from './layers.js';

export interface ModulesProps {
  readonly modules: readonly Module[];
  /** Parameters of all of them. */
  readonly all: number;
}

export function Modules({ modules, all }: ModulesProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (role: string) =>
    setOpen(new Set(open.has(role) ? [...open].filter((name) => name !== role) : [...open, role]));
  return (
    <Table className={classes.table} horizontalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Role</Table.Th>
          <Table.Th ta="right">Parameters</Table.Th>
          <Table.Th ta="right">Share</Table.Th>
          <Table.Th ta="right" className={classes.wide}>
            RMS of the change
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rolesOf(modules).map((role) => (
          <Fragment key={role.role}>
            <RoleRow role={role} all={all} isOpen={open.has(role.role)} onToggle={() => toggle(role.role)} />
            {open.has(role.role) &&
              role.modules.map((module) => <ModuleRow key={module.module} {...module} all={all} />)}
          </Fragment>
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface RoleRowProps {
  readonly role: Role;
  readonly all: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function RoleRow({ role, all, isOpen, onToggle }: RoleRowProps) {
  const known = role.modules.map(({ change }) => change).filter((change) => change !== null);
  return (
    <Table.Tr>
      <Table.Td>
        <UnstyledButton className={classes.role} aria-expanded={isOpen} onClick={onToggle}>
          <NextIcon size={16} className={classes.turn} />
          {role.role} <span className={classes.dim}>× {role.modules.length}</span>
        </UnstyledButton>
      </Table.Td>
      <Table.Td ta="right">{count(role.parameters)}</Table.Td>
      <Table.Td ta="right">{percent(role.parameters / all)}</Table.Td>
      <Table.Td ta="right" className={classes.wide}>
        {known.length > 0 && `up to ${Math.max(...known).toPrecision(2)}`}
      </Table.Td>
    </Table.Tr>
  );
}

function ModuleRow({ module, parameters, change, all }: Module & { readonly all: number }) {
  return (
    <Table.Tr>
      <Table.Td className={classes.module}>
        <code>{module}</code>
      </Table.Td>
      <Table.Td ta="right">{count(parameters)}</Table.Td>
      <Table.Td ta="right">{percent(parameters / all)}</Table.Td>
      <Table.Td ta="right" className={classes.wide}>
        {change === null ? '' : change.toPrecision(2)}
      </Table.Td>
    </Table.Tr>
  );
}
