// The same things for `import`: one copy of each class, however the package is loaded.
import miandan from './index.js';

export const { Batch, Component, MiandanError, Orders, Station, profiles, statuses, template, templates, version } = miandan;
