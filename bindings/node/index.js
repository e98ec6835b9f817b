'use strict';
// Prints electronic waybills from sealed orders. What each thing means stands in index.d.ts.

const { Batch } = require('./lib/batch.js');
const { Component } = require('./lib/component.js');
const { MiandanError, statuses } = require('./lib/error.js');
const { Orders } = require('./lib/orders.js');
const { profiles, template, templates } = require('./lib/shipped.js');
const { Station } = require('./lib/station.js');
const { version } = require('./package.json');

module.exports = { Batch, Component, MiandanError, Orders, Station, profiles, statuses, template, templates, version };
