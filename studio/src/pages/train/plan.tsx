// What would happen: how much trains, how much memory it takes, how many steps, and what is wrong with the data.

import { Progress, Switch, Table, Text } from '@mantine/core';
import type { TrainPlan } from '../../../../src/server/schema/index.js';
import { count, counted, percent, short, size } from '../../parts/format.js';
import classes from './train.module.css';

export interface PlanProps {
  readonly plan: TrainPlan;
  /** Whether entries that cannot be used are left out. */
  readonly isLeftOut: boolean;
  readonly onLeaveOut: (isLeftOut: boolean) => void;
}

export function Plan({ plan, ...leaving }: PlanProps) {
  const { parameters, steps, items } = plan;
  return (
    <div className={classes.plan}>
      <dl className={classes.figures}>
        <Figure
          name="trains"
          value={percent(parameters.trainable / parameters.all)}
          about={`${short(parameters.trainable)} of ${short(parameters.all)} parameters`}
        />
        <Figure name="steps" value={count(steps)} about={`${count(items.train)} items to learn from`} />
        <Figure
          name="learning rate"
          value={`${plan.settings.learningRate}`}
          about={plan.decided.includes('optimiser.learningRate') ? 'by data, method and length' : 'as you chose'}
        />
        <Figure name="memory" value={size(plan.memoryBytes)} about={`of ${size(plan.freeBytes)} that are free`} />
      </dl>
      <Memory plan={plan} />
      {isSided(plan) && <Text size="sm">Texts say left or right, so pictures are varied without being mirrored.</Text>}
      <Problems problems={plan.problems} {...leaving} />
      <LeftOut leftOut={plan.leftOut} />
      <Parameters plan={plan} />
    </div>
  );
}

const isSided = ({ decided, settings: { augment, flip } }: TrainPlan): boolean =>
  decided.includes('data.flip') && augment !== 'none' && !flip;

function Figure({ name, value, about }: { readonly name: string; readonly value: string; readonly about: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
      <Text component="dd" size="xs" c="dimmed">
        {about}
      </Text>
    </div>
  );
}

function Memory({ plan: { memoryBytes, freeBytes, pieces } }: { readonly plan: TrainPlan }) {
  const share = (100 * memoryBytes) / Math.max(1, freeBytes);
  return (
    <div>
      <Progress
        value={Math.min(100, share)}
        color={share > 100 ? 'red' : undefined}
        aria-label="Share of the free memory"
      />
      <Text size="xs" c="dimmed" mt={6}>
        {pieces > 1
          ? `Each batch is computed in ${pieces} pieces so that it fits: the same result in more time.`
          : share > 100
            ? 'This is more than what is free. A smaller batch needs less.'
            : 'Each batch fits in one piece.'}
      </Text>
    </div>
  );
}

function Problems({ problems, isLeftOut, onLeaveOut }: Omit<PlanProps, 'plan'> & Pick<TrainPlan, 'problems'>) {
  if (problems.length === 0) return null;
  return (
    <div className={classes.problems} role="status">
      <Text fw={560}>{counted(problems.length, 'entry', 'entries')} cannot be used</Text>
      <ul>
        {problems.slice(0, SHOWN).map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
        {problems.length > SHOWN && <li>and {problems.length - SHOWN} more</li>}
      </ul>
      <Switch
        label="Go on without them"
        checked={isLeftOut}
        onChange={(event) => onLeaveOut(event.currentTarget.checked)}
      />
    </div>
  );
}

/** What is no obstacle, but good to know. */
function LeftOut({ leftOut }: Pick<TrainPlan, 'leftOut'>) {
  if (leftOut.length === 0) return null;
  return (
    <div className={classes.problems}>
      <Text fw={560}>Not read</Text>
      <ul>
        {leftOut.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </div>
  );
}
const SHOWN = 5;

function Parameters({ plan: { modules, parameters } }: { readonly plan: TrainPlan }) {
  const largest = Math.max(...modules.map((module) => module.parameters), 1);
  return (
    <details className={classes.details}>
      <summary>What trains, part by part</summary>
      <Table className={classes.parameters}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>part of the model</Table.Th>
            <Table.Th ta="right">parameters</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {modules.map(({ module, parameters: own }) => (
            <Table.Tr key={module}>
              <Table.Td className={classes.module}>{module}</Table.Td>
              <Table.Td
                ta="right"
                className={classes.share}
                style={{ backgroundSize: `${(100 * own) / largest}% 100%` }}
              >
                {count(own)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th>together</Table.Th>
            <Table.Th ta="right">{count(parameters.trainable)}</Table.Th>
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </details>
  );
}
