'use strict';

/**
 * B-10: tests call this machine and nobody else. Loaded before the tests of a file, and before each program that they
 * start: a connection to anything but loopback fails, and names of other machines are not looked up. The database that
 * tests were told to use may be elsewhere.
 */
const dns = require('node:dns');
const { syncBuiltinESMExports } = require('node:module');
const net = require('node:net');

const LOOPBACK =
  /^(?:localhost|[\w.-]+\.localhost|127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3}|0\.0\.0\.0|::)$/i;
const DATABASES = ['TEST_DATABASE_URL', 'ONCEKEY_TEST_SERVER_URL', 'DATABASE_URL'];
const GUARDED = Symbol.for('oncekey.offline');

function isPermitted(host) {
  if (host === undefined || host === null || host === '' || LOOPBACK.test(host)) return true;
  return DATABASES.some(
    (name) => URL.canParse(process.env[name] ?? '') && new URL(process.env[name]).hostname === host,
  );
}

function refusal(host, code) {
  return Object.assign(new Error(`tests are offline: ${host} is another machine`), { code });
}

function guardConnections() {
  const { prototype } = net.Socket;
  const connect = Object.getOwnPropertyDescriptor(prototype, 'connect').value;
  prototype.connect = function connectToLoopback(...args) {
    const [first, second] = Array.isArray(args[0]) ? args[0] : args;
    const host = typeof first === 'object' ? first.host : second;
    if (typeof host !== 'string' || isPermitted(host)) return connect.apply(this, args);
    process.nextTick(() => this.destroy(refusal(host, 'ECONNREFUSED')));
    return this;
  };
}

function guardNames() {
  const { lookup } = dns;
  dns.lookup = function lookupLoopback(host, ...rest) {
    if (isPermitted(host) || net.isIP(host) !== 0) return lookup.call(dns, host, ...rest);
    process.nextTick(rest.at(-1), refusal(host, 'ENOTFOUND'));
    return {};
  };
  const promised = dns.promises.lookup;
  dns.promises.lookup = async function lookupLoopback(host, ...rest) {
    if (isPermitted(host) || net.isIP(host) !== 0) return promised.call(dns.promises, host, ...rest);
    throw refusal(host, 'ENOTFOUND');
  };
}

if (!globalThis.process[GUARDED]) {
  globalThis.process[GUARDED] = true;
  guardConnections();
  guardNames();
  syncBuiltinESMExports();
}
