import { createServer } from 'node:http';

/**
 * Turns everything away, as cheaply as a server can: noise that is sent here costs the machine what noise costs, and
 * the broker nothing.
 *
 * Argument: the port.
 */
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(429, { 'retry-after': '1', 'content-length': '2' }).end('{}');
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'));
