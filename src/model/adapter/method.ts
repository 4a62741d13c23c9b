// What a way of adapting is: a value that hooks into the backbone, and the roles that train.

import type { Declaration, Hooks, Role, Scope, TowerSizes } from '../nn/index.js';

export interface Method {
  readonly name: string;
  /** The one place that says what trains. The same roles are what an adapter file saves. */
  readonly roles: readonly Role[];
  /** Whether cross-attention over a clip weighs its frames by their similarity to the text. */
  readonly frameAware: boolean;
  /**
   * The functions for the backbone's hooks.
   *
   * @param p  the root of the parameters
   * @throws recipe  when the method cannot be fitted to a backbone of these sizes
   */
  readonly hooks: (p: Scope, sizes: TowerSizes) => Hooks;
  /** What is otherwise on a backbone of these sizes than one would expect, in a sentence. */
  readonly note?: (sizes: TowerSizes) => string | null;
}

/** Whether a method trains a parameter. */
export const trains = ({ roles }: Method, { role, frozen }: Declaration): boolean => roles.includes(role) && !frozen;

/** Whether a method's adapter file holds a parameter: all of its roles, frozen ones too. */
export const saves = ({ roles }: Method, { role }: Declaration): boolean => roles.includes(role);
